//! Customers that are no customers, and keys that are nearly alike.

use super::{CUSTOMERS, Case, ORDERS};

const METRICS: &str = "\n    revenue: sum(orders.amount)\n    late: sum(orders.amount where orders.n > 1)\n    most: max(orders.amount)\n";

fn found(customers: &str, orders: &str) -> String {
    let sources = if customers.is_empty() { ORDERS.to_owned() } else { format!("{CUSTOMERS}{ORDERS}") };
    let files = [("customers.csv", customers.as_bytes()), ("orders.csv", orders.as_bytes())];
    let case = Case::new(&sources, METRICS, &files);
    let findings = case.base().findings;
    case.plain(&findings)
}

fn orders(rows: &[(&str, &str, &str)]) -> String {
    let rows: String = rows.iter().map(|(id, amount, n)| format!("{id},2025-12-31,{amount},{n}\n")).collect();
    format!("id,day,amount,n\n{rows}")
}

#[test]
fn a_total_that_was_read_as_a_customer_is_doubted() {
    let four = [("a", "10", "1"), ("b", "20.50", "2"), ("c", "5", "1"), ("d", "-1", "2")];
    let with = |more: &[(&str, &str, &str)]| orders(&[&four[..], more].concat());
    let doubted = "W0718 orders.csv: customer \"Total\" has as much as all others together in `sum(orders.amount)` \
                   [if it is the total of a file, take its row out, or the figures of everybody count twice]\n";
    assert_eq!(found("", &with(&[("Total", "34.50", "0")])), doubted);
    // The order of the rows makes no difference.
    assert_eq!(found("", &orders(&[("Total", "34.50", "0"), four[3], four[1], four[0], four[2]])), doubted);
    for other in [("Total", "34.51", "0"), ("Total", "34.50", "2")] {
        assert_eq!(found("", &with(&[other])), "", "{other:?}");
    }
    // The amount of a few may be the sum of the others by chance.
    assert_eq!(found("", &orders(&[("a", "30", "1"), ("b", "10", "1"), ("c", "20", "1")])), "");
}

#[test]
fn customers_whose_keys_are_nearly_alike_are_named() {
    let people = "id,name,score\na@x.nl,,\nA@x.nl,,\nb@x.nl,,\n";
    let pair = "customers have keys that differ by case or blanks only: \"A@x.nl\" and \"a@x.nl\" ";
    assert!(found(people, &orders(&[("a@x.nl", "1", "1")])).starts_with(&format!("W0719 customers.csv: {pair}")));
    assert!(
        found("", &orders(&[("a@x.nl", "1", "1"), ("A@x.nl", "1", "1")]))
            .starts_with(&format!("W0719 orders.csv: {pair}"))
    );
    assert_eq!(found("id,name,score\na@x.nl,,\nb@x.nl,,\n", &orders(&[])), "");
}

#[test]
fn an_event_whose_key_is_spelt_otherwise_names_the_customer() {
    let errors = |key: &str| Case::usual("id,name,score\na@x.nl,,\nK 1,,\n", &orders(&[(key, "1", "1")])).errors();
    for (key, expected) in [
        ("a@x.nl ", "differs from customer \"a@x.nl\" by blanks only [write `customer: trim(id)` in the source]"),
        ("A@x.nl", "differs from customer \"a@x.nl\" by case only [write `customer: lower(id)` in the source]"),
        (
            " A@X.nl",
            "differs from customer \"a@x.nl\" by case or blanks only [write `customer: lower(trim(id))` in the source]",
        ),
        (
            "k 1",
            "differs from customer \"K 1\" by case only [write `customer: lower(id)` in the source, and the same of the \
             `key` of the customers]",
        ),
        ("K1", "differs from customer \"K 1\" by blanks only [write the key alike in both files]"),
        ("K2", "is not in the customers table [add the customer, or take the row out]"),
    ] {
        assert_eq!(errors(key), format!("E0707 orders.csv:2 id: customer \"{key}\" {expected}\n"), "{key}");
    }
}

#[test]
fn a_key_that_is_missing_cannot_be_declared_so() {
    let errors =
        Case::usual("id,name,score\na,,\n", "id,day,amount,n\n,2025-12-31,1,1\na,,1,1\na,2025-12-31,,1\n").errors();
    assert!(errors.contains("or leave such rows out with `where: id is not missing` in the source]"), "{errors}");
    assert!(errors.contains("or leave such rows out with `where: day is not missing` in the source]"), "{errors}");
    assert!(errors.contains("or declare the column as `money?` if it may be missing]"), "{errors}");
}

#[test]
fn a_computed_key_that_is_spelt_otherwise_names_the_expressions() {
    let orders_by = ORDERS.replace("customer: id", "customer: trim(id)");
    let rows = orders(&[("K1 ", "1", "1")]);
    let files = [("customers.csv", &b"id,name,score\nk1,,\n"[..]), ("orders.csv", rows.as_bytes())];
    let errors = Case::new(&format!("{CUSTOMERS}{orders_by}"), METRICS, &files).errors();
    let expected = "customer \"K1\" differs from customer \"k1\" by case only [let the expressions of both keys give the \
                    same, as with `lower(…)`]\n";
    assert!(errors.ends_with(expected), "{errors}");
}
