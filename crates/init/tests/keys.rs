//! Keys that are written in several ways, and headers that name a column twice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use crate::support::Proposed;

/// Checks that the proposal has these lines, and its revenue in 0.0001 and its customers.
#[track_caller]
fn check(files: &[(&str, &str)], lines: &[&str], revenue: i128, customers: usize) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let proposed = Proposed::of(&files);
    for line in lines {
        assert!(proposed.text.lines().any(|l| l.trim().starts_with(line)), "no line {line:?} in\n{}", proposed.text);
    }
    let run = proposed.run_over_all_time();
    assert_eq!((run.sum("revenue"), run.outcome.frame.rows), (revenue, customers), "{}", proposed.text);
}

#[test]
fn addresses_in_several_spellings_are_one_customer() {
    let orders = "email,day,amount\nAnn@example.com,2025-01-02,10.00\nann@example.com ,2025-01-03,20.00\n\
                  bob@example.com,2025-01-04,5.00\n";
    let why = "# In lower case, without blanks around it: `email` writes 2 customers in 3 ways.";
    check(&[("orders.csv", orders)], &["customer: lower(trim(email))  # 2 customers in it", why], 350_000, 2);
    let same = orders.replace("Ann", "ann").replace(' ', "");
    check(&[("orders.csv", &same)], &["customer: email "], 350_000, 2);
}

#[test]
fn texts_that_meet_only_in_lower_case() {
    let customers = "customer_id,city\nab-1,Gent\nab-2,Lier\nab-3,Gent\n";
    let orders = "customer_id,day,amount\nAB-1,2025-01-02,10.00\nAB-2,2025-01-03,20.00\nab-1,2025-01-04,5.00\n";
    check(
        &[("customers.csv", customers), ("orders.csv", orders)],
        &[
            "key: lower(trim(customer_id))",
            "customer: lower(trim(customer_id))  # 2 customers in it, all in `customers`",
            "# In lower case, without blanks around it: 100% are in `customer_id` so, 33% as they are written.",
        ],
        350_000,
        3,
    );
    // Two customers stay two.
    let two = customers.replace("ab-3", "AB-1");
    check(
        &[("customers.csv", &two), ("orders.csv", &orders.replace("AB-2", "ab-2"))],
        &["key: customer_id", "customer: customer_id"],
        350_000,
        3,
    );
}

#[test]
fn a_name_that_the_header_has_twice_is_left_out() {
    let orders = "customer,day,amount,note,note\nA,2025-01-02,10.00,x,y\nB,2025-01-03,20.00,z,z\n";
    let note = "# The header names `note` twice: give each its own name to use them.";
    check(&[("orders.csv", orders)], &["amount: money", note], 300_000, 2);
}
