//! Data that goes wrong in time: a file sent twice, one that is missing or cut off, customers who are gone.

use tempfile::TempDir;

use crate::support::CommandOutput;
use crate::support::cli::accolade;
use crate::support::shop::folder;

const CUSTOMERS: &str = "customer_id,name\na,An\nb,Bo\n";
const ORDERS: &str = "order_id,customer_id,day,amount\n1,a,2026-01-10,10\n2,b,2026-01-20,20\n";

fn rules(keys: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2026-01-31\nsources:\n  customers: {{file: customers.csv, key: customer_id, columns: {{customer_id: text, name: text}}}}\n  orders:\n    file: orders/\n    customer: customer_id\n    date: day\n{keys}    columns: {{order_id: integer, customer_id: text, day: date, amount: money}}\n\
         profile:\n  quantitative: {{revenue: sum(orders.amount), order_count: count(orders)}}\n"
    )
}

fn shop(keys: &str, orders: &[&str]) -> TempDir {
    let folder = folder(&[("rules.yaml", &rules(keys)), ("customers.csv", CUSTOMERS)]);
    std::fs::create_dir(folder.path().join("orders")).unwrap();
    for (number, orders) in orders.iter().enumerate() {
        std::fs::write(folder.path().join(format!("orders/{number}.csv")), orders).unwrap();
    }
    folder
}

fn said_of(keys: &str, orders: &[&str], more: &[&str]) -> CommandOutput {
    let folder = shop(keys, orders);
    accolade(&folder, &[&["run", "rules.yaml", "-o", "-"], more].concat())
}

const RESULT: &str = "customer_id,revenue,order_count\na,10.00,1\nb,20.00,1\n";

