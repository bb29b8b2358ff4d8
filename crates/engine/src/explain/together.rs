//! The fewest fields that together reach a label that no field reaches alone.
//!
//! All fields but the last try the ends of the stretches on which the label stays the same. The last is changed to the
//! nearest value that its response then finds. Afterwards each change is made as small as the others allow.

use accolade_core::model::{SlotId, Value};
use accolade_rules::set::ChangeableField;

use super::changeable_fields::NamedField;
use super::nearest::{FieldChange, NearestSearch, away, closest, rate_with_changes};

/// The most fields that are changed together.
pub const MOST_FIELDS: usize = 4;
/// The number of courses that a search may compute.
const BUDGET: usize = 800;

/// For each label the smallest set of fields found.
pub(super) fn together(search: &NearestSearch, record: &[Value], labels: &[String]) -> Vec<Option<Vec<FieldChange>>> {
    let mut state = JointSearch { search, record, labels, found: vec![None; labels.len()], budget: BUDGET };
    // Two fields are tried in either order, since the stretches of the first depend on the value of the second.
    state.extend(&mut Vec::new(), 2, 0, true);
    (3..=MOST_FIELDS).for_each(|fields| state.extend(&mut Vec::new(), fields, 0, false));
    state.found
}

struct JointSearch<'a> {
    search: &'a NearestSearch<'a>,
    record: &'a [Value],
    labels: &'a [String],
    found: Vec<Option<Vec<FieldChange>>>,
    budget: usize,
}

impl JointSearch<'_> {
    /// Tries to reach the remaining labels with `fields` more changes, of fields from index `from` on.
    fn extend(&mut self, moves: &mut Vec<FieldChange>, fields: usize, from: usize, either_order: bool) {
        let Some(moved) = rate_with_changes(self.search.rater, self.record, &pairs(moves)) else { return };
        let search = self.search;
        for (i, field) in search.fields.iter().enumerate().skip(from) {
            if self.budget == 0 || self.found.iter().all(Option::is_some) {
                return;
            }
            let changeable = ChangeableField::new(search.rater, &moved, field.slot).filter(|l| l.affects(search.slot));
            let Some(changeable) = changeable.filter(|_| moves.iter().all(|m| m.slot != field.slot)) else { continue };
            self.budget -= 1;
            if fields == 1 {
                self.finish(moves, field, &changeable);
                continue;
            }
            for key in stops(&changeable, search.slot) {
                moves.push(field.to(self.record, changeable.value(key)));
                self.extend(moves, fields - 1, if either_order { 0 } else { i + 1 }, either_order);
                moves.pop();
            }
        }
    }

    /// Adds the last change, for every remaining label.
    fn finish(&mut self, moves: &[FieldChange], field: &NamedField, changeable: &ChangeableField) {
        let open: Vec<usize> = (0..self.labels.len()).filter(|i| self.found[*i].is_none()).collect();
        let labels: Vec<String> = open.iter().map(|i| self.labels[*i].clone()).collect();
        let Some(ways) = self.search.nearest_keys(changeable, &labels) else { return };
        for (label, way) in open.into_iter().zip(ways) {
            let Some(key) = way else { continue };
            let all = moves.iter().cloned().chain([field.to(self.record, changeable.value(key))]).collect();
            self.found[label] = self.tightened(all, &self.labels[label]);
        }
    }

    /// The changes, each made as small as the others allow, the last first; `None` if they do not reach the label.
    fn tightened(&self, mut moves: Vec<FieldChange>, label: &String) -> Option<Vec<FieldChange>> {
        let rater = self.search.rater;
        for i in (0..moves.len()).rev() {
            let others: Vec<FieldChange> =
                moves.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, m)| m.clone()).collect();
            let moved = rate_with_changes(rater, self.record, &pairs(&others))?;
            let changeable = ChangeableField::new(rater, &moved, moves[i].slot)?;
            let key = self.search.nearest_keys(&changeable, std::slice::from_ref(label))?.pop()??;
            moves[i].to = changeable.value(key);
        }
        // A field that cannot be followed from the record's own values may turn out not to be needed.
        for i in (0..moves.len()).rev() {
            let others: Vec<FieldChange> =
                moves.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, m)| m.clone()).collect();
            if self.reaches(&others, label) {
                moves = others;
            }
        }
        self.reaches(&moves, label).then_some(moves)
    }

    fn reaches(&self, moves: &[FieldChange], label: &str) -> bool {
        let reached = rate_with_changes(self.search.rater, self.record, &pairs(moves));
        reached.is_some_and(|record| record[self.search.slot] == Value::text(label))
    }
}

fn pairs(moves: &[FieldChange]) -> Vec<(SlotId, Value)> {
    moves.iter().map(|m| (m.slot, m.to.clone())).collect()
}

/// The keys of a field that are worth trying, the nearest first: both ends of each stretch and its closest key.
fn stops(changeable: &ChangeableField, slot: SlotId) -> Vec<i128> {
    let Some(response) = changeable.response(slot) else { return Vec::new() };
    let mut keys: Vec<i128> =
        response.0.iter().flat_map(|p| [closest(p.keys, changeable), p.keys.low, p.keys.high]).collect();
    keys.sort_by(|a, b| away(changeable, *a).total_cmp(&away(changeable, *b)).then(b.cmp(a)));
    keys.dedup();
    keys
}
