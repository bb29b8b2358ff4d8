//! The central property: the columnar back end and the row back end agree on random rule sets and records,
//! missing values and boundaries included.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod random;

use accolade_engine::eval::{Env, Faults};
use accolade_engine::frame::value_at;
use accolade_engine::rules::set::{RuleContext, Step, UnknownCounts};
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::run::Outcome;
use accolade_engine::{Rater, RowRater, RuleSet, SavedCutOffs, Value};
use proptest::prelude::*;

use random::{AS_OF, SlotValues, compiled, rated, rated_sets, rule_file};

/// The outputs of a step that need the population: those that one record does not get.
fn beyond_rows(step: &Step, outcome: &Outcome) -> Vec<usize> {
    let Step::Rule { name, rule, slots, .. } = step else { return Vec::new() };
    let (faults, unknown, none) = (Faults::default(), UnknownCounts::default(), CutOffs::default());
    let context = RuleContext { rule: name, env: Env { as_of: AS_OF, faults: &faults }, unknown: &unknown };
    let cut_offs = outcome.cut_offs.get(name).unwrap_or(&none);
    let prepared = rule.prepare(cut_offs, name).expect("prepared");
    let given = rule.rate_row(&outcome.frame.record(0), &context, &prepared).expect("rated").len();
    slots[given..].to_vec()
}

fn agree(set: &RuleSet, columns: &SlotValues) -> Result<(), TestCaseError> {
    let rows = columns[0].1.len();
    let outcome = rated(set, columns);
    let population: Vec<usize> =
        if rows > 0 { set.steps.iter().flat_map(|s| beyond_rows(s, &outcome)).collect() } else { Vec::new() };
    let rater = RowRater::new(set, &outcome.cut_offs, AS_OF);
    for row in 0..rows {
        let mut record = vec![Value::Null; set.demand.slots.len()];
        for (slot, values) in columns {
            record[*slot] = values[row].clone();
        }
        for slot in &population {
            record[*slot] = value_at(outcome.frame.column(*slot).unwrap(), row);
        }
        rater.rate(&mut record, &[]).expect("rated");
        for (slot, value) in record.iter().enumerate() {
            let column = value_at(outcome.frame.column(slot).unwrap(), row);
            prop_assert_eq!(&column, value, "slot `{}` of row {}", set.demand.slots[slot].name, row);
        }
    }
    Ok(())
}

/// A rater with a run's cut-offs gives what the run gave, for every customer and every field it gives.
fn rater_agrees(set: &std::sync::Arc<RuleSet>, columns: &SlotValues) -> Result<(), TestCaseError> {
    let outcome = rated(set, columns);
    let text = SavedCutOffs::new(set, &outcome).write().expect("written");
    let saved = SavedCutOffs::read("cutoffs.yaml", &text).expect("read");
    let rater = Rater::new(set, &saved, AS_OF).expect("cut-offs fit");
    for row in 0..outcome.frame.rows {
        let mut values = vec![Value::Null; set.demand.slots.len()];
        for (slot, column) in columns {
            values[*slot] = column[row].clone();
        }
        let rated = rater.rate_values(values, &[]).expect("rated");
        for slot in rater.outputs() {
            let expected = value_at(outcome.frame.column(*slot).unwrap(), row);
            prop_assert_eq!(&rated.values[*slot], &expected, "`{}` of row {}", set.demand.slots[*slot].name, row);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn one_record_and_a_run_agree((file, set, columns) in rated_sets(1usize..24)) {
        rater_agrees(&set, &columns).map_err(|error| TestCaseError::fail(format!("{error}\n{file}")))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn columns_and_rows_agree((file, set, columns) in rated_sets(prop_oneof![Just(0usize), Just(1), Just(2), 3usize..24])) {
        agree(&set, &columns).map_err(|error| TestCaseError::fail(format!("{error}\n{file}")))?;
    }
}

#[test]
fn most_random_rule_files_are_sound() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut sound = 0;
    for _ in 0..100 {
        let file = rule_file().new_tree(&mut runner).unwrap().current();
        let compilation = compiled(&file);
        match compilation.set {
            Some(_) => sound += 1,
            None => println!("{}\n{:#?}", file, compilation.diagnostics[0]),
        }
    }
    assert!(sound >= 60, "only {sound} of 100 random rule files check");
}
