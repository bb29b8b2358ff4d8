//! Every shipped rule set passes its tests, which reach everything in it and notice every small change.

use std::path::{Path, PathBuf};

use accolade_engine::{FileSystem, Plugins};
use accolade_rhai::RhaiHost;
use accolade_testing::mutate::mutate;
use accolade_testing::{Coverage, TestOptions, TestReport, discover, report, run_file};

fn plugins() -> Plugins {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    plugins
}

fn rule_sets() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.join("rules.yaml").is_file()).collect()
}

#[test]
fn every_rule_set_passes_its_tests_and_they_reach_everything() {
    let sets = rule_sets();
    assert!(sets.len() >= 3);
    for set in sets {
        let tests = discover(&set).unwrap();
        assert!(!tests.is_empty(), "{} has no tests", set.display());
        let run = |path: &PathBuf| run_file(path, &FileSystem, &plugins(), &TestOptions::default());
        let reports: Vec<TestReport> = tests.iter().map(run).collect();
        for one in &reports {
            assert!(one.passed(), "{}", report::text(one));
        }
        let whole = Coverage::merge(reports.iter().map(|r| &r.coverage));
        assert_eq!(whole.share(), 1.0, "{}", report::coverage(&whole, &reports[0].files));
    }
}

#[test]
fn no_changed_threshold_goes_unnoticed() {
    for set in rule_sets() {
        let outcome = mutate(&discover(&set).unwrap(), &FileSystem, &plugins, &Default::default()).unwrap();
        assert!(outcome.0.len() > 20, "{} changes of {}", outcome.0.len(), set.display());
        assert!(outcome.survivors().next().is_none(), "{}", outcome.text());
    }
}
