//! Saved cut-offs belong to what was calibrated, and every command says which were used.

use std::path::Path;

use accolade_engine::{FileSystem, Inputs, SavedCutOffs, compile};
use tempfile::TempDir;

use crate::support::service::{Service, rule_set, wait_until, without_token};
use crate::support::{CommandOutput, accolade};

/// The data of the case.
const ORDERS: &str = "c,d,amount,margin\nx,2025-03-01,1000,10\ny,2025-03-01,500,400\nz,2025-03-01,100,90\n";

/// Rules that cut-offs are computed for.
const RULES: &str = r#"accolade: 1
name: shop
as_of: 2026-01-01
sources:
  orders: {file: o.csv, customer: c, date: d, columns: {c: text, d: date, amount: money, margin: money}}
periods:
  year: last 12 months
  year_before: 12 months before year
profile:
  quantitative:
    revenue: sum(orders.amount in year where orders.margin > 5)
    margin: sum(orders.margin)
    size: sized(revenue)
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: next 15%, C: rest}}
  by_size: {kind: abc, by: size, classes: {A: top 80%, C: rest}}
  spread: {kind: rfm, recency: "days(max(orders.d), as_of)", frequency: count(orders), monetary: margin, bins: 2 by value}
functions:
  sized: {script: sized.rhai, arguments: {revenue: money}, returns: number}
"#;

const SCRIPT: &str = "fn sized(revenue) {\n  import \"half\" as half;\n  half::of(revenue.to_float())\n}\n";
const MODULE: &str = "fn of(x) {\n  x / 2.0\n}\n";

/// A folder with the rules and their cut-offs in `k.yaml`.
fn calibrated() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("r.yaml", RULES), ("o.csv", ORDERS), ("sized.rhai", SCRIPT), ("half.rhai", MODULE)] {
        write(folder.path(), name, text);
    }
    accolade(&folder, &["calibrate", "r.yaml", "-o", "k.yaml"]).exits(0);
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// Replaces a text in a file.
#[track_caller]
fn edit(folder: &Path, name: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(text.contains(from), "no `{from}` in {text}");
    write(folder, name, &text.replacen(from, to, 1));
}

fn run(folder: &TempDir) -> CommandOutput {
    accolade(folder, &["run", "r.yaml", "--cutoffs", "k.yaml", "-o", "-"])
}

/// Cut-offs are refused after a change of a file, with these words.
#[track_caller]
fn refused((file, from, to): (&str, &str, &str), words: &[&str]) {
    let folder = calibrated();
    run(&folder).exits(0);
    edit(folder.path(), file, from, to);
    run(&folder).says(2, &[&["error[E0710]: the cut-offs of the rule `"], words].concat());
}

/// Cut-offs are used after a change of a file.
#[track_caller]
fn used((file, from, to): (&str, &str, &str)) {
    let folder = calibrated();
    edit(folder.path(), file, from, to);
    run(&folder).exits(0);
}

#[test]
fn parameters_belong_to_cut_offs() {
    refused(
        ("r.yaml", "by: revenue", "by: margin"),
        &["`class` were computed from something else", "`class.by` was `revenue`, it is `margin`", "calibrate again"],
    );
    refused(("r.yaml", "A: top 80%, B", "A: top 20%, B"), &["`class.classes.A` was `top 80%`, it is `top 20%`"]);
    refused(("r.yaml", "bins: 2 by value", "bins: 2 by rank"), &["`spread.bins` was `2 by value`"]);
    refused(("r.yaml", "frequency: count(orders)", "frequency: sum(orders.amount)"), &["`spread.frequency`"]);
    refused(("r.yaml", "kind: abc, by: size", "boundary: exclude, kind: abc, by: size"), &["`by_size.boundary`"]);
}

#[test]
fn what_parameters_read_belongs_to_cut_offs() {
    refused(("r.yaml", "orders.margin > 5", "orders.margin > 6"), &["`revenue` was `sum(orders.amount in year where"]);
    refused(("r.yaml", "amount in year where", "amount in year_before where"), &["`revenue` was", "`year_before` was"]);
    refused(("r.yaml", "last 12 months", "last 24 months"), &["`year` was `last 12 months`, it is `last 24 months`"]);
    refused(("r.yaml", "amount: money", "amount: money?"), &["`orders.amount` was `money`, it is `money?`"]);
    refused(("r.yaml", "days(max(orders.d), as_of)", "days(min(orders.d), as_of)"), &["`spread.recency`"]);
}

#[test]
fn scripts_and_their_modules_belong_to_cut_offs() {
    refused(("sized.rhai", "to_float())", "to_float() + 1.0)"), &["`sized` was `(revenue: money) -> number, script "]);
    refused(("half.rhai", "/ 2.0", "/ 3.0"), &["`by_size` were computed", "`sized` was"]);
    used(("sized.rhai", "  half::of", "  // Half of it.\n  half::of"));
    used(("half.rhai", "  x / 2.0", "x   /   2.0"));
}

