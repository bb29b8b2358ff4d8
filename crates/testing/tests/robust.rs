//! Reading any test file and mutating any rule file ends in findings, never in a panic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use accolade_engine::Loader;
use accolade_testing::mutate::mutate;
use accolade_testing::{TestOptions, run_file};
use proptest::prelude::*;

struct InMemoryFiles(HashMap<PathBuf, Vec<u8>>);

impl Loader for InMemoryFiles {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_below(&self, _: &Path, _: &Path) -> bool {
        true
    }
}

const RULES: &str = "\
accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: c.csv, key: id, columns: {id: text, revenue: money?, mood: integer? 1..5}}
profile: {quantitative: [revenue, mood]}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
  action: {kind: segments, segments: {call: mood < 3 and class = \"A\", wait: rest}}
";

const TESTS: &str = "\
rules: rules.yaml
defaults: {customers: {mood: 3}}
cutoffs: {class: {A: [100]}}
cases:
  one:
    given:
      customers: [{id: K1, revenue: 1_000, mood: 2}]
      profile: [{id: K1, revenue: missing}]
    expect:
      customers: {K1: {class: A, revenue: 7.4 ± 0.05, decided_by: {action: rest}}}
      population: [count(class = \"A\") = 12, share of revenue in A >= 80%]
      diagnostics: [E0704]
";

fn run(rules: &[u8], tests: &[u8]) {
    let texts = [("rules.yaml", rules), ("tests.yaml", tests)];
    let texts = InMemoryFiles(texts.map(|(name, text)| (PathBuf::from(name), text.to_vec())).into_iter().collect());
    let report = run_file(Path::new("tests.yaml"), &texts, &accolade_engine::plugins(), &TestOptions::default());
    accolade_testing::report::text(&report);
    accolade_testing::report::json(std::slice::from_ref(&report));
    accolade_testing::report::junit(std::slice::from_ref(&report));
    accolade_testing::report::coverage(&report.coverage, &report.files);
}

/// A text with a random part replaced.
fn spoiled(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let noise = prop_oneof![
        "[ -~]{0,6}",
        "\\PC{0,4}",
        prop::sample::select(vec![
            "[", "{", "}", ": ", "\n", "~", "missing", "±", "→", "'", "\"", "- ", "|\n", "0", "%"
        ])
        .prop_map(str::to_owned),
    ];
    (0..text.len(), 0usize..12, noise).prop_map(move |(at, length, noise)| {
        let mut bytes = text.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, noise.into_bytes());
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_test_file_is_read(tests in prop_oneof![spoiled(TESTS), prop::collection::vec(any::<u8>(), 0..60)]) {
        run(RULES.as_bytes(), &tests);
    }

    #[test]
    fn any_rule_file_is_tested(rules in spoiled(RULES)) {
        run(&rules, TESTS.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_rule_file_is_changed(rules in spoiled(RULES)) {
        let texts = [("rules.yaml", rules), ("tests.yaml", TESTS.as_bytes().to_vec())];
        let texts = InMemoryFiles(texts.map(|(name, text)| (PathBuf::from(name), text)).into_iter().collect());
        mutate(&[PathBuf::from("tests.yaml")], &texts, &accolade_engine::plugins, &Default::default());
    }
}
