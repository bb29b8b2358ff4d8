//! Customers rated while they are written get the results of customers rated all at once.

use std::fmt::Write;
use std::path::Path;

use accolade_engine::output::{FormulaText, ResultFormat, Results};
use accolade_engine::run::MAX_PIECE_ROWS;
use accolade_engine::{
    FileSystem, Inputs, RuleSet, RunOptions, calibrate, compile, output, run_despite_failures, run_with,
};
use accolade_parser::Diagnostics;
use accolade_rhai::RhaiHost;
use tempfile::TempDir;

use crate::support::accolade;

/// More than two pieces, and more than one batch of a writer.
const MANY: usize = 140_001;

/// Rules that can be rated while writing, and rules that cannot: a metric of a share, a class of a score, a goal.
const RULES: &str = "accolade: 1
name: many
as_of: 2026-01-01
sources:
  customers: {key: id, file: customers.csv, columns: {id: text, spent: money, visits: integer?, points: number}}
profile:
  quantitative:
    per_visit: spent / visits
    twice: per_visit * 2
rules:
  class: {kind: abc, by: spent, classes: {A: top 80%, B: next 15%, C: rest}}
  busy: {kind: segments, segments: {often: visits > 5, seldom: rest}}
  score:
    kind: rating
    scale: 0..10
    missing: zero
    criteria:
      spent: {weight: 60%, value: spent, percentile: true}
      points: {weight: 40%, value: points, linear: 0..100}
    grades: {high: '>= 5', low: rest}
  key: {kind: segments, segments: {both: class.class = \"A\" and score.grade = \"high\", one: class.class = \"A\", none: rest}}
goals:
  spending: {measure: 'share_of_wallet(spent, twice where busy = \"often\")', target: '>= 1%'}
";

fn customers(rows: usize) -> String {
    let mut text = "id,spent,visits,points\n".to_owned();
    for i in 0..rows {
        let visits = if i % 7 == 0 { String::new() } else { (i % 11).to_string() };
        writeln!(text, "C{i:06},{}.{:02},{visits},{}", (i * 7919) % 100_003, i % 100, i % 101).unwrap();
    }
    text
}

fn folder(rules: &str, rows: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    std::fs::write(folder.path().join("customers.csv"), customers(rows)).unwrap();
    folder
}

fn set(rules: &Path) -> RuleSet {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let compilation = compile(rules, &FileSystem, &plugins);
    compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

fn inputs(set: &RuleSet, folder: &Path, threads: usize) -> Inputs {
    Inputs {
        threads,
        ..Inputs::new(
            set.as_of.unwrap(),
            set.demand.sources.iter().map(|source| folder.join(source.file.as_ref().unwrap()).into()).collect(),
        )
    }
}

fn bytes(results: &mut dyn Results, format: ResultFormat) -> Vec<u8> {
    let mut sink = Vec::new();
    output::write(results, format, &mut sink).unwrap();
    sink
}

/// The results as written while customers are rated. Asserts that the whole run writes the same.
fn written(rules: &Path, threads: usize, formats: &[ResultFormat]) -> Vec<Vec<u8>> {
    let set = set(rules);
    let inputs = inputs(&set, rules.parent().unwrap(), threads);
    let options = RunOptions { reasons: true, ..RunOptions::default() };
    let outcome = run_with(&set, &inputs, None, options).unwrap();

    let one = |format: &ResultFormat| {
        let mut calibrated = calibrate(None, &set, &inputs, None, options).unwrap();
        let written = bytes(&mut calibrated, *format);
        assert!(!calibrated.has_failed());
        assert_eq!(calibrated.findings(), outcome.findings);
        assert_eq!(calibrated.outcome().cut_offs, outcome.cut_offs);
        assert_eq!(calibrated.outcome().goals, outcome.goals);
        // Pages of Parquet end where pieces end.
        if *format != ResultFormat::Parquet || outcome.frame.rows <= MAX_PIECE_ROWS {
            assert!(written == bytes(&mut outcome.results(&set), *format), "{rules:?} {format:?}");
            // Asked for once more, everybody is rated again, and nothing is counted twice.
            assert_eq!(calibrated.finish().findings, outcome.findings);
        }
        written
    };
    formats.iter().map(one).collect()
}

#[test]
fn every_format_of_the_shipped_rule_sets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for name in ["b2b-accounts", "webshop-rfm", "loyalty-programme", "consultant-scorecard"] {
        let rules = root.join("rules").join(name).join("rules.yaml");
        written(
            &rules,
            2,
            &[
                ResultFormat::Csv(FormulaText::Kept),
                ResultFormat::Ndjson,
                ResultFormat::Json,
                ResultFormat::Parquet,
                ResultFormat::Xlsx,
            ],
        );
    }
}

#[test]
fn in_pieces_on_one_thread_or_three() {
    let folder = folder(RULES, MANY);
    let rules = folder.path().join("rules.yaml");
    let one = written(&rules, 1, &[ResultFormat::Parquet]);
    let three = written(&rules, 3, &[ResultFormat::Parquet, ResultFormat::Csv(FormulaText::Kept)]);
    assert!(one[0] == three[0]);
    assert_eq!(three[1].iter().filter(|byte| **byte == b'\n').count(), MANY + 1);
}

#[test]
fn a_customer_who_cannot_be_rated_leaves_the_old_results() {
    let rules = RULES
        .replace("points: {weight: 40%, value: points, linear: 0..100}", "points: {weight: 40%, script: score.rhai}");
    let folder = folder(&rules, MANY);
    let script = "if id == \"C140000\" { throw \"no\" } 1";
    std::fs::write(folder.path().join("score.rhai"), script).unwrap();
    for out in ["out.csv", "out.parquet", "out.db"] {
        let path = folder.path().join(out);
        if out != "out.db" {
            std::fs::write(&path, "as it was").unwrap();
        }
        let said = accolade(&folder, &["run", "rules.yaml", "-o", out]).exits(2).err;
        assert!(said.contains("failed for customer \"C140000\""), "{said}");
        if out == "out.db" {
            let tables = "SELECT count(*) FROM sqlite_master";
            let count: i64 =
                rusqlite::Connection::open(&path).unwrap().query_row(tables, [], |row| row.get(0)).unwrap();
            assert_eq!(count, 0);
        } else {
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "as it was");
        }
        let left = std::fs::read_dir(folder.path()).unwrap().flatten();
        assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".accolade")));
    }
}