#[test]
fn paths_dates_titles_and_layout_do_not() {
    used(("r.yaml", "as_of: 2026-01-01\n", "as_of: 2025-12-31\ndescription: Yearly.\ncurrency: EUR\n"));
    used(("r.yaml", "by: revenue,", "by:   revenue, # headline\n   "));
    used(("r.yaml", "sum(orders.margin)", "sum( orders . margin )"));
    used(("r.yaml", "kind: abc, by: revenue", "description: Who matters., by: revenue, kind: abc"));
    used(("r.yaml", "    margin: sum", "    unused: count(orders)\n    margin: sum"));
    used(("r.yaml", "orders.margin > 5", "orders.margin > 5.00"));
    used(("r.yaml", "functions:", "goals: {g: {measure: sum(revenue), target: '>= 1'}}\nfunctions:"));
    let folder = calibrated();
    std::fs::rename(folder.path().join("o.csv"), folder.path().join("orders.csv")).unwrap();
    std::fs::rename(folder.path().join("sized.rhai"), folder.path().join("size.rhai")).unwrap();
    edit(folder.path(), "r.yaml", "o.csv", "orders.csv");
    edit(folder.path(), "r.yaml", "sized.rhai", "size.rhai");
    run(&folder).exits(0);
}

#[test]
fn every_command_refuses_them() {
    let folder = calibrated();
    edit(folder.path(), "r.yaml", "by: revenue", "by: margin");
    write(
        folder.path(),
        "t.tests.yaml",
        "rules: r.yaml\ncutoffs: k.yaml\ncases:\n  one:\n    given: {orders: [{c: x}]}\n    expect: {customers: {x: {class: A}}}\n",
    );
    let commands: [&[&str]; 8] = [
        &["run", "r.yaml"],
        &["sql", "r.yaml", "--dialect", "duckdb"],
        &["docs", "r.yaml"],
        &["explain", "r.yaml", "x"],
        &["profile", "r.yaml", "x"],
        &["report", "r.yaml", "-o", "r.md"],
        &["serve", "r.yaml", "--listen", "127.0.0.1:0"],
        &["explain", "r.yaml", "x", "--format", "json"],
    ];
    for command in commands {
        let ran = without_token(folder.path(), command).args(["--cutoffs", "k.yaml"]).run();
        ran.says(2, &["E0710", "`class.by` was `revenue`, it is `margin`"]);
    }
    accolade(&folder, &["test", "t.tests.yaml"]).says(1, &["E0710", "`class.by` was `revenue`"]);
}

#[test]
fn a_reload_keeps_the_old_rules() {
    let folder = calibrated();
    for (from, to) in [("r.yaml", "rules.yaml"), ("k.yaml", "cutoffs.yaml")] {
        std::fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
    }
    let service = Service::start(folder, &[], &[]);
    let ready = service.get("/ready").json();
    assert_eq!(ready["cut_offs_as_of"], "2026-01-01");
    let explained = service.get("/explain?c=x&orders=%5B%5D").json();
    assert_eq!(explained["cut_offs"]["version"], ready["cut_offs_version"], "{explained}");
    edit(service.folder.path(), "rules.yaml", "by: revenue", "by: margin");
    let refused = wait_until("the rules are not looked at", || {
        let ready = service.get("/ready").json();
        (ready["last_reload"]["status"] == "refused").then_some(ready)
    });
    assert!(refused["last_reload"]["findings"][0].as_str().unwrap().starts_with("E0710: "), "{refused}");
    assert_eq!(refused["rules_version"], ready["rules_version"]);
}

#[test]
fn old_files_are_refused() {
    let folder = calibrated();
    edit(folder.path(), "k.yaml", "accolade_cut_offs: 2", "accolade_cut_offs: 1");
    run(&folder)
        .says(2, &["error[E0710]: cut-offs of version 1 do not hold what they were computed from", "calibrate"]);
    let folder = calibrated();
    let text = std::fs::read_to_string(folder.path().join("k.yaml")).unwrap();
    write(folder.path(), "k.yaml", text.split("computed_from:").next().unwrap());
    run(&folder).says(2, &["the cut-offs of the rule `class` do not hold what they were computed from"]);
    edit(folder.path(), "k.yaml", "as_of: 2026-01-01", "as_of: soon");
    run(&folder).says(2, &["`as_of: soon` is not a date"]);
}

#[test]
fn outputs_say_which_cut_offs_were_used() {
    let folder = calibrated();
    let summary = accolade(&folder, &["run", "r.yaml", "--cutoffs", "k.yaml", "--format", "json"]).exits(0).json();
    let origin = &summary["cut_offs"];
    assert_eq!((&origin["file"], &origin["as_of"]), (&"k.yaml".into(), &"2026-01-01".into()));
    let words = format!("cut-offs of k.yaml, computed at 2026-01-01 (version {})", origin["version"].as_str().unwrap());
    accolade(&folder, &["run", "r.yaml", "--cutoffs", "k.yaml"]).says(0, &[&words]);
    accolade(&folder, &["explain", "r.yaml", "x", "--cutoffs", "k.yaml"]).says(0, &[&words]);
    accolade(&folder, &["docs", "r.yaml", "--cutoffs", "k.yaml"]).says(0, &["They are read from k.yaml (version "]);
    for report in ["r.md", "r.html"] {
        accolade(&folder, &["report", "r.yaml", "--cutoffs", "k.yaml", "--as-of", "2026-02-01", "-o", report]).exits(0);
        let page = std::fs::read_to_string(folder.path().join(report)).unwrap().replace("\\", "");
        assert!(page.contains(&words), "{page}");
    }
    let computed = accolade(&folder, &["run", "r.yaml", "--format", "json"]).json();
    assert!(computed["cut_offs"].is_null(), "{computed}");
}

