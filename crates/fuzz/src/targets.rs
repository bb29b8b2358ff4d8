//! A function for each kind of input. None may panic, and each checks what must hold of any input.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use accolade_engine::{Inputs, Loader, Outcome, Plugins, Rater, RuleSet, SavedCutOffs, compile, run};
use accolade_parser::{Diagnostics, SourceId, format, syntax};
use accolade_rhai::RhaiHost;
use accolade_testing::{TestOptions, run_file};

/// A kind of input: its name, which is that of the folder of its seeds, and what takes it.
pub type Target = (&'static str, fn(&[u8]));

/// Every kind of input.
pub const TARGETS: &[Target] = &[
    ("rule_file", rule_file),
    ("expression", expression),
    ("test_file", test_file),
    ("cut_offs", cut_offs),
    ("record", record),
    ("csv", csv),
    ("ndjson", ndjson),
    ("json", json),
    ("xlsx", xlsx),
    ("script", script),
];

/// Rules with a little of everything. `EXPRESSION` and `SCRIPT` stand for what some targets replace.
const RULES: &str = include_str!("rules.yaml");

/// The texts that a rule set is made of.
struct InMemoryTexts<'a>(&'a [(&'a str, &'a [u8])]);

impl Loader for InMemoryTexts<'_> {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| Path::new(name) == path);
        found.map(|(_, text)| text.to_vec()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_below(&self, _: &Path, _: &Path) -> bool {
        true
    }
}

fn plugins() -> Plugins {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    plugins
}

static PLUGINS: LazyLock<Plugins> = LazyLock::new(plugins);

/// The rules with an expression and a script.
fn rules(expression: &str, script: &str) -> String {
    RULES.replace("EXPRESSION", expression).replace("SCRIPT", &script.replace('\n', "\n            "))
}

fn compiled(rules: &str) -> Option<Arc<RuleSet>> {
    let texts = [("rules.yaml", rules.as_bytes())];
    compile(Path::new("rules.yaml"), &InMemoryTexts(&texts), &PLUGINS).set.map(Arc::new)
}

/// The rule set of the targets that need a sound one.
static SET: LazyLock<Arc<RuleSet>> =
    LazyLock::new(|| compiled(&rules("revenue", "1")).expect("the rules of the fuzz targets are sound"));

/// 2026-01-01
const AS_OF: i32 = 20_454;

const CUSTOMERS: &str = "id,name,mood,budget,since,vip\nK1,Jansen,3,1000,2020-02-29,true\nK2,,,,,\n";
const ORDERS: &str = "id,day,amount,kind\nK1,2025-03-01,100.50,web\nK1,2024-05-01,20,\nK2,2025-08-01,7,shop\n";

/// What a run of that rule set gave.
static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| run_on("orders.csv", ORDERS.as_bytes()).expect("a sound run"));

static RATER: LazyLock<Rater> = LazyLock::new(|| rater(&SET).expect("the cut-offs fit the rules"));

/// A rater of a rule set, with the cut-offs of the run.
fn rater(set: &Arc<RuleSet>) -> Result<Rater, Diagnostics> {
    Rater::new(set, &SavedCutOffs::new(set, &OUTCOME), AS_OF)
}

