//! What is in doubt about data files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use accolade_init::{Plan, Question, survey};

/// A question in words: what is asked, and the headers to choose from.
fn words(plan: &Plan, question: &Question) -> String {
    let headers = |table: &usize, columns: &[usize]| {
        columns.iter().map(|i| plan.tables[*table].columns[*i].header.as_str()).collect::<Vec<_>>().join(", ")
    };
    match question {
        Question::Amount { table, columns } => format!("amount: {}", headers(table, columns)),
        Question::File { table } => format!("file: {}", plan.tables[*table].name),
        Question::Customer { table, columns } => format!("customer: {}", headers(table, columns)),
        Question::Date { table, columns } => format!("date: {}", headers(table, columns)),
        Question::AsOf { reason } => format!("as of: {reason}"),
    }
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, content)| {
        std::fs::write(folder.path().join(name), content).unwrap();
        folder.path().join(name)
    });
    let plan = survey(&paths.collect::<Vec<_>>()).unwrap();
    let found: Vec<String> = plan.questions().iter().map(|question| words(&plan, question)).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_sure_is_not_asked() {
    let orders = "customer,day,amount\nA,2025-01-01,1.00\nB,2025-01-02,2.00\nA,2025-01-03,3.00\n";
    check(&[("orders.csv", orders)], &[]);
    let due =
        "customer,day,due date,amount,refunded\nA,2025-01-01,2025-02-01,1.00,0.00\nA,2025-01-02,2025-02-01,2.00,0.00\n";
    check(&[("orders.csv", due)], &[]);
}

#[test]
fn the_amount_is_asked_first() {
    let two = "customer id,client,day,shown on,gross amount,net amount\nA,x,2025-01-01,2025-01-01,1.00,0.90\nA,x,2025-01-02,2025-01-09,2.00,1.70\n";
    check(
        &[("orders.csv", two)],
        &["amount: gross amount, net amount", "customer: customer id, client", "date: day, shown on"],
    );
    let odd = "who,where,amount\nA,x,1.00\nB,x,2.00\nA,y,2.50\n";
    check(&[("sales.csv", odd)], &["customer: who, where", "as of: no file says when its rows happened"]);
}

#[test]
fn files_without_a_role_and_a_doubtful_last_day_are_asked() {
    let orders = "customer,day,amount\nA,2025-01-01,1.00\nB,2025-01-02,2.00\nA,2035-01-03,3.00\n";
    let prices = "sku,list\nX1,4.00\n";
    check(
        &[("orders.csv", orders), ("prices.csv", prices)],
        &["file: prices", "as of: a mistake? The last day in the data, but the one before it is 2025-01-02"],
    );
}