#[test]
fn a_file_sent_twice_is_found_by_its_rows() {
    let unique = "    unique: order_id\n";
    let ran = said_of(unique, &[ORDERS], &[]);
    assert_eq!(ran.out, RESULT, "{}", ran.err);
    // In another order, and with a row of its own.
    let again = "order_id,customer_id,day,amount\n2,b,2026-01-20,20\n3,a,2026-01-21,5\n1,a,2026-01-10,10\n";
    let ran = said_of(unique, &[ORDERS, again], &[]);
    assert!(ran.code == Some(2) && ran.out.is_empty(), "{}", ran.out);
    for part in ["error[E0717]: 2 is there already, in row 3 of", "1.csv:2", "1.csv:4", "was a file sent twice?"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    // The first of them counts where bad rows are reported.
    let folder = shop(unique, &[ORDERS, again]);
    let ran = accolade(&folder, &["run", "rules.yaml", "-o", "-", "--bad-rows", "report"]);
    assert_eq!(ran.out, "customer_id,revenue,order_count\na,15.00,2\nb,20.00,1\n", "{}", ran.err);
    // Several columns together, and rows that lack one of them.
    let both = "    unique: [order_id, amount]\n";
    let ran = said_of(both, &[ORDERS, "order_id,customer_id,day,amount\n2,b,2026-01-20,21\n"], &[]);
    assert!(ran.out.contains("b,41.00,2"), "{}", ran.err);
}

#[test]
fn what_is_expected_of_the_data_is_checked_before_anything_is_written() {
    for (expect, said) in [
        ("{rows: '>= 3'}", "error[E0718]: 2 rows of `orders` read, and >= 3 expected"),
        ("{rows: 0..1}", "was a file sent twice?"),
        ("{newest: within 10 days}", "the newest row of `orders` is of 2026-01-20, 11 days before 2026-01-31"),
        ("{newest: within 1 week}", "a row of 2026-01-24 or later is expected; is the last file missing?"),
    ] {
        let ran = said_of(&format!("    expect: {expect}\n"), &[ORDERS], &[]);
        assert!(ran.code == Some(2) && ran.out.is_empty() && ran.err.contains(said), "{expect}: {}", ran.err);
    }
    for expect in ["{rows: 2..3, newest: within 11 days}", "{newest: within 1 month}", "{rows: '= 2'}"] {
        let ran = said_of(&format!("    expect: {expect}\n"), &[ORDERS], &[]);
        assert_eq!(ran.out, RESULT, "{expect}: {}", ran.err);
    }
    for (expect, said) in [
        ("{newest: 10 days}", "is no span of time"),
        ("{rows: '>= 10%'}", "this is no number of rows"),
        ("{oldest: within 1 day}", "unknown key `oldest`"),
    ] {
        let ran = said_of(&format!("    expect: {expect}\n"), &[ORDERS], &[]);
        assert!(ran.err.contains(said), "{expect}: {}", ran.err);
    }
}

#[test]
fn events_of_customers_who_are_gone() {
    let gone = "order_id,customer_id,day,amount\n3,z,2026-01-11,7\n4,y,2026-01-12,8\n5,z,2026-01-13,9\n";
    let ran = said_of("", &[ORDERS, gone], &[]);
    assert!(ran.code == Some(2) && ran.err.contains("E0707"), "{}", ran.err);
    let ran = said_of("    unknown: ignore\n", &[ORDERS, gone], &[]);
    assert!(ran.out == RESULT && ran.err.is_empty(), "{}{}", ran.out, ran.err);
    let ran = said_of("    unknown: report\n", &[ORDERS, gone], &[]);
    assert_eq!(ran.out, RESULT);
    assert!(
        ran.err.contains(
            "warning[W0720]: `orders` has events of 2 customers who are not in the customers table: \"y\", \"z\""
        ),
        "{}",
        ran.err
    );
    let ran = said_of("    unknown: later\n", &[ORDERS], &[]);
    assert!(ran.err.contains("expected `fail`, `ignore` or `report`"), "{}", ran.err);
}

#[test]
fn an_old_month_can_be_run_again() {
    // Later events may be of customers who came later.
    let later = "order_id,customer_id,day,amount\n9,new,2026-02-01,7\n10,a,2026-02-02,8\n";
    let ran = said_of("", &[ORDERS, later], &[]);
    assert_eq!(ran.out, RESULT, "{}", ran.err);
    assert!(ran.err.contains("warning[W0706]: 2 rows of `orders` are dated after 2026-01-31"), "{}", ran.err);
    // What came later is not looked at: a file that was sent twice, and the number of rows.
    let checks = "    unique: order_id\n    expect: {rows: '= 2'}\n";
    let ran = said_of(checks, &[ORDERS, later, later], &[]);
    assert_eq!(ran.out, RESULT, "{}", ran.err);
    let ran = said_of(
        checks,
        &[ORDERS, later, later, "order_id,customer_id,day,amount\n8,a,soon,7\n"],
        &["--bad-rows", "report"],
    );
    assert!(ran.out == RESULT && ran.err.contains("1 row of `orders` rejected"), "{}", ran.err);
    let ran = said_of(checks, &[ORDERS, later, later], &["--as-of", "2026-02-28"]);
    assert!(ran.code == Some(2) && ran.err.contains("E0717"), "{}", ran.err);
    // Also where rows are looked at one by one.
    let wrong = "order_id,customer_id,day,amount\n9,new,2026-02-01,7\n10,a,soon,8\n";
    let ran = said_of("", &[ORDERS, wrong], &["--bad-rows", "report"]);
    assert_eq!(ran.out, RESULT, "{}", ran.err);
}

#[test]
fn the_words_tell_what_is_expected() {
    let folder = shop(
        "    unique: order_id\n    unknown: report\n    expect: {rows: '>= 2', newest: within 2 weeks}\n",
        &[ORDERS],
    );
    let docs = accolade(&folder, &["docs", "rules.yaml"]).out;
    for part in [
        "No two rows have the same `order_id`.",
        "Events of customers who are not in the customers table do not count.",
        "The number of rows is expected to be >= 2.",
        "The newest row is expected to be at most 14 days old.",
    ] {
        assert!(docs.contains(part), "{part}: {docs}");
    }
    // A test case has as many rows as it needs.
    let tests = "rules: rules.yaml\ncases:\n  one order:\n    given:\n      customers: [{customer_id: a, name: A}]\n      orders: [{order_id: 1, day: 2020-01-01, amount: 5}]\n    expect:\n      customers:\n        a: {revenue: 5}\n";
    std::fs::write(folder.path().join("shop.tests.yaml"), tests).unwrap();
    let ran = accolade(&folder, &["test", "shop.tests.yaml"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
}

/// The shop with a table of merged customers.
fn merged(merges: &str, customers: &str, orders: &str, more: &[&str]) -> CommandOutput {
    let text = rules("").replace(
        "  orders:\n",
        "  merges: {file: merges.csv, aliases: {from: old_id, to: new_id}, columns: {old_id: text, new_id: text}}\n  orders:\n",
    );
    let folder = folder(&[
        ("rules.yaml", &text),
        ("customers.csv", customers),
        ("merges.csv", merges),
        ("orders/1.csv", orders),
    ]);
    accolade(&folder, &[&["run", "rules.yaml", "-o", "-"], more].concat())
}

#[test]
fn customers_who_were_merged_are_one() {
    let orders =
        "order_id,customer_id,day,amount\n1,a,2026-01-10,10\n2,b,2026-01-20,20\n3,c,2026-01-21,5\n4,old,2026-01-22,7\n";
    let customers = "customer_id,name\na,An\nb,Bo\nold,An (old)\n";
    let merges = "old_id,new_id\nc,old\nold,a\n";
    let ran = merged(merges, customers, orders, &[]);
    assert_eq!(ran.out, "customer_id,revenue,order_count\na,22.00,3\nb,20.00,1\n", "{}", ran.err);
    // Also where rows are looked at one by one.
    let wrong = format!("{orders}5,b,soon,1\n");
    let ran = merged(merges, customers, &wrong, &["--bad-rows", "report"]);
    assert_eq!(ran.out, "customer_id,revenue,order_count\na,22.00,3\nb,20.00,1\n", "{}", ran.err);
}

#[test]
fn merges_that_lead_nowhere_are_told_with_their_rows() {
    let orders = "order_id,customer_id,day,amount\n1,a,2026-01-10,10\n";
    for (merges, said) in [
        ("x,y\ny,x\n", "error[E0719]: customers are merged in a circle: \"x\" → \"y\" → \"x\""),
        ("x,a\nx,b\n", "error[E0719]: customer \"x\" is merged into \"a\" and into \"b\""),
        ("x,\n", "error[E0705]"),
    ] {
        let ran = merged(&format!("old_id,new_id\n{merges}"), CUSTOMERS, orders, &[]);
        assert!(
            ran.code == Some(2) && ran.err.contains(said) && ran.err.contains("merges.csv:"),
            "{merges}: {}",
            ran.err
        );
    }
    // Nobody is lost to a key that is nowhere.
    let ran = merged("old_id,new_id\na,zzz\n", CUSTOMERS, "order_id,customer_id,day,amount\n1,b,2026-01-10,10\n", &[]);
    assert!(
        ran.code == Some(2) && ran.err.contains("error[E0719]: customer \"a\" is merged into \"zzz\""),
        "{}",
        ran.err
    );
}

#[test]
fn rejected_rows_have_a_file_for_each_month_and_a_limit() {
    let wrong = format!("{ORDERS}3,a,soon,7.50\n4,b,later,1\n");
    let folder = shop("", &[&wrong]);
    let run =
        |more: &[&str]| accolade(&folder, &[&["run", "rules.yaml", "-o", "-", "--bad-rows", "report"], more].concat());
    let ran = run(&[]);
    assert_eq!(ran.out, RESULT, "{}", ran.err);
    let file = folder.path().join("orders.2026-01-31.rejected.csv");
    assert!(
        ran.err.contains("2 rows of `orders` rejected (amount 8.50), written to ./orders.2026-01-31.rejected.csv"),
        "{}",
        ran.err
    );
    assert!(file.is_file());
    // Another month has a file of its own.
    run(&["--as-of", "2026-02-28"]);
    assert!(file.is_file() && folder.path().join("orders.2026-02-28.rejected.csv").is_file());
    for (most, code) in [("50%", 0), ("49%", 2), ("0%", 2)] {
        let ran = run(&["--max-bad", most]);
        assert_eq!(ran.code, Some(code), "{most}: {}", ran.err);
        assert!(
            code == 0 || ran.err.contains("error[E0718]: 2 of 4 rows of `orders` are rejected, which is 50%"),
            "{}",
            ran.err
        );
    }
    // What was wrong is mended.
    std::fs::write(folder.path().join("orders/0.csv"), ORDERS).unwrap();
    assert_eq!(run(&[]).out, RESULT);
    assert!(!file.exists() && folder.path().join("orders.2026-02-28.rejected.csv").is_file());
    assert!(run(&["--max-bad", "2"]).err.contains("write a share from 0% to 100%"));
}

#[test]
fn a_merge_of_which_nobody_knows_whether_it_counts_is_told() {
    let rules = "accolade: 1\nas_of: 2026-01-31\nsources:\n  customers: {file: c.csv, key: id, columns: {id: text, n: integer}}\n\
                 \x20 merges: {file: m.csv, aliases: {from: old, to: new}, where: day <= as_of, columns: {old: text, new: text, day: date?}}\n\
                 profile: {quantitative: {number: customers.n}}\n";
    let merges = "old,new,day\nb,a,2026-01-15\nc,a,\nd,a,2026-02-15\n";
    let folder = folder(&[("r.yaml", rules), ("c.csv", "id,n\na,1\nb,2\nc,3\nd,4\n"), ("m.csv", merges)]);
    let ran = accolade(&folder, &["run", "r.yaml", "-o", "-"]);
    assert_eq!(ran.out, "id,number\na,1\nc,3\nd,4\n", "{}", ran.err);
    let said = "the `where` of `merges` is neither true nor false for 1 row, which it leaves out";
    assert!(ran.err.contains(said), "{}", ran.err);
}

#[test]
fn merges_fit_computed_keys_conditions_and_expectations() {
    let rules = |aliases: &str| {
        format!(
            "accolade: 1\nas_of: 2026-01-31\nsources:\n  customers: {{file: c.csv, key: lower(trim(mail)), columns: {{mail: text}}}}\n\
             \x20 merges: {{file: m.csv, aliases: {{from: old, to: new}}, {aliases}columns: {{old: text, new: text, day: date?}}}}\n\
             \x20 orders: {{file: o.csv, customer: lower(trim(mail)), unknown: ignore, columns: {{mail: text, amount: money}}}}\n\
             profile: {{quantitative: {{revenue: sum(orders.amount)}}}}\n"
        )
    };
    let run = |aliases: &str, as_of: &str| {
        let files = [
            ("r.yaml", rules(aliases)),
            ("c.csv", "mail\nAn@x \nBo@x\n".to_owned()),
            ("m.csv", "old,new,day\nbo@X,An@x,2026-01-15\n".to_owned()),
            ("o.csv", "mail,amount\nAn@x,10\nbo@x,500\n".to_owned()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let folder = folder(&files);
        accolade(&folder, &["run", "r.yaml", "-o", "-", "--as-of", as_of])
    };
    let ran = run("", "2026-01-31");
    assert_eq!(ran.out, "mail,revenue\nan@x,510.00\n", "{}", ran.err);
    // A merge counts from its day on.
    let since = "where: day <= as_of, ";
    assert_eq!(run(since, "2026-01-31").out, "mail,revenue\nan@x,510.00\n");
    assert_eq!(run(since, "2026-01-14").out, "mail,revenue\nan@x,10.00\nbo@x,500.00\n");
    let ran = run("expect: {rows: '>= 2'}, ", "2026-01-31");
    assert!(ran.err.contains("error[E0718]: 1 row of `merges` read, and >= 2 expected"), "{}", ran.err);
    let ran = run("where: late, ", "2026-01-31");
    assert!(ran.err.contains("E0305"), "{}", ran.err);
}
