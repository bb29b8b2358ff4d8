//! Customers at the thresholds: for each changeable field, the values at which any result changes.

use accolade_engine::explain::changeable_fields;
use accolade_engine::rules::set::{ChangeableField, Step};
use accolade_engine::run::Outcome;
use accolade_engine::{RuleSet, Value};

use super::CustomerGroup;

/// A group for each field that has thresholds.
pub(super) fn groups(set: &RuleSet, typical: &Outcome) -> Vec<CustomerGroup> {
    let record = typical.frame.record(0);
    let rater = typical.rater(set);
    let mut groups = Vec::new();
    for field in changeable_fields(set) {
        let Some(changeable) = ChangeableField::new(&rater, &record, field.slot) else { continue };
        let results = results(set, &changeable);
        let mut keys: Vec<i128> = Vec::new();
        for slot in &results {
            let Some(response) = changeable.response(*slot) else { continue };
            for piece in response.0.iter().skip(1) {
                keys.extend([piece.keys.low - 1, piece.keys.low, piece.keys.low + 1]);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| changeable.holds(*key));
        if !keys.is_empty() {
            let row = |key: i128| -> Vec<(usize, Value)> { vec![(field.slot, changeable.value(key))] };
            let rows = keys.into_iter().map(row).collect();
            groups.push(CustomerGroup {
                rows,
                shown: results,
                ..CustomerGroup::new(format!("thresholds of {}", field.name))
            });
        }
    }
    groups
}

/// The results that depend on a changeable field and that tests can expect.
fn results(set: &RuleSet, changeable: &ChangeableField) -> Vec<usize> {
    let mut found = Vec::new();
    for step in &set.steps {
        let Step::Rule { rule, slots, .. } = step else { continue };
        let outputs = rule.outputs();
        let expected = outputs.iter().zip(slots).enumerate().filter(|(i, (output, _))| rule.is_tested(*i, output));
        found.extend(expected.map(|(_, (_, slot))| *slot).filter(|slot| changeable.affects(*slot)));
    }
    let place = |slot: &usize| set.output.iter().position(|s| s == slot);
    found.sort_by_key(place);
    found
}
