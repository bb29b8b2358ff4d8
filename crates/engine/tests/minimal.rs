//! A kind that implements rating only: it has results, and defaults for everything else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use accolade_engine::explain::{Reach, Usage, explain, nearest_changes};
use accolade_engine::rules::analysis::{Key, RuleKind, Shape};
use accolade_engine::rules::explain::Derivation;
use accolade_engine::rules::set::{
    Calibration, Customers, Describe, Explain, PreparedCutOffs, Present, Rate, RuleContext, RuleOutput, Step, ToSql,
};
use accolade_engine::rules::sql::{Dialect, SqlOptions};
use accolade_engine::rules::sql_statement::sql_statement;
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::run::run_with;
use accolade_engine::{FileSystem, Inputs, Plugins, RunOptions, Type, Value, compile, describe, frame, show};
use accolade_parser::{Code, Diagnostics};
use arrow::array::ArrayRef;

/// Labels customers by whether they have a value.
static KIND: RuleKind = RuleKind {
    name: "known",
    summary: "tells whether there is a value",
    keys: &[Key::required("value", Shape::EXPRESSION, "what is looked at")],
    labels: |_| Vec::new(),
    compile: |rule, analyser| {
        let node = analyser.parameters(rule, &KIND).required("value", analyser.out)?;
        Some(Box::new(KnownRule(analyser.operand(node)?)))
    },
};

#[derive(Debug)]
struct KnownRule(usize);

fn label(value: &Value) -> Value {
    Value::text(if *value == Value::Null { "unknown" } else { "known" })
}

impl Rate for KnownRule {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![RuleOutput::label("label", vec!["known".to_owned(), "unknown".to_owned()], false)]
    }

    fn calibrate(&self, _: &Customers, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let values = frame::column(batch.frame, self.0)?;
        let labels = (0..batch.frame.rows).map(|row| label(&frame::value_at(values, row)));
        Ok(vec![frame::array_of(Type::Text, labels)])
    }

    fn rate_row(&self, record: &[Value], _: &RuleContext, _: &PreparedCutOffs) -> Result<Vec<Value>, Diagnostics> {
        Ok(vec![label(&record[self.0])])
    }

    fn reads(&self) -> Vec<usize> {
        vec![self.0]
    }
}

impl Explain for KnownRule {}

impl Describe for KnownRule {}

impl ToSql for KnownRule {}

impl Present for KnownRule {}

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: text, spent: money?}}
rules:
  known: {kind: known, value: spent}
";

#[test]
fn a_kind_that_only_rates_has_defaults_for_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.yaml");
    std::fs::write(&rules, RULES).unwrap();
    std::fs::write(folder.path().join("customers.csv"), "id,spent\na,10\nb,\n").unwrap();
    let mut plugins: Plugins = accolade_engine::plugins();
    plugins.add_kind(&KIND);
    let compilation = compile(Path::new(&rules), &FileSystem, &plugins);
    let set = compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics));
    let inputs = Inputs::new(set.as_of.unwrap(), vec![folder.path().join("customers.csv").into()]);
    let options = RunOptions { reasons: true, ..RunOptions::default() };
    let outcome = run_with(&set, &inputs, None, options).unwrap();
    let texts = |slot: usize| -> Vec<String> {
        let column = outcome.frame.column(slot).unwrap();
        (0..outcome.frame.rows).map(|row| show::value(&frame::value_at(column, row))).collect()
    };
    let slot = set.slot("known").unwrap();
    assert_eq!(texts(slot), ["known", "unknown"]);
    assert_eq!(texts(outcome.reason_slot(0).unwrap()), ["", ""]);
    let [Step::Rule { rule, .. }] = set.steps.as_slice() else { panic!("{:?}", set.steps) };

    // Explained: the result, no reason and no change.
    let rater = outcome.rater(&set);
    let record = outcome.frame.record(0);
    let explanation = explain(&rater, &Usage::default(), &record, &[], &[]).unwrap();
    assert_eq!(explanation.rules[0].derivation, Derivation::default());
    assert_eq!(show::value(&explanation.rules[0].results[0].value), "known");
    let changes = nearest_changes(&rater, &record, slot);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(matches!(changes[0].reach, Reach::NotFound), "{changes:?}");
    assert_eq!(changes[0].not_followed, ["spent"]);
    assert!(rule.branches().is_empty());

    // Described: the parameters as written.
    let document = describe::describe(&set, &compilation.files, None);
    let part = document.parts.iter().find(|part| part.title == "Rules").unwrap_or_else(|| panic!("{document:#?}"));
    assert!(format!("{part:?}").contains("spent"), "{part:?}");

    // As SQL: refused.
    let (cut_offs, tables) = Default::default();
    let request = SqlOptions {
        dialect: Dialect::DuckDb,
        as_of: set.as_of.unwrap(),
        cut_offs: &cut_offs,
        tables: &tables,
        view: None,
        leave_out: false,
    };
    let refused = sql_statement(&set, &request).unwrap_err();
    assert_eq!(refused[0].code, Code::E0901);
    assert!(refused[0].message.contains("its kind has no SQL"), "{refused:?}");
}