#[test]
fn cut_offs_younger_than_the_run_are_a_warning() {
    let folder = calibrated();
    let warning = "warning[W0717]: the cut-offs were computed at 2026-01-01, after the date of the run, 2025-12-31";
    for command in [
        &["run", "r.yaml", "-o", "-"][..],
        &["sql", "r.yaml", "--dialect", "spark", "--skip-unsupported"],
        &["explain", "r.yaml", "x"],
    ] {
        let arguments = [command, &["--cutoffs", "k.yaml", "--as-of", "2025-12-31"]].concat();
        accolade(&folder, &arguments).says(0, &[warning]);
    }
    let ran = run(&folder).exits(0);
    assert!(!ran.err.contains("W0717"), "{}", ran.err);
}

#[test]
fn an_explanation_by_cut_offs_leaves_out_what_needs_everyone() {
    let folder = calibrated();
    let computed = accolade(&folder, &["explain", "r.yaml", "x", "--rule", "class"]).exits(0).out;
    assert!(computed.contains("class: A (rank 1, share ") && !computed.contains("left out"), "{computed}");
    let saved = ["explain", "r.yaml", "x", "--rule", "class", "--cutoffs", "k.yaml"];
    let said = accolade(&folder, &saved).exits(0).out;
    assert!(!said.contains("rank 1"), "{said}");
    assert!(said.contains("left out, since saved cut-offs do not give it: rank, share"), "{said}");
    let document = accolade(&folder, &[&saved[..], &["--format", "json"]].concat()).json();
    let rule = &document["customers"][0]["rules"][0];
    assert!(rule["results"].get("class.rank").is_none(), "{rule}");
    assert_eq!(rule["left_out"][0], "class.rank");
    let page = accolade(&folder, &["profile", "r.yaml", "x", "--cutoffs", "k.yaml"]).exits(0).out;
    assert!(!page.contains("rank 1") && page.contains("do not give it: rank, share"), "{page}");
}

/// Changes every number of a shipped rule set, one at a time: where that changes the cut-offs of a rule, the saved ones
/// must be refused. Returns how often a number changed them.
#[track_caller]
fn refused_where_a_number_matters(name: &str) -> usize {
    let folder = rule_set(name);
    let path = folder.path().join("rules.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let saved = std::fs::read_to_string(folder.path().join("cutoffs.yaml")).unwrap();
    let saved = SavedCutOffs::read("cutoffs.yaml", &saved).unwrap();
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(accolade_rhai::RhaiHost::default()));
    let mut differed = 0;
    for changed in with_other_numbers(&text) {
        std::fs::write(&path, &changed).unwrap();
        let Some(set) = compile(&path, &FileSystem, &plugins).set else { continue };
        let files = set.demand.sources.iter().map(|source| folder.path().join(source.file.as_deref().unwrap()).into());
        let inputs = Inputs::new(set.as_of.unwrap(), files.collect());
        let Ok(outcome) = accolade_engine::run(&set, &inputs, None) else { continue };
        for (rule, cut_offs) in &outcome.cut_offs {
            let mut one = saved.clone();
            one.rules.retain(|name, _| name == rule);
            if one.rules.get(rule).is_some_and(|saved| saved != cut_offs) {
                differed += 1;
                assert!(one.check_rule_set(&set).is_err(), "{name}: `{rule}` is not refused:\n{changed}");
            }
        }
    }
    differed
}

/// The text with one of its numbers greater by one, for each of them; comments and the date stay.
fn with_other_numbers(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with('#') || line.starts_with("as_of") || line.starts_with("accolade") {
            continue;
        }
        let digits = line.char_indices().filter(|(i, c)| {
            c.is_ascii_digit() && !line[i + 1..].starts_with(|next: char| next.is_ascii_alphanumeric())
        });
        for (i, digit) in digits {
            let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            let other = if digit == '9' { '8' } else { char::from(digit as u8 + 1) };
            changed[at].replace_range(i..=i, &other.to_string());
            all.push(changed.join("\n"));
        }
    }
    all
}

#[test]
fn no_number_changes_cut_offs_unnoticed() {
    let sets = ["b2b-accounts", "webshop-rfm", "loyalty-programme"];
    let differed: usize = sets.into_iter().map(refused_where_a_number_matters).sum();
    assert!(differed > 20, "only {differed}");
}
