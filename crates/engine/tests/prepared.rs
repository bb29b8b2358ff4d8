//! A rater prepares each rule once, however many records it rates and changes it tries.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use accolade_engine::explain::{Usage, explain};
use accolade_engine::kinds::BUILT_IN;
use accolade_engine::model::SlotId;
use accolade_engine::rules::analysis::RuleKind;
use accolade_engine::rules::explain::{Branch, Derivation, Response};
use accolade_engine::rules::set::{
    Calibration, ChangeableField, CompiledRule, Customers, Describe, Explain, PreparedCutOffs, Present, Rate,
    RuleContext, RuleOutput, ToSql,
};
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::{FileSystem, Inputs, Plugins, Rater, SavedCutOffs, Value, compile, run};
use accolade_parser::Diagnostics;
use arrow::array::ArrayRef;

/// How often rules of the counting kind have been prepared, and how many records they have rated.
static PREPARED: AtomicUsize = AtomicUsize::new(0);
static RATED: AtomicUsize = AtomicUsize::new(0);

/// A rule of the kind `abc` that counts its calls.
#[derive(Debug)]
struct Counting(Box<dyn CompiledRule>);

impl Rate for Counting {
    fn outputs(&self) -> Vec<RuleOutput> {
        self.0.outputs()
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        self.0.calibrate(population, out)
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        self.0.rate(batch, cut_offs)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        PREPARED.fetch_add(1, Ordering::SeqCst);
        self.0.prepare(cut_offs, name)
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        RATED.fetch_add(1, Ordering::SeqCst);
        self.0.rate_row(record, context, prepared)
    }

    fn reads(&self) -> Vec<SlotId> {
        self.0.reads()
    }
}

impl Explain for Counting {
    fn branches(&self) -> Vec<Branch> {
        self.0.branches()
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        self.0.explain(record, context, cut_offs)
    }

    fn response(
        &self,
        output: usize,
        slots: &[SlotId],
        cut_offs: &CutOffs,
        changeable: &ChangeableField,
    ) -> Option<Response> {
        self.0.response(output, slots, cut_offs, changeable)
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        self.0.reasons(batch, slots, cut_offs)
    }
}

impl Describe for Counting {}

impl ToSql for Counting {}

impl Present for Counting {}

fn plugins() -> Plugins {
    let abc = BUILT_IN.iter().find(|kind| kind.name == "abc").unwrap();
    let kind = RuleKind {
        name: "counting",
        summary: "as abc",
        keys: abc.keys,
        labels: abc.labels,
        compile: |rule, analyser| {
            let abc = BUILT_IN.iter().find(|kind| kind.name == "abc")?;
            Some(Box::new(Counting((abc.compile)(rule, analyser)?)))
        },
    };
    let mut plugins = accolade_engine::plugins();
    plugins.add_kind(Box::leak(Box::new(kind)));
    plugins
}

const RULES: &str = r#"accolade: 1
name: counted
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: text, spent: money, saved: money}}
profile:
  quantitative: {revenue: spent + saved}
rules:
  class: {kind: counting, by: revenue, classes: {A: top 50%, B: next 30%, C: rest}, none: none}
  treatment: {kind: segments, segments: {key: class = "A" and saved > 100, other: rest}}
"#;

#[test]
fn a_rule_is_prepared_once_per_rater() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.yaml");
    std::fs::write(&rules, RULES).unwrap();
    let customers = "id,spent,saved\na,1000,50\nb,600,10\nc,300,200\nd,50,20\n";
    std::fs::write(folder.path().join("customers.csv"), customers).unwrap();
    let compilation = compile(Path::new(&rules), &FileSystem, &plugins());
    let set = Arc::new(compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics)));
    let inputs = Inputs::new(set.as_of.unwrap(), vec![folder.path().join("customers.csv").into()]);
    let outcome = run(&set, &inputs, None).unwrap();

    let rater = outcome.rater(&set);
    PREPARED.store(0, Ordering::SeqCst);
    RATED.store(0, Ordering::SeqCst);
    for row in 0..outcome.frame.rows {
        explain(&rater, &Usage::default(), &outcome.frame.record(row), &[], &[]).unwrap();
    }
    assert!(RATED.load(Ordering::SeqCst) > 100, "few changes are tried: {}", RATED.load(Ordering::SeqCst));
    assert_eq!(PREPARED.load(Ordering::SeqCst), 1, "explanations of a run");

    PREPARED.store(0, Ordering::SeqCst);
    let rater = Rater::new(&set, &SavedCutOffs::new(&set, &outcome), outcome.as_of).unwrap();
    let fewer = rater.for_rules(&["class".to_owned()]).unwrap();
    for (spent, saved) in [(1_000, 50), (20, 2_000)] {
        let text = format!("{{\"id\": \"x\", \"spent\": {spent}, \"saved\": {saved}}}");
        let object = serde_json::from_str(&text).unwrap();
        for rater in [&rater, &fewer] {
            let record = rater.record_of(&object).unwrap();
            let rated = rater.rate(&record).unwrap();
            assert_eq!(rater.explain_rated(&rated, &[]).unwrap(), rater.explain(&record, &[]).unwrap());
        }
    }
    assert_eq!(PREPARED.load(Ordering::SeqCst), 1, "records from outside");
}
