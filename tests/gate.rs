//! A gate that holds: `--fail-if-moved` against lost rules, revisions in Git, and exit codes.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::{CommandOutput, accolade, installed};

const HEAD: &str = "accolade: 1
as_of: 2025-12-31
sources:
  o: {file: o.csv, customer: c, date: d, columns: {c: text, d: date, a: money}}
profile: {quantitative: {revenue: sum(o.a)}}
";

const ORDERS: &str = "c,d,a\nK,2025-01-01,60\nK,2025-12-15,140\n";

fn shop(old: &str, new: &str) -> TempDir {
    folder(&[("a.yaml", &format!("{HEAD}{old}")), ("b.yaml", &format!("{HEAD}{new}")), ("o.csv", ORDERS)])
}

const SIZE: &str =
    "rules:\n  size: {kind: segments, segments: {large: revenue >= 100, mid: revenue >= 50, small: rest}}\n";

/// The gate between `SIZE` and other rules, at no moves at all.
#[track_caller]
fn check(new: &str, code: i32, words: &[&str]) {
    let shop = shop(SIZE, new);
    accolade(&shop, &["compare", "a.yaml", "b.yaml", "--fail-if-moved", "0%"]).says(code, words);
}

#[test]
fn lost_rules_do_not_pass() {
    check(SIZE, 0, &[]);
    check(&SIZE.replace("size:", "class:").replace("100", "1"), 1, &["the rule `size` is no longer there"]);
    check("", 1, &["lost rules", "the rule `size` is no longer there"]);
    check(
        "rules:\n  size: {kind: rating, scale: 0..10, criteria: {c: {weight: 100%, value: 5}}}\n",
        1,
        &["gives no classes"],
    );
}

#[test]
fn a_rule_that_classes_nobody_does_not_pass() {
    let shop = shop(SIZE, SIZE);
    let empty = folder(&[("o.csv", "c,d,a\n")]);
    let data = empty.path().to_str().unwrap();
    let arguments = ["compare", "a.yaml", "--old-data", ".", "--data", data, "--fail-if-moved", "100%"];
    accolade(&shop, &arguments).says(1, &["the rule `size` classes nobody any more"]);
}

#[test]
fn too_many_moves_are_named() {
    let fewer = SIZE.replace(">= 100", ">= 500");
    check(&fewer, 1, &["`size`: 1 of 1 customers moved, more than 0%"]);
}

#[test]
fn renamed_labels_are_renamed() {
    check(&SIZE.replace("mid:", "middle:"), 0, &["rule `size`: label `mid` renamed `middle`", "size: nobody moved"]);
    check(&SIZE.replace("large:", "grand:"), 0, &["rule `size`: label `large` renamed `grand`", "size: nobody moved"]);
    // With another meaning it is another label.
    let other = SIZE.replace("large: revenue >= 100", "grand: revenue >= 90");
    check(&other, 1, &["`size`: 1 of 1 customers moved"]);
    // A name that another label had is not a new name.
    let swapped = SIZE.replace("large:", "x:").replace("mid:", "large:").replace("x:", "mid:");
    check(&swapped, 1, &["`size`: 1 of 1 customers moved"]);
}

