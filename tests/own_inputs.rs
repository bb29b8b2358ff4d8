//! Outputs that are inputs of the same command are refused, and stay as they are.

use std::path::Path;

use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::{CommandOutput, accolade};

const RULES: &str = "accolade: 1
as_of: 2026-01-01
include: [more.yaml]
sources:
  customers: {file: customers.csv, key: c, columns: {c: text}}
  orders: {file: orders*.csv, customer: c, date: d, columns: {c: text, d: date, a: money}}
profile: {quantitative: {revenue: sum(orders.a)}}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

fn shop() -> TempDir {
    let shop = folder(&[
        ("r.yaml", RULES),
        ("more.yaml", "accolade: 1\nperiods: {year: last 12 months}\n"),
        ("customers.csv", "c\nx\ny\n"),
        ("orders-1.csv", "c,d,a\nx,2025-01-01,10\n"),
        ("orders-2.csv", "c,d,a\ny,2025-01-01,20\n"),
        (
            "tests.yaml",
            "rules: r.yaml\ncases:\n  a:\n    given: {profile: [{c: x, revenue: 5}]}\n    expect: {customers: {x: {class: A}}}\n",
        ),
    ]);
    accolade(&shop, &["calibrate", "r.yaml", "-o", "cut.yaml"]).exits(0);
    shop
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect();
    files.sort();
    files
}

#[track_caller]
fn refused(folder: &TempDir, command: &[&str], role: &str) -> CommandOutput {
    let before = files(folder.path());
    let ran = accolade(folder, command).says(2, &["is not replaced: it is", role]);
    assert_eq!(files(folder.path()), before, "{command:?}");
    ran
}

#[test]
fn no_command_replaces_what_it_reads() {
    let shop = shop();
    for (command, role) in [
        (&["run", "r.yaml", "-o", "orders-2.csv"][..], "the data of the source `orders`"),
        (&["run", "r.yaml", "-o", "./customers.csv"], "the data of the source `customers`"),
        (&["run", "r.yaml", "--source", "orders=tests.csv", "-o", "tests.csv"], "the data of the source `orders`"),
        (&["calibrate", "r.yaml", "-o", "more.yaml"], "a rule file"),
        (&["calibrate", "r.yaml", "-o", "r.yaml"], "a rule file"),
        (&["report", "r.yaml", "--cutoffs", "cut.md", "-o", "cut.md"], "the file of cut-offs"),
        (&["report", "r.yaml", "--compare-to", "old.md", "-o", "old.md"], "a rule file"),
        (&["profile", "r.yaml", "x", "--format", "text", "-o", "orders-1.csv"], "the data of the source `orders`"),
        (&["docs", "r.yaml", "--cutoffs", "cut.md", "-o", "cut.md"], "the file of cut-offs"),
        (&["sql", "r.yaml", "--dialect", "duckdb", "--cutoffs", "cut.yaml", "-o", "cut.yaml"], "the file of cut-offs"),
        (&["compare", "r.yaml", "--old-as-of", "2025-06-01", "-o", "orders-1.csv"], "the data of the source `orders`"),
        (&["test", "r.yaml", "--suggest", "-o", "customers.csv"], "the data of the source `customers`"),
        (&["test", "tests.yaml", "--suggest", "-o", "tests.yaml"], "the test file"),
        (&["init", "orders-1.csv", "--force", "-o", "orders-1.csv"], "a data file"),
        (&["init", "orders*.csv", "--force", "-o", "orders-2.csv"], "a data file"),
    ] {
        for (from, to) in [("cut.yaml", "cut.md"), ("r.yaml", "old.md"), ("orders-1.csv", "tests.csv")] {
            std::fs::copy(shop.path().join(from), shop.path().join(to)).unwrap();
        }
        refused(&shop, command, role);
    }
}

#[test]
fn scripts_and_rejected_rows_count_too() {
    let rules = RULES
        .replace("include: [more.yaml]\n", "functions: {f: {script: f.rhai, arguments: {a: money}, returns: money}}\n");
    let shop = folder(&[
        ("r.yaml", &rules.replace("sum(orders.a)", "f(sum(orders.a))")),
        ("f.rhai", "fn f(a) { a }"),
        ("customers.csv", "c\nx\n"),
        ("orders.2026-01-01.rejected.csv", "c,d,a\nx,2025-01-01,10\nx,2025-01-01,?\n"),
    ]);
    let data = ["run", "r.yaml", "--source", "orders=orders.2026-01-01.rejected.csv"];
    refused(&shop, &[&data[..], &["--bad-rows", "report"]].concat(), "the data of the source `orders`");
    refused(
        &shop,
        &["run", "r.yaml", "--bad-rows", "report", "-o", "customers.2026-01-01.rejected.csv"],
        "rejected rows of `customers`",
    );
    refused(&shop, &["calibrate", "r.yaml", "-o", "f.rhai"], "a script of the rule file");
}

#[cfg(unix)]
#[test]
fn links_lead_to_what_is_read() {
    let shop = shop();
    std::os::unix::fs::symlink("orders-1.csv", shop.path().join("link.csv")).unwrap();
    std::fs::hard_link(shop.path().join("orders-2.csv"), shop.path().join("hard.csv")).unwrap();
    for output in ["link.csv", "hard.csv"] {
        refused(&shop, &["run", "r.yaml", "-o", output], "the data of the source `orders`");
    }
}

#[test]
fn tables_that_are_read_are_kept() {
    let sources =
        "  orders: {file: shop.db, table: recent, customer: c, date: d, columns: {c: text, d: date, a: money}}\n";
    let kept = RULES.lines().filter(|line| !line.contains(".csv") && !line.starts_with("include"));
    let rules = kept.map(|line| format!("{line}\n")).collect::<String>();
    let rules = rules.replace("sources:\n", &format!("sources:\n{sources}"));
    let shop = folder(&[("r.yaml", &rules)]);
    let database = rusqlite::Connection::open(shop.path().join("shop.db")).unwrap();
    let tables = "CREATE TABLE orders(c, d, a); INSERT INTO orders VALUES ('x', '2025-01-01', 10);
                  CREATE VIEW recent AS SELECT * FROM orders WHERE d > '2024'";
    database.execute_batch(tables).unwrap();
    for output in ["shop.db#orders", "shop.db#Orders", "./shop.db#orders"] {
        refused(&shop, &["run", "r.yaml", "-o", output], "the data of the source `orders`");
    }
    refused(&shop, &["calibrate", "r.yaml", "-o", "shop.db"], "the data of the source `orders`");
    accolade(&shop, &["run", "r.yaml", "-o", "shop.db#rated"]).exits(0);
}
