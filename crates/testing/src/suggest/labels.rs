//! Customers that reach each label of a rule by the nearest change, and customers that just miss it.

use accolade_engine::explain::{FieldChange, Reach, label_slot, nearest_changes, rate_with_changes};
use accolade_engine::rules::set::ChangeableField;
use accolade_engine::run::Outcome;
use accolade_engine::{RowRater, RuleSet, Value};

use super::CustomerGroup;

/// A group for each rule whose results are labels.
pub(super) fn groups(set: &RuleSet, typical: &Outcome) -> Vec<CustomerGroup> {
    let record = typical.frame.record(0);
    let rater = typical.rater(set);
    let mut groups = Vec::new();
    for step in &set.steps {
        let Some(slot) = label_slot(set, step) else { continue };
        let mut rows: Vec<Vec<(usize, Value)>> = Vec::new();
        for way in nearest_changes(&rater, &record, slot) {
            let moves = match way.reach {
                // The thresholds of a single field are cases already.
                Reach::Alone(_) | Reach::NotFound | Reach::NoField => continue,
                Reach::Together(moves) => moves,
            };
            rows.extend([row(&moves)].into_iter().chain(just_missed(&rater, &record, &moves)));
        }
        if !rows.is_empty() {
            groups.push(CustomerGroup {
                rows,
                shown: vec![slot],
                ..CustomerGroup::new(format!("labels of {}", set.demand.slots[slot].name))
            });
        }
    }
    groups
}

fn row(moves: &[FieldChange]) -> Vec<(usize, Value)> {
    moves.iter().map(|m| (m.slot, m.to.clone())).collect()
}

/// The same moves, with the first one step short of its value.
fn just_missed(rater: &RowRater, record: &[Value], moves: &[FieldChange]) -> Option<Vec<(usize, Value)>> {
    let (first, others) = moves.split_first()?;
    let moved = rate_with_changes(rater, record, &row(others))?;
    let changeable = ChangeableField::new(rater, &moved, first.slot)?;
    let (own, key) = (changeable.current_key()?, changeable.domain()?.key(&first.to)?);
    let shorter = changeable.value(key - (key - own).signum());
    Some(std::iter::once((first.slot, shorter)).chain(row(others)).collect())
}