/// A rule file: it is checked, and what it is formatted to stays as it is and checks alike.
pub fn rule_file(data: &[u8]) {
    let check = |data: &[u8]| {
        let texts = [("rules.yaml", data)];
        let compilation = compile(Path::new("rules.yaml"), &InMemoryTexts(&texts), &PLUGINS);
        (compilation.set.is_some(), compilation.diagnostics.len())
    };
    let found = check(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let kinds = |kind: &str| PLUGINS.keys(kind);
    let formatted = |text: &str| format::format(SourceId(0), text, syntax::KEYS, &kinds);
    if let Ok(once) = formatted(text) {
        assert_eq!(formatted(&once).as_deref(), Ok(once.as_str()), "formatted twice");
        assert_eq!(check(once.as_bytes()).0, found.0, "formatted rules check otherwise");
    }
}

/// An expression: it is checked, and both evaluators take it where it is sound.
pub fn expression(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let quoted: String = text.chars().map(|c| if c == '\'' { "''".to_owned() } else { c.to_string() }).collect();
    if quoted.contains(['\n', '\r']) {
        return;
    }
    rate(&rules(&format!("'{quoted}'"), "1"), RECORD.as_bytes());
}

/// A test file: it is read and run on sound rules.
pub fn test_file(data: &[u8]) {
    let rules = rules("revenue", "1");
    let texts = [("rules.yaml", rules.as_bytes()), ("tests.yaml", data)];
    let texts = InMemoryTexts(&texts);
    let report = run_file(Path::new("tests.yaml"), &texts, &PLUGINS, &TestOptions::default());
    accolade_testing::report::text(&report);
}

/// Saved cut-offs: those that are read are written and read again as they are, and fit the rules or are refused.
pub fn cut_offs(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(saved) = SavedCutOffs::read("cutoffs.yaml", text) else { return };
    let written = saved.write().expect("cut-offs that were read can be written");
    let again = SavedCutOffs::read("cutoffs.yaml", &written).expect("what was written can be read");
    assert_eq!(again.write().ok(), Some(written));
    if let Ok(rater) = Rater::new(&SET, &saved, AS_OF) {
        rate_json(&rater, RECORD.as_bytes());
    }
}

/// The cut-offs of the run as text, which is one of the seeds: cut-offs that are refused at once reach nothing.
pub fn sound_cut_offs() -> String {
    SavedCutOffs::new(&SET, &OUTCOME).write().expect("the cut-offs of a run can be written")
}

/// A record that is sound.
const RECORD: &str = r#"{"id": "K1", "name": "Jansen", "mood": 3, "budget": 1000, "since": "2020-02-29", "vip": true,
  "orders": [{"day": "2025-03-01", "amount": 100.5, "kind": "web"}, {"day": "2025-08-01", "amount": "7", "kind": null}]}"#;

/// A record as JSON: it is rated and explained, or refused.
pub fn record(data: &[u8]) {
    rate_json(&RATER, data);
}

fn rate_json(rater: &Rater, data: &[u8]) {
    let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(data) else { return };
    let Ok(record) = rater.record_of(&object) else { return };
    let (Ok(rated), Ok(again)) = (rater.rate(&record), rater.rate(&record)) else { return };
    assert_eq!(format!("{:?}", rated.values), format!("{:?}", again.values));
    let _ = rater.explain_rated(&rated, &[]);
}

/// Checks rules and rates a record by them.
fn rate(rules: &str, record: &[u8]) {
    let Some(set) = compiled(rules) else { return };
    if let Ok(rater) = rater(&set) {
        rate_json(&rater, record);
    }
}

/// A script: it is checked and run within its limits.
pub fn script(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        rate(&rules("revenue", text), RECORD.as_bytes());
    }
}

/// Events as CSV.
pub fn csv(data: &[u8]) {
    read("orders.csv", data);
}

/// Events as lines of JSON.
pub fn ndjson(data: &[u8]) {
    read("orders.ndjson", data);
}

/// Events as a list of JSON.
pub fn json(data: &[u8]) {
    read("orders.json", data);
}

/// Events as a workbook.
pub fn xlsx(data: &[u8]) {
    read("orders.xlsx", data);
}

/// Runs the rules on a file of events: it gives results, or findings with codes.
fn read(name: &str, data: &[u8]) {
    if let Err(findings) = run_on(name, data) {
        assert!(findings.has_errors(), "a run that failed has an error");
    }
}

fn run_on(name: &str, data: &[u8]) -> Result<Outcome, Diagnostics> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    std::fs::write(path("customers.csv"), CUSTOMERS).expect("a file in a temporary folder");
    std::fs::write(path(name), data).expect("a file in a temporary folder");
    run(&SET, &Inputs::new(AS_OF, vec![path("customers.csv").into(), path(name).into()]), None)
}
