//! Periods and their slices at the ends of months, and slices that have not begun.

use crate::support::accolade;
use crate::support::shop::folder;

/// A rule set over orders alone.
fn rules(periods: &str, rest: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2025-12-31\nsources:\n  orders: {{file: orders.csv, customer: id, date: day, \
         columns: {{id: text, day: date, amount: integer}}}}\nperiods: {{{periods}}}\n{rest}"
    )
}

/// What a run at a date prints of some rules or of the measures.
fn shown(periods: &str, rest: &str, orders: &str, as_of: &str, show: &str) -> String {
    let folder = folder(&[("r.yaml", &rules(periods, rest)), ("orders.csv", &format!("id,day,amount\n{orders}"))]);
    let ran = accolade(&folder, &["run", "r.yaml", "--as-of", as_of, "--show", show]).exits(0);
    let table = ran.out.split_once(show).map_or("", |(_, table)| table);
    table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

#[track_caller]
fn check(periods: &str, measure: &str, orders: &str, as_of: &str, expected: &str) {
    let table = shown(periods, &format!("measures: {{m: {measure}}}\n"), orders, as_of, "measures");
    assert!(table.lines().any(|line| line.starts_with(&format!("m {expected}"))), "{as_of}: {measure}\n{table}");
}

#[test]
fn quarters_at_ends_of_months_are_the_year() {
    let orders = "a,2025-01-15,100\nb,2025-03-31,1000\nc,2025-05-10,10\nd,2025-07-01,1\ne,2025-12-31,5\n";
    for (as_of, expected) in [("2025-03-31", "1,100"), ("2025-06-30", "10"), ("2025-09-30", "1"), ("2025-12-31", "5")] {
        check("quarter: last 3 months", "sum(orders.amount in quarter)", orders, as_of, expected);
    }
}

#[test]
fn a_year_at_the_end_of_february_has_one_end_of_february() {
    let orders = "a,2024-02-29,100\nb,2025-01-29,3\nb,2025-01-31,3\nb,2025-02-01,3\n";
    check("year: last 12 months", "count(orders in year)", orders, "2025-02-28", "3");
    check("month: last 1 month", "count(orders in month)", orders, "2025-02-28", "1");
}

#[test]
fn halves_are_the_year() {
    let periods = "half: last 6 months, half_before: 6 months before half, year: last 12 months";
    let orders = "P,2024-12-31,1000\nQ,2025-03-01,100\nQ,2025-09-01,110\n";
    check(periods, "growth(orders.amount in half_before to half)", orders, "2025-12-31", "10.0%");
    check(periods, "sum(orders.amount in half_before) + sum(orders.amount in half)", orders, "2025-12-31", "210");
    check(periods, "sum(orders.amount in year)", orders, "2025-12-31", "210");
    check(periods, "retention(orders in half_before to half)", orders, "2025-12-31", "100.0%");
}

#[test]
fn cohorts_are_blank_where_no_slice_has_begun() {
    let cohort = "rules: {c: {kind: cohort, of: orders, period: y, per: quarter}}\n";
    let orders = "A,2025-01-01,1\nA,2025-04-01,1\nB,2025-05-01,1\nC,2025-07-01,1\n";
    let tables = shown("y: 2025-01-01 .. 2025-12-31", cohort, orders, "2025-06-15", "c");
    let (_, retention) = tables.split_once("c: retention").unwrap();
    assert_eq!(retention.trim(), "c customers 0 1\n2025-Q1 1 100.0% 100.0%\n2025-Q2 1 100.0%");
}

/// The output of a run with `kind: xyz` over a period.
fn xyz(period: &str, as_of: &str) -> String {
    let rule = "rules: {x: {kind: xyz, value: orders.amount, period: y, classes: {X: <= 50%, Z: rest}}}\n";
    let orders: String = (1..=6).map(|month| format!("A,2025-{month:02}-05,10\n")).collect();
    let files = [("r.yaml", rules(&format!("y: {period}"), rule)), ("orders.csv", format!("id,day,amount\n{orders}"))];
    let folder = folder(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    let explained = accolade(&folder, &["explain", "r.yaml", "A", "--as-of", as_of]).exits(0).out;
    let rated = accolade(&folder, &["run", "r.yaml", "--as-of", as_of, "-o", "-"]).exits(0).out;
    let class = rated.trim().rsplit('\n').next().unwrap_or_default().split(',').nth(1).unwrap_or_default().to_owned();
    assert!(explained.contains(&class), "{explained}");
    rated
}

#[test]
fn months_that_have_not_begun_do_not_make_demand_irregular() {
    let year = "2025-01-01 .. 2025-12-31";
    assert_eq!(xyz(year, "2025-06-15"), "id,x,x.variation\nA,X,0\n");
    // June is a month without orders from its first day.
    assert_eq!(xyz(year, "2025-02-28"), "id,x,x.variation\nA,X,0\n");
    assert_eq!(xyz(year, "2025-01-31"), "id,x,x.variation\nA,none,\n");
    assert!(xyz(year, "2025-12-31").starts_with("id,x,x.variation\nA,Z,1.04"));
}
