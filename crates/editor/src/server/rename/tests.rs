use std::collections::BTreeSet;
use std::path::Path;

use accolade_engine::{Inputs, compile, run, show};

use super::*;
use crate::server::documents::Documents;
use crate::server::project::Project;
use crate::server::testing::{SHOP, plugins, project, shop_path};

fn renamed(target: &ReferenceTarget, new: &str) -> Result<String, String> {
    let (project, mut documents) = project(SHOP);
    let analysis = project.rules(shop_path()).unwrap();
    apply(&plan(analysis, target, new, &documents)?, &mut documents)?;
    Ok(documents.text(shop_path()).unwrap())
}

fn check(target: ReferenceTarget, new: &str, expected: &[&str]) {
    let text = renamed(&target, new).unwrap();
    let changed: Vec<&str> = text
        .lines()
        .zip(SHOP.lines())
        .filter(|(after, before)| after != before)
        .map(|(after, _)| after.trim())
        .collect();
    assert_eq!(changed, expected);
}

fn refused(target: ReferenceTarget, new: &str, why: &str) {
    let said = renamed(&target, new).unwrap_err();
    assert!(said.contains(why), "{said}");
}

fn name(name: &str) -> ReferenceTarget {
    ReferenceTarget::Name(name.to_owned())
}

#[test]
fn every_use_changes() {
    let classes = "classes: {A: top 80% of sales, B: rest}";
    check(
        name("revenue"),
        "sales",
        &["sales: sum(orders.amount in year)", "by: sales", classes, "total: sum(sales) by class"],
    );
    check(name("year"), "recent", &["recent: last 12 months", "revenue: sum(orders.amount in recent)"]);
    check(name("orders"), "bought", &["bought:", "revenue: sum(bought.amount in year)"]);
    check(name("class"), "grade", &["grade:", "keep: grade = \"A\" and score > 3", "total: sum(revenue) by grade"]);
    check(name("total"), "all", &["all: sum(revenue) by class"]);
    let gold = "classes: {gold: top 80% of revenue, B: rest}";
    check(ReferenceTarget::Label("class".into(), "A".into()), "gold", &[gold, "keep: class = \"gold\" and score > 3"]);
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    refused(name("revenue"), "my sales", "is not a valid name");
    refused(name("revenue"), "rest", "word of the language");
    refused(ReferenceTarget::Column("orders".into(), "amount".into()), "sum_paid", "column");
    refused(ReferenceTarget::Label("class".into(), "none".into()), "nothing", "its kind gives");
    refused(ReferenceTarget::Label("class".into(), "A".into()), "a: b", "cannot be a label");
}

/// A rule set's folder, copied to where it can be changed.
fn copied(set: &str) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(set), folder.path());
    folder
}

/// The findings' codes of rules and, as text, everything the run gives.
fn results(root: &Path, documents: &Documents) -> (Vec<String>, Vec<String>) {
    let compilation = compile(root, documents, &plugins());
    let codes = compilation.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
    let Some(set) = compilation.set else { return (codes, Vec::new()) };
    let files = set
        .demand
        .sources
        .iter()
        .map(|s| compilation.files.resolve_relative(s.span, s.file.as_ref().unwrap()).into())
        .collect();
    let inputs = Inputs::new(set.as_of.unwrap(), files);
    let outcome = run(&set, &inputs, None).unwrap();
    let column = |slot: &usize| {
        let column = outcome.frame.column(*slot).unwrap();
        (0..outcome.frame.rows)
            .map(|row| show::value(&accolade_engine::frame::value_at(column, row)))
            .collect::<Vec<_>>()
            .join(",")
    };
    (codes, set.output.iter().map(column).collect())
}

