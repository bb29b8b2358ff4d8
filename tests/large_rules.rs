//! Rule files with very many entries: what is found stays readable, and each entry is looked at a bounded number of times.

use std::fmt::Write;

use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::{CommandOutput, accolade};

/// A folder with this rule file, about customers with two whole numbers.
fn shop(rest: &str) -> TempDir {
    let head = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: text, v: integer, w: integer}}
";
    let mut rows = "id,v,w\n".to_owned();
    (0..20).for_each(|i| writeln!(rows, "K{i:02},{},{}", i * 150, i % 9).unwrap());
    folder(&[("r.yaml", &format!("{head}{rest}")), ("customers.csv", &rows)])
}

/// The program in such a folder.
fn ran(rest: &str, arguments: &[&str]) -> CommandOutput {
    let shop = shop(rest);
    accolade(&shop, arguments)
}

#[test]
fn periods_in_a_long_chain() {
    let mut rules = "accolade: 1
as_of: 2026-01-01
sources:
  orders: {file: orders.csv, customer: id, date: day, columns: {id: text, day: date, amount: money}}
periods:
  p0: last 1 day
"
    .to_owned();
    (1..5_000).for_each(|i| writeln!(rules, "  p{i}: 1 day before p{}", i - 1).unwrap());
    rules +=
        "profile:\n  quantitative:\n    earliest: sum(orders.amount in p4999)\n    latest: sum(orders.amount in p0)\n";
    let orders = "id,day,amount\nK1,2012-04-24,3\nK1,2012-04-25,5\nK1,2026-01-01,7\n";
    let shop = folder(&[("r.yaml", &rules), ("orders.csv", orders)]);
    accolade(&shop, &["check", "r.yaml"]).says(0, &["ok"]);
    let out = accolade(&shop, &["run", "r.yaml", "-o", "-"]).exits(0).out;
    assert_eq!(out, "id,earliest,latest\nK1,5.00,7.00\n");
}

#[test]
fn a_circle_of_periods_is_reported_once() {
    let mut rules = "profile: {administrative: [v]}\nperiods:\n".to_owned();
    (0..3_000).for_each(|i| writeln!(rules, "  p{i}: 1 day before p{}", (i + 1) % 3_000).unwrap());
    writeln!(rules, "  aside: 1 day before p7").unwrap();
    let said = ran(&rules, &["check", "r.yaml"]).exits(1).err;
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    assert!(said.contains("`p0` → `p1` → "), "{said}");
    assert!(said.contains("→ `p8` → 2991 more → `p0`\n"), "{said}");
}

#[test]
fn a_matrix_of_many_rows() {
    let cuts: Vec<String> = (1..3_000).map(|i| i.to_string()).collect();
    let labels: Vec<String> = (0..3_000).map(|i| format!("r{i}")).collect();
    let matrix = |cells: &dyn Fn(usize) -> String| {
        let cells: String = (0..3_000).map(cells).collect();
        format!(
            "rules:
  m:
    kind: matrix
    rows: {{value: v, cuts: [{}], labels: [{}]}}
    columns: {{value: w, cuts: [5], labels: [low, high]}}
    cells:
{cells}",
            cuts.join(", "),
            labels.join(", ")
        )
    };
    let whole = shop(&matrix(&|i| format!("      r{i}: {{low: a{i}, high: b{i}}}\n")));
    let out = accolade(&whole, &["run", "r.yaml", "-o", "-"]).exits(0).out;
    assert!(out.contains("\nK19,a2850,r2850,low\n"), "{out}");
    // One finding for all rows that are missing, and few of their names.
    let shop = shop(&matrix(&|i| if i < 2 { format!("      r{i}: {{low: a, high: b}}\n") } else { String::new() }));
    let said = accolade(&shop, &["check", "r.yaml"]).exits(1).err;
    assert!(
        said.contains("the cells of rows `r2`, `r3`,") && said.contains(" `r51` and 2948 more are missing"),
        "{said}"
    );
    assert_eq!(said.matches("error[E0510]").count(), 1, "{said}");
}

#[test]
fn few_of_many_overlaps_are_reported() {
    let list = |count: usize, hit: &str, condition: &dyn Fn(usize) -> String| {
        let rows: String = (0..count).map(|i| format!("      s{i}: {}\n", condition(i))).collect();
        format!("rules:\n  s:\n    kind: segments\n    hit: {hit}\n    segments:\n{rows}      other: rest\n")
    };
    let said = ran(&list(400, "unique", &|i| format!("v >= {i}")), &["check", "r.yaml"]).exits(1).err;
    assert_eq!(said.matches("error[E0506]").count(), 20, "{said}");
    assert_eq!(said.matches("more segments overlap; they are shown once these do not").count(), 1, "{said}");
    // Of two fields, so that neither alone shows it.
    let both = list(30, "unique", &|i| format!("v = {i} and w = {}", i % 3));
    ran(&both, &["check", "r.yaml"]).exits(0);
    let one = list(1_000, "unique", &|i| if i == 999 { "v = 7".to_owned() } else { format!("v = {i}") });
    let said = ran(&one, &["check", "r.yaml"]).exits(1).err;
    assert_eq!(said.matches("error[E0506]").count(), 1, "{said}");
    assert!(said.contains("the segments `s7` and `s999` overlap"), "{said}");
}

#[test]
fn a_script_of_many_lines() {
    let lines: String = (1..1_500).map(|i| format!("          let x{i} = x{} + 1;\n", i - 1)).collect();
    let rules = format!(
        "rules:
  fit:
    kind: rating
    scale: 0..10
    missing: error
    criteria:
      only:
        weight: 100%
        script: |
          let x0 = v;
{lines}          (x1499 - v) % 10
"
    );
    let out = ran(&rules, &["run", "r.yaml", "-o", "-"]).exits(0).out;
    assert!(out.starts_with("id,fit,"), "{out}");
    assert_eq!(out.matches(",9.00,").count(), 20, "{out}");
}
