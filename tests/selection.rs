//! `where:` of a source and computed keys, in everything that reads a rule file.

use crate::support::CommandOutput;
use crate::support::cli::accolade;
use crate::support::shop::folder;
use tempfile::TempDir;

const RULES: &str = include_str!("fixtures/selection/rules.yaml");

fn shop(rules: &str) -> TempDir {
    folder(&[
        ("rules.yaml", rules),
        ("customers.csv", include_str!("fixtures/selection/customers.csv")),
        ("orders.csv", include_str!("fixtures/selection/orders.csv")),
    ])
}

/// What a command says of the shop with these rules.
fn said_of(rules: &str, arguments: &[&str]) -> CommandOutput {
    let folder = shop(rules);
    accolade(&folder, arguments)
}

#[test]
fn results_show_the_computed_key_of_those_who_are_read() {
    let ran = said_of(RULES, &["run", "rules.yaml", "-o", "-"]);
    assert_eq!(
        ran.out,
        "email,name,revenue,order_count,first_day,customer_class,customer_class.rank,customer_class.share,customer_class.cumulative_share\n\
         an@x.nl,An,150.00,2,2026-01-02,A,1,0.5145797598627787,0.5145797598627787\n\
         bob@x.nl,Bob,61.00,1,2026-03-04,B,3,0.20926243567753003,1\n\
         cas@x.be,Cas,0.00,1,2024-03-03,none,,,\n\
         eva@x.fr,Eva,80.50,1,2026-05-04,B,2,0.27615780445969124,0.79073756432247\n\
         fay@x.nl,Fay,0.00,0,,none,,,\n",
        "{}",
        ran.err
    );
    let summary = said_of(RULES, &["run", "rules.yaml"]);
    assert!(summary.out.contains("read: 5 customers (1 left out), 6 orders (6 left out)"), "{}", summary.out);
    let json = said_of(RULES, &["run", "rules.yaml", "--format", "json"]).json();
    assert_eq!(json["read"][1], serde_json::json!({"source": "orders", "rows": 6, "rejected": 0, "left_out": 6}));
}

#[test]
fn a_name_that_is_computed_from_is_that_of_the_key() {
    // `email` is the key, as computed, wherever a rule reads it.
    let rules = RULES.replace("administrative: [name]", "administrative: [email, name]");
    let ran = said_of(&rules, &["run", "rules.yaml", "-o", "-"]);
    assert!(ran.out.starts_with("email,name,revenue"), "{}{}", ran.out, ran.err);
    // A key of two columns has a name of its own.
    let rules = RULES
        .replace("key: lower(trim(email))", "key: lower(trim(email or else name))")
        .replace("administrative: [name]", "administrative: [email, name]");
    let ran = said_of(&rules, &["run", "rules.yaml", "-o", "-"]);
    assert!(ran.out.starts_with("customer,email,name,revenue"), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("\nan@x.nl,An@x.nl ,An,150.00"), "{}", ran.out);
}