#[test]
fn goals_and_measures_stand_side_by_side() {
    let figures = |target: &str| {
        format!(
            "{SIZE}measures: {{total: sum(revenue), by_size: sum(revenue) by size}}\ngoals: {{big: {{measure: share(size = \"large\"), target: '>= {target}'}}}}\n"
        )
    };
    let shop = shop(&figures("50%"), &figures("90%"));
    let arguments = ["compare", "a.yaml", "b.yaml", "--old-as-of", "2025-12-01"];
    let page = accolade(&shop, &arguments).exits(0).out;
    for part in ["measure", "total", "60", "200", "+140.00", ">= 50% → >= 90%", "not met", "+100.0 points"] {
        assert!(page.contains(part), "no `{part}` in {page}");
    }
    let document = accolade(&shop, &[&arguments[..], &["--format", "json"]].concat()).json();
    let goal = &document["goals"][0];
    assert_eq!((&goal["old"]["met"], &goal["new"]["met"]), (&false.into(), &true.into()), "{goal}");
    assert_eq!(document["measures"][0]["difference"].to_string(), "140.0");
    let one = ["report", "b.yaml", "--compare-to", "a.yaml", "--old-as-of", "2025-12-01", "-o", "r.md"];
    accolade(&shop, &one).exits(0);
    let report = std::fs::read_to_string(shop.path().join("r.md")).unwrap();
    assert!(report.contains("| measure | before | now | difference |"), "{report}");
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let ran =
        Command::new(installed::git().unwrap()).arg("-C").arg(folder).args(identity).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

const SCRIPTED: &str = "include: [../shared/sources.yaml]
rules:
  fit:
    kind: rating
    scale: 0..10
    missing: zero
    criteria: {size: {weight: 100%, script: scripts/size.rhai}}
    grades: {good: '>= 5', poor: rest}
  size: {kind: segments, segments: {large: doubled(revenue) >= 100, small: rest}}
functions:
  doubled: {script: scripts/doubled.rhai, arguments: {revenue: money}, returns: money}
";

/// A repository whose rules stand in a folder of it, committed once.
fn repository() -> TempDir {
    let sources = "accolade: 1\nsources:\n  o: {file: o.csv, customer: c, date: d, columns: {c: text, d: date, a: money}}\nprofile: {quantitative: {revenue: sum(o.a)}}\n";
    let folder = folder(&[
        ("rules/r.yaml", &format!("accolade: 1\nas_of: 2025-12-31\n{SCRIPTED}")),
        ("rules/scripts/size.rhai", "import \"scripts/points\" as points;\npoints::full()\n"),
        ("rules/scripts/points.rhai", "fn full() {\n  9\n}\n"),
        ("rules/scripts/doubled.rhai", "fn doubled(revenue) {\n  revenue * 2\n}\n"),
        ("shared/sources.yaml", sources),
        ("shared/o.csv", ORDERS),
        (".gitignore", "*.csv\n"),
    ]);
    git(folder.path(), &["init", "--quiet", "--initial-branch", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "rules"]);
    folder
}

fn since_main(folder: &TempDir, more: &[&str]) -> CommandOutput {
    let arguments = ["compare", "r.yaml", "--old-rev", "main", "--fail-if-moved", "0%"];
    accolade(folder.path().join("rules"), &[&arguments[..], more].concat())
}

/// The gate against `main` once a file has another text.
#[track_caller]
fn changed((file, from, to): (&str, &str, &str), words: &[&str]) {
    let folder = repository();
    since_main(&folder, &[]).says(0, &["the rule files say the same"]);
    let path = folder.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
    since_main(&folder, &[]).says(1, words);
}

#[test]
#[cfg_attr(not(has_git), ignore = "Git is not installed")]
fn a_revision_has_its_own_scripts_modules_and_includes() {
    changed(("rules/scripts/size.rhai", "points::full()", "0"), &["criterion `size`: script changed", "1 by change 1"]);
    changed(
        ("rules/scripts/points.rhai", "9", "0"),
        &["rule `fit`: criterion `size`: script changed", "1 by change 1"],
    );
    changed(
        ("rules/scripts/doubled.rhai", "revenue * 2", "revenue * 0"),
        &["function `doubled`: script changed", "1 by change 1"],
    );
    changed(("shared/sources.yaml", "sum(o.a)", "sum(o.a where o.a > 900)"), &["metric `revenue`: ", "1 by change 1"]);
    changed(("rules/r.yaml", "'>= 5'", "'>= 9.5'"), &["grade `good` >= 5 → >= 9.5", "1 by change 1"]);
}

#[test]
#[cfg_attr(not(has_git), ignore = "Git is not installed")]
fn a_report_compares_with_a_revision() {
    let folder = repository();
    std::fs::write(folder.path().join("rules/scripts/points.rhai"), "fn full() {\n  0\n}\n").unwrap();
    let rules = folder.path().join("rules");
    accolade(&rules, &["report", "r.yaml", "--old-rev", "main", "-o", "r.md"]).exits(0);
    let page = std::fs::read_to_string(rules.join("r.md")).unwrap();
    assert!(page.contains("criterion `size`: script changed") && page.contains("1 of 1 customers moved"), "{page}");
}

#[test]
#[cfg_attr(not(has_git), ignore = "Git is not installed")]
fn the_repository_stays_as_it_is() {
    let folder = repository();
    std::fs::write(folder.path().join("rules/r.yaml"), "accolade: 2\n").unwrap();
    let index = std::fs::read(folder.path().join(".git/index")).unwrap();
    since_main(&folder, &[]).exits(1);
    assert_eq!(std::fs::read_to_string(folder.path().join("rules/r.yaml")).unwrap(), "accolade: 2\n");
    assert_eq!(std::fs::read(folder.path().join(".git/index")).unwrap(), index);
}

#[test]
#[cfg_attr(not(has_git), ignore = "Git is not installed")]
fn revisions_that_cannot_be_read_are_said() {
    let folder = repository();
    let rules = folder.path().join("rules");
    let compare = |folder: &Path, arguments: &[&str]| accolade(folder, &[&["compare"], arguments].concat());
    compare(&rules, &["r.yaml", "--old-rev", "nowhere"]).says(2, &["error: Git knows no revision `nowhere`"]);
    compare(&rules, &["r.yaml", "--old-rev=--all"]).says(2, &["error: Git knows no revision `--all`"]);
    std::fs::copy(rules.join("r.yaml"), rules.join("new.yaml")).unwrap();
    compare(&rules, &["new.yaml", "--old-rev", "main"]).says(2, &["`new.yaml` is not in the revision `main`"]);
    let outside = shop(SIZE, SIZE);
    compare(outside.path(), &["a.yaml", "--old-rev", "main"]).says(2, &["`a.yaml` is in no Git repository"]);
}

#[test]
fn missed_goals_have_an_exit_code_of_their_own() {
    let goal = format!("{SIZE}goals: {{big: {{measure: sum(revenue), target: '>= 1_000'}}}}\n");
    let shop = shop(&goal, "rules: {x: {kind: abd}}\n");
    accolade(&shop, &["run", "a.yaml", "--enforce"]).says(3, &["1 of 1 goals: `big` is not met"]);
    accolade(&shop, &["run", "a.yaml", "--enforce", "-o", "out.csv"]).exits(3);
    assert!(shop.path().join("out.csv").is_file());
    accolade(&shop, &["run", "b.yaml", "--enforce", "-o", "none.csv"]).exits(1);
    assert!(!shop.path().join("none.csv").exists());
}

#[test]
fn results_in_a_file_leave_goals_and_counts_for_a_program() {
    let goal = format!("{SIZE}goals: {{big: {{measure: sum(revenue), target: '>= 100'}}}}\n");
    let shop = shop(&goal, SIZE);
    let document = accolade(&shop, &["run", "a.yaml", "-o", "out.csv", "--format", "json"]).exits(0).json();
    assert_eq!((&document["customers"], &document["read"][0]["rows"]), (&1.into(), &2.into()), "{document}");
    assert_eq!((&document["goals"][0]["name"], &document["goals"][0]["met"]), (&"big".into(), &true.into()));
    assert_eq!(document["diagnostics"], serde_json::json!([]));
}

#[test]
fn today_is_a_date() {
    let shop = shop(SIZE, SIZE);
    let day = || chrono::Utc::now().date_naive().to_string();
    let before = day();
    let document = accolade(&shop, &["run", "a.yaml", "--as-of", "today", "--format", "json"]).exits(0).json();
    let as_of = document["as_of"].as_str().unwrap().to_owned();
    assert!(as_of == before || as_of == day(), "{as_of}");
    accolade(&shop, &["compare", "a.yaml", "--old-as-of", "2025-12-30", "--as-of", "today"]).says(0, &["nobody moved"]);
}