#[test]
fn of_steps_that_fail_nothing_more_is_said() {
    let rules = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {key: id, file: customers.csv, columns: {id: text, spent: money, visits: integer?, points: number}}
functions:
  broken:
    script: |
      fn broken(points) {
        if points == 1 { throw \"no\"; }
        points
      }
    arguments: {points: number}
    returns: number
profile:
  quantitative:
    bad: broken(points)
    worse: bad / (points - points)
    fine: points / (points - points)
";
    let folder = folder(rules, 3);
    let set = set(&folder.path().join("rules.yaml"));
    let outcome = run_despite_failures(&set, &inputs(&set, folder.path(), 2), None).unwrap();
    let codes = |all: &Diagnostics| all.iter().map(|d| (d.code.id(), d.message.clone())).collect::<Vec<_>>();
    let failures = codes(&outcome.failures);
    assert!(failures.len() == 1 && failures[0].0 == "E0712", "{failures:?}");
    let said = "`fine`: division by zero 3 times; the result is missing there".to_owned();
    assert_eq!(codes(&outcome.findings), [("W0701", said)]);
    let given = set.output.iter().filter(|slot| outcome.frame.column(**slot).is_some());
    assert_eq!(given.map(|slot| set.demand.slots[*slot].name.as_str()).collect::<Vec<_>>(), ["id", "fine"]);
}