#[test]
fn mistakes_have_a_code_and_a_place() {
    for (from, to, said) in [
        ("where: country in", "where: land in", "error[E0305]: `customers` has no column `land`"),
        ("where: status = \"paid\"", "where: status", "error[E0403]: a condition is needed here, but this is text"),
        ("where: status = \"paid\"", "where: customers.name = \"paid\"", "is not a column of `orders`"),
        (
            "where: status = \"paid\"",
            "where: sum(orders.amount) > 1",
            "error[E0405]: the aggregate `sum` cannot be used here",
        ),
        ("key: lower(trim(email))", "key: length(trim(email))", "error[E0406]"),
        ("customer: lower(trim(email))", "customer: if quantity > 1 then quantity else 0", "error[E0406]"),
        ("key: lower(trim(email))", "key: Klant-nr", "headers: {Klant_nr: \"Klant-nr\"}"),
    ] {
        let ran = said_of(&RULES.replace(from, to), &["check", "rules.yaml"]);
        assert!(ran.code == Some(1) && ran.err.contains(said), "{to}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn the_layout_is_kept_and_the_words_name_both() {
    let folder = shop(RULES);
    let formatted = accolade(&folder, &["fmt", "--check", "rules.yaml"]);
    assert_eq!(formatted.code, Some(0), "{}", formatted.err);
    let docs = accolade(&folder, &["docs", "rules.yaml"]).out;
    assert!(docs.contains("identified by `lower(trim(email))`"), "{docs}");
    assert!(docs.contains("Only rows where"), "{docs}");
}

#[test]
fn cut_offs_follow_from_both() {
    let folder = shop(RULES);
    accolade(&folder, &["calibrate", "rules.yaml", "-o", "cutoffs.yaml"]).exits(0);
    accolade(&folder, &["run", "rules.yaml", "--cutoffs", "cutoffs.yaml"]).exits(0);
    for (from, to) in
        [("\"BE\"", "\"FR\""), ("0.3334", "0.3"), ("customer: lower(trim(email))", "customer: lower(email)")]
    {
        std::fs::write(folder.path().join("rules.yaml"), RULES.replace(from, to)).unwrap();
        let ran = accolade(&folder, &["run", "rules.yaml", "--cutoffs", "cutoffs.yaml", "--bad-rows", "report"]);
        assert!(ran.code == Some(2) && ran.err.contains("E0710"), "{to}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn a_change_is_named_by_compare() {
    let folder = shop(RULES);
    std::fs::write(folder.path().join("new.yaml"), RULES.replace("0.3334", "1")).unwrap();
    let compared = accolade(&folder, &["compare", "rules.yaml", "new.yaml"]);
    assert!(compared.out.contains("source `orders`"), "{}{}", compared.out, compared.err);
    assert!(compared.out.contains("bob@x.nl"), "{}", compared.out);
}

#[test]
fn tests_apply_both_and_mutation_finds_what_they_miss() {
    let tests = "rules: rules.yaml\ncases:\n  paid orders count:\n    given:\n      customers:\n        - {email: a@x, name: A, country: NL}\n        - {email: b@x, name: B, country: DE}\n      orders:\n        - {email: A@X, day: 2026-01-01, status: paid, amount: 5, quantity: 15}\n        - {email: a@x, day: 2026-01-01, status: paid, amount: 6, quantity: 1}\n        - {email: a@x, day: 2026-01-01, status: open, amount: 7, quantity: 1}\n        - {email: b@x, day: 2026-01-01, status: paid, amount: 8, quantity: 1}\n    expect:\n      customers:\n        a@x: {revenue: 6, customer_class: A}\n";
    let folder = shop(RULES);
    std::fs::write(folder.path().join("shop.tests.yaml"), tests).unwrap();
    let ran = accolade(&folder, &["test", "shop.tests.yaml"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let mutated = accolade(&folder, &["test", "--mutate", "shop.tests.yaml"]);
    assert!(mutated.out.contains("orders.where: > → >="), "{}{}", mutated.out, mutated.err);
    assert!(!mutated.out.contains("orders.where: 0.3334"), "{}", mutated.out);
    // Rows that say nothing of what the condition reads are meant to be read.
    let short = "rules: rules.yaml\ncases:\n  rows without a status:\n    given:\n      orders:\n        - {email: A@X, day: 2026-01-01, amount: 5}\n    expect:\n      customers:\n        a@x: {revenue: 5}\n";
    std::fs::write(folder.path().join("shop.tests.yaml"), short).unwrap();
    let ran = accolade(&folder, &["test", "shop.tests.yaml"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
}

#[test]
fn what_cannot_be_read_in_a_row_that_is_left_out_is_no_error() {
    let rules = "accolade: 1\nas_of: 2026-01-31\nsources:\n  orders: {file: o.xlsx, customer: c, where: status = \"paid\", columns: {c: text, status: text, amount: money}}\n\
                 profile: {quantitative: {revenue: sum(orders.amount)}}\n";
    let folder = folder(&[("r.yaml", rules)]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["c", "status", "amount"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
    }
    for (row, (customer, status)) in [("a", "paid"), ("b", "void")].into_iter().enumerate() {
        sheet.write(row as u32 + 1, 0, customer).unwrap().write(row as u32 + 1, 1, status).unwrap();
    }
    sheet.write(1, 2, 5).unwrap();
    sheet.write_formula(2, 2, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
    book.save(folder.path().join("o.xlsx")).unwrap();
    for more in [&[][..], &["--bad-rows", "report"]] {
        let ran = accolade(&folder, &[&["run", "r.yaml", "-o", "-"], more].concat());
        assert_eq!(ran.out, "c,revenue\na,5.00\n", "{}", ran.err);
    }
}

#[test]
fn compare_names_every_key_that_changes_what_is_read() {
    let changes = [
        ("    customer: lower(trim(email))\n", "    customer: lower(trim(email))\n    skip: 1\n"),
        ("    date: day\n", "    date: day\n    missing: [\"-\"]\n"),
        ("    date: day\n", "    date: day\n    unique: [email, day, amount]\n"),
    ];
    for (from, to) in changes {
        let folder = shop(RULES);
        std::fs::write(folder.path().join("new.yaml"), RULES.replace(from, to)).unwrap();
        let compared = accolade(&folder, &["compare", "rules.yaml", "new.yaml", "--bad-rows", "report"]);
        assert!(compared.out.contains("source `orders`"), "{to}: {}{}", compared.out, compared.err);
    }
}