/// Everything in a rule set that can be renamed.
fn targets(project: &Project, root: &Path) -> Vec<ReferenceTarget> {
    let compilation = project.rules(root).unwrap().compilation.as_ref().unwrap();
    let file = compilation.written.as_ref().unwrap();
    let names = names::all(file).filter(|(_, n)| !matches!(n, NamedItem::Column(..) | NamedItem::Function(_)));
    let names = names.map(|(name, _)| ReferenceTarget::Name(name.to_owned()));
    let labels: BTreeSet<ReferenceTarget> = compilation.uses.labels.iter().map(|label| label.target.clone()).collect();
    names.chain(labels).collect()
}

/// Renames what can be renamed, each to a name of its own.
fn rename_all(targets: &[ReferenceTarget], root: &Path, documents: &mut Documents) {
    for (i, target) in targets.iter().enumerate() {
        let mut project = Project::default();
        project.check(&BTreeSet::from([root.to_owned()]), documents, &plugins());
        let analysis = project.rules(root).unwrap();
        // A label's field may have another name by now.
        let labels = analysis.compilation.as_ref().unwrap().uses.labels.iter();
        let target = match target {
            ReferenceTarget::Label(_, label) => labels.map(|l| l.target.clone()).find(|t| name_of(t) == label),
            target => Some(target.clone()),
        };
        let prefix = if matches!(target, Some(ReferenceTarget::Label(..))) { "label" } else { "fresh" };
        if let Some(edits) = target.and_then(|t| plan(analysis, &t, &format!("{prefix}_{i}"), documents).ok()) {
            apply(&edits, documents).unwrap();
        }
    }
}

/// Renames everything in a rule set, one after the other; rules, results and tests stay as they are.
fn check_set(set: &str) {
    let folder = copied(set);
    let root = folder.path().join("rules.yaml");
    let mut project = Project::default();
    let documents = Documents::default();
    project.check(&BTreeSet::from([root.clone()]), &documents, &plugins());
    let before = results(&root, &documents);
    let mut refused = Vec::new();
    let mut all = documents.clone();
    let targets = targets(&project, &root);
    for target in &targets {
        let analysis = project.rules(&root).unwrap();
        let edits = match plan(analysis, target, "fresh_name", &documents) {
            Ok(edits) => edits,
            Err(why) => {
                refused.push(why);
                continue;
            }
        };
        let mut after = documents.clone();
        apply(&edits, &mut after).unwrap();
        let compilation = compile(&root, &after, &plugins());
        let codes: Vec<&str> = compilation.diagnostics.iter().map(|d| d.code.id()).collect();
        let known: Vec<&str> = before.0.iter().map(|line| &line[..5]).collect();
        assert_eq!(codes, known, "{set}: {target:?}: {:#?}", compilation.diagnostics);
    }
    // All at once, each after the one before: what comes out is the same, and the tests pass.
    let (labels, names): (Vec<ReferenceTarget>, Vec<ReferenceTarget>) =
        targets.into_iter().partition(|t| matches!(t, ReferenceTarget::Label(..)));
    rename_all(&names, &root, &mut all);
    let after = results(&root, &all);
    assert!(!after.1.is_empty() && after.1 == before.1, "{set}: {:#?}", after.0);
    rename_all(&labels, &root, &mut all);
    assert_eq!(results(&root, &all).1.len(), before.1.len(), "{set}");
    assert!(refused.len() * 5 < names.len() + labels.len(), "{set}: {refused:#?}");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with("tests.yaml") {
            let report = accolade_testing::run_file(&path, &all, &plugins(), &accolade_testing::TestOptions::default());
            let said = accolade_testing::report::text(&report);
            assert!(report.passed(), "{set}: {}\n{}", path.display(), &said[..said.len().min(6000)]);
        }
    }
}

#[test]
fn renaming_keeps_b2b_accounts() {
    check_set("b2b-accounts");
}

#[test]
fn renaming_keeps_webshop_rfm() {
    check_set("webshop-rfm");
}

#[test]
fn renaming_keeps_consultant_scorecard() {
    check_set("consultant-scorecard");
}

#[test]
fn renaming_keeps_loyalty_programme() {
    check_set("loyalty-programme");
}
