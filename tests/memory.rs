//! A limit of memory changes no result, and what does not fit is refused before anything is written.

use std::fmt::Write;

use tempfile::TempDir;

use crate::support::{CommandOutput, accolade};

const CUSTOMERS: usize = 60_000;

/// Grouped by key, as there is no table of customers.
const RULES: &str = "accolade: 1
name: limited
as_of: 2026-01-01
sources:
  orders: {file: orders.csv, customer: customer, date: day, columns: {customer: text, day: date, amount: money, kind: text}}
profile:
  quantitative:
    revenue: sum(orders.amount)
    latest: max(orders.day)
    kinds: count_distinct(orders.kind)
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: next 15%, C: rest}}
";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    let mut orders = "customer,day,amount,kind\n".to_owned();
    for i in 0..2 * CUSTOMERS {
        let customer = (i * 7919) % CUSTOMERS;
        writeln!(orders, "customer-{customer:012},2025-0{}-01,{}.50,k{}", i % 9 + 1, i % 997, i % 5).unwrap();
    }
    std::fs::write(folder.path().join("orders.csv"), orders).unwrap();
    folder
}

fn run(folder: &TempDir, out: &str, more: &[&str]) -> CommandOutput {
    let arguments = ["run", "rules.yaml", "--threads", "1", "-o", out];
    accolade(folder, &[&arguments, more].concat())
}

#[test]
fn a_limit_changes_no_result() {
    let folder = folder();
    let written = |out: &str, more: &[&str]| {
        run(&folder, out, more).exits(0);
        std::fs::read(folder.path().join(out)).unwrap()
    };
    let free = written("free.csv", &[]);
    assert!(free.iter().filter(|byte| **byte == b'\n').count() == CUSTOMERS + 1);
    // Too little to group everyone at once.
    assert!(written("little.csv", &["--memory-limit", "132MiB"]) == free);
    assert!(written("much.csv", &["--memory-limit", "4GiB"]) == free);
}

#[test]
fn what_does_not_fit_leaves_the_old_results() {
    let folder = folder();
    let path = folder.path().join("out.csv");
    std::fs::write(&path, "as it was").unwrap();
    for limit in ["115MiB", "122MiB", "20MB"] {
        let said = run(&folder, "out.csv", &["--memory-limit", limit]).exits(2).err;
        assert!(said.contains("error[E0714]"), "{limit}: {said}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "as it was");
    }
    let said = run(&folder, "out.csv", &["--memory-limit", "much"]).exits(2).err;
    assert!(said.contains("invalid value 'much'"), "{said}");
}

/// Grouped by key with many values for each customer, which take far more memory than the rest.
#[test]
fn different_values_are_counted_within_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let rules = RULES.replace("orders.kind)", "orders.kind)\n    days_seen: count_distinct(orders.day)");
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    let mut orders = "customer,day,amount,kind\n".to_owned();
    for i in 0..100_000_u64 {
        let (customer, kind) = ((i * 7919) % 5_000, (i * 31_337) % 300_007);
        writeln!(orders, "c{customer:05},2025-0{}-01,{}.50,product {kind:09}", i % 9 + 1, i % 997).unwrap();
    }
    std::fs::write(folder.path().join("orders.csv"), orders).unwrap();
    let written = |out: &str, more: &[&str]| {
        run(&folder, out, more).exits(0);
        std::fs::read(folder.path().join(out)).unwrap()
    };
    let free = written("free.csv", &[]);
    assert!(written("little.csv", &["--memory-limit", "130MiB"]) == free);
    assert!(run(&folder, "none.csv", &["--memory-limit", "114MiB"]).exits(2).err.contains("error[E0714]"));
}
