//! Comparisons with saved cut-offs, rejected rows and a limit on memory.

use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::{CommandOutput, accolade};

const RULES: &str = "accolade: 1
name: r
as_of: 2025-12-31
sources:
  o: {file: o.csv, customer: c, date: d, columns: {c: text, d: date, a: money}}
profile: {quantitative: {revenue: sum(o.a)}}
rules:
  k: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

const ORDERS: &str = "c,d,a\nx,2025-01-01,60\ny,2025-01-01,60\nx,2025-12-31,540\n";

/// The rules, their data, and in `cut.yaml` cut-offs of January: both customers are an A.
fn shop() -> TempDir {
    let folder = folder(&[("r.yaml", RULES), ("o.csv", ORDERS)]);
    accolade(&folder, &["calibrate", "r.yaml", "--as-of", "2025-01-31", "-o", "cut.yaml"]).exits(0);
    folder
}

fn compare(folder: &TempDir, arguments: &[&str]) -> CommandOutput {
    accolade(folder, &[&["compare", "r.yaml"], arguments].concat())
}

#[test]
fn both_sides_use_the_cut_offs() {
    let folder = shop();
    let moved = compare(&folder, &["--old-as-of", "2025-12-30"]).exits(0).out;
    assert!(moved.contains("1 of 2 customers moved"), "{moved}");
    let page = compare(&folder, &["--old-as-of", "2025-12-30", "--cutoffs", "cut.yaml"]).exits(0).out;
    assert!(page.contains("k: nobody moved"), "{page}");
    let head = "r at 2025-12-30, cut-offs of cut.yaml, computed at 2025-01-31 (version ";
    assert!(page.starts_with(head), "{page}");
    let document = compare(&folder, &["--old-as-of", "2025-12-30", "--cutoffs", "cut.yaml", "--format", "json"]).json();
    assert_eq!(document["old"]["cut_offs"], document["new"]["cut_offs"]);
    assert_eq!(document["old"]["cut_offs"]["as_of"], "2025-01-31");
}

#[test]
fn a_report_does_not_contradict_itself() {
    let folder = shop();
    let report = ["report", "r.yaml", "--cutoffs", "cut.yaml", "--old-as-of", "2025-12-30", "-o", "r.md"];
    accolade(&folder, &report).exits(0);
    let page = std::fs::read_to_string(folder.path().join("r.md")).unwrap();
    assert!(page.contains("| A | 2 |") && page.contains("0 of 2 customers moved"), "{page}");
    accolade(&folder, &["report", "r.yaml", "--old-cutoffs", "cut.yaml", "-o", "r.md"]).exits(0);
    let page = std::fs::read_to_string(folder.path().join("r.md")).unwrap();
    assert!(page.contains("| A | 1 |") && page.contains("1 of 2 customers moved"), "{page}");
    assert!(page.contains("Since r at 2025-12-31, cut-offs of cut.yaml, computed at 2025-01-31"), "{page}");
}

#[test]
fn recalibrating_is_the_older_cut_offs_against_computed_ones() {
    let folder = shop();
    let page = compare(&folder, &["--old-cutoffs", "cut.yaml"]).exits(0).out;
    for part in ["the rule files say the same", "1 of 2 customers moved (50.0%)", "1 by the cut-offs"] {
        assert!(page.contains(part), "no `{part}` in {page}");
    }
    accolade(&folder, &["calibrate", "r.yaml", "-o", "new.yaml"]).exits(0);
    let two = compare(&folder, &["--old-cutoffs", "cut.yaml", "--cutoffs", "new.yaml"]).exits(0).out;
    assert!(two.contains("1 by the cut-offs"), "{two}");
    compare(&folder, &["--old-cutoffs", "cut.yaml", "--cutoffs", "cut.yaml"]).says(2, &["both sides are the same"]);
}

#[test]
fn a_changed_rule_takes_its_own_cut_offs_when_it_is_tried() {
    let folder = shop();
    let new = RULES
        .replace("top 80%", "top 20%")
        .replace("rules:\n", "rules:\n  s: {kind: segments, segments: {big: revenue > 90, small: rest}}\n");
    std::fs::write(folder.path().join("n.yaml"), new).unwrap();
    accolade(&folder, &["calibrate", "n.yaml", "-o", "new.yaml"]).exits(0);
    let arguments = ["n.yaml", "--old-cutoffs", "cut.yaml", "--cutoffs", "new.yaml"];
    let page = compare(&folder, &arguments).exits(0).out;
    assert!(page.contains("1 by change 1\n"), "{page}");
    // The cut-offs of the older rule are not those of the newer one.
    compare(&folder, &["n.yaml", "--cutoffs", "cut.yaml"]).says(2, &["E0710", "`k.classes.A` was `top 80%`"]);
}

#[test]
fn rejected_rows_of_both_sides_are_written() {
    let folder = shop();
    std::fs::write(folder.path().join("o.csv"), format!("{ORDERS}x,soon,1\n")).unwrap();
    std::fs::create_dir(folder.path().join("then")).unwrap();
    std::fs::write(folder.path().join("then/o.csv"), "c,d,a\nx,2025-01-01,60\ny,never,1\nz,2025-01-01,5\n").unwrap();
    let arguments = ["--old-data", "then", "--old-as-of", "2025-12-30"];
    compare(&folder, &arguments).says(2, &["E0703"]);
    let reported = [&arguments[..], &["--bad-rows", "report", "--threads", "2", "--memory-limit", "1GiB"]].concat();
    compare(&folder, &reported).says(
        0,
        &[
            "1 row of `o` rejected (a 1.00), written to ./o.r.2025-12-31.rejected.csv",
            "written to old/o.r.2025-12-30.rej",
        ],
    );
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("o.r.2025-12-31.rejected.csv").contains("soon"), "{}", read("o.r.2025-12-31.rejected.csv"));
    assert!(read("old/o.r.2025-12-30.rejected.csv").contains("never"), "{}", read("old/o.r.2025-12-30.rejected.csv"));
    compare(&folder, &[&reported[..], &["-o", "o.r.2025-12-31.rejected.csv"]].concat()).says(2, &["is not replaced"]);
}

#[test]
fn a_limit_on_memory_is_kept() {
    let folder = shop();
    let rows: String = (0..20_000).map(|n| format!("c{n},2025-01-01,{n}\n")).collect();
    std::fs::write(folder.path().join("o.csv"), format!("c,d,a\n{rows}")).unwrap();
    let arguments = ["--old-as-of", "2025-12-30", "--memory-limit", "1MiB"];
    compare(&folder, &arguments).says(2, &["E0714"]);
}

#[test]
fn the_cut_offs_of_a_comparison_are_not_replaced() {
    let folder = shop();
    compare(&folder, &["--old-cutoffs", "cut.yaml", "-o", "cut.yaml"]).says(2, &["it is the file of cut-offs"]);
}
