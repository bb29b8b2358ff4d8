//! The causes of moves: the old data is rated again with one change at a time, and by the old rules at the new date, with
//! the new data and with the new cut-offs.

use std::collections::HashMap;

use accolade_core::files::Loader;
use accolade_core::progress::ProgressEvent;
use accolade_data::profile::{BadRows, Inputs};
use accolade_rules::analysis::Plugins;
use accolade_rules::compile::compile_file;
use accolade_rules::set::RuleSet;

use super::RuleFilePair;
use super::diff::RuleFileChange;
use super::edit::{Edit, applied};
use super::label::ClassLabel;
use super::migration::{Cause, Migration, class_slots, labels};
use super::rename::{RenamedLabel, new_name};
use super::side::{SideInputs, data_differs, with_data_of};
use crate::run::{SavedCutOffs, run};

/// A cause, and by field the class that it alone gives each customer.
pub(super) struct Counterfactual {
    cause: Cause,
    labels: LabelsByField,
}

type LabelsByField = HashMap<String, HashMap<String, ClassLabel>>;

/// The most changes that are tried one by one. Where there are more, moves are attributed rule by rule.
const MOST_CHANGES: usize = 200;

/// A comparison whose moves are attributed.
pub(super) struct Attribution<'a> {
    pub(super) pair: &'a RuleFilePair,
    pub(super) changes: &'a [RuleFileChange],
    pub(super) old: SideInputs<'a>,
    pub(super) new: SideInputs<'a>,
    pub(super) loader: &'a dyn Loader,
    pub(super) plugins: &'a Plugins,
}

impl Attribution<'_> {
    /// The effects of all causes.
    pub(super) fn counterfactuals(&self) -> Vec<Counterfactual> {
        let mut effects = self.of_changes();
        effects.extend(self.of_inputs());
        effects
    }

    /// The effects of changes of the rule file. A change that makes no valid rule file by itself, such as one weight of
    /// two, is tried together with all other changes of its rule.
    fn of_changes(&self) -> Vec<Counterfactual> {
        let changes = self.changes;
        let moves = |i: &usize| !matches!(changes[*i].edit, Edit::Nothing | Edit::Labels(_));
        let moving: Vec<usize> = (0..changes.len()).filter(moves).collect();
        let mut effects = Vec::new();
        let mut together: Vec<&str> = Vec::new();
        for (done, i) in moving.iter().enumerate() {
            let (work, name) = ("attributing", changes[*i].entry.as_str());
            self.old.inputs.observer.emit(ProgressEvent::Step { work, name, done, of: moving.len() });
            let alone = if changes.len() <= MOST_CHANGES { self.attempt(&[*i]) } else { None };
            let entry = changes[*i].entry.as_str();
            match alone {
                Some(labels) => effects.push(Counterfactual { cause: Cause::Changes(vec![*i]), labels }),
                None if together.contains(&entry) => {}
                None => {
                    together.push(entry);
                    let group: Vec<usize> = moving.iter().copied().filter(|j| changes[*j].entry == entry).collect();
                    let labels = self.attempt(&group);
                    effects.extend(labels.map(|labels| Counterfactual { cause: Cause::Changes(group), labels }));
                }
            }
        }
        effects
    }

    /// The labels that the old rules with these changes give the old data. Where they make no valid rule file, renamed
    /// labels have their new names too.
    fn attempt(&self, chosen: &[usize]) -> Option<LabelsByField> {
        let edits: Vec<&Edit> = chosen.iter().map(|i| &self.changes[*i].edit).collect();
        let renamed = self.changes.iter().map(|change| &change.edit).filter(|edit| matches!(edit, Edit::Labels(_)));
        let with_names: Vec<&Edit> = renamed.chain(edits.iter().copied()).collect();
        let mut ways = [edits.as_slice(), with_names.as_slice()].into_iter();
        let set = ways.find_map(|edits| {
            let file = applied(&self.pair.old.written, &self.pair.new.written, edits);
            compile_file(file, self.pair.files.clone(), self.loader, self.plugins).set
        })?;
        let saved: Vec<&SavedCutOffs> = self.old.cut_offs.into_iter().collect();
        let newer = self.new.cut_offs.filter(|_| !saved.is_empty());
        let saved: Vec<&SavedCutOffs> = saved.into_iter().chain(newer).collect();
        labels_of(&set, self.old.inputs, &saved)
    }

    /// The effects of the date, the data and the cut-offs of the newer side on the old rules.
    fn of_inputs(&self) -> Vec<Counterfactual> {
        let SideInputs { inputs: old, cut_offs: saved } = self.old;
        let SideInputs { inputs: new, cut_offs: newer } = self.new;
        let set = &self.pair.old;
        let (date_differs, data_differs) = (old.as_of != new.as_of, data_differs((set, old), (&self.pair.new, new)));
        let at_date = Inputs { as_of: new.as_of, ..old.clone() };
        let with_data = with_data_of((set, old), (&self.pair.new, new));
        let both = Inputs { as_of: new.as_of, ..with_data.clone() };
        let own: Vec<&SavedCutOffs> = saved.into_iter().collect();
        // Rules that the newer cut-offs are not of keep the older ones.
        let other: Vec<&SavedCutOffs> = newer.into_iter().chain(saved.filter(|_| newer.is_some())).collect();
        let attempts = [
            (date_differs, "the date", &at_date, &own),
            (data_differs, "the data", &with_data, &own),
            (date_differs && data_differs, "the date and the data", &both, &own),
            (saved != newer, "the cut-offs", old, &other),
        ];
        let attempts = attempts.into_iter().filter(|(differs, ..)| *differs);
        let effect = |(_, words, inputs, saved): (bool, &'static str, &Inputs, &Vec<&SavedCutOffs>)| {
            Some(Counterfactual { cause: Cause::Other(words), labels: labels_of(set, inputs, saved)? })
        };
        attempts.filter_map(effect).collect()
    }
}

/// The labels that a rule set gives, with the first of `saved` that are of its rules; none if it cannot be run.
fn labels_of(set: &RuleSet, inputs: &Inputs, saved: &[&SavedCutOffs]) -> Option<LabelsByField> {
    // Rejected rows have been written by the run of the side itself.
    let bad_rows = if inputs.bad_rows == BadRows::Fail { BadRows::Fail } else { BadRows::LeaveOut };
    let inputs = Inputs { bad_rows, ..inputs.clone() };
    let saved = (!saved.is_empty()).then(|| SavedCutOffs::fitting(set, saved));
    let outcome = run(set, &inputs, saved.as_ref()).ok()?;
    let side = (set, &outcome);
    Some(class_slots(side).into_iter().map(|(name, slot)| (name, labels(side, slot))).collect())
}

/// Sets the causes of each move: those that give the customer the new class by themselves.
pub(super) fn assign(migration: &mut Migration, effects: &[Counterfactual], renamed: &[RenamedLabel]) {
    for moved in &mut migration.moves {
        let one_side = match (&moved.old, &moved.new) {
            (ClassLabel::Absent, _) => Some("new customer"),
            (_, ClassLabel::Absent) => Some("no longer a customer"),
            _ => None,
        };
        if let Some(words) = one_side {
            moved.causes.push(Cause::Other(words));
            continue;
        }
        let moves = |effect: &&Counterfactual| {
            let label = effect.labels.get(&migration.field).and_then(|labels| labels.get(&moved.customer));
            label.is_some_and(|label| new_name(renamed, &migration.field, label) == moved.new)
        };
        let all: Vec<&Cause> = effects.iter().filter(moves).map(|effect| &effect.cause).collect();
        // A group is left out if one of its changes moves the customer alone.
        let by_one = |cause: &Cause| match cause {
            Cause::Changes(group) if group.len() > 1 => group.iter().any(|i| all.contains(&&Cause::Changes(vec![*i]))),
            Cause::Other("the date and the data") => {
                ["the date", "the data"].iter().any(|one| all.contains(&&Cause::Other(one)))
            }
            _ => false,
        };
        moved.causes = all.iter().filter(|cause| !by_one(cause)).map(|cause| (*cause).clone()).collect();
        if moved.causes.is_empty() {
            moved.causes.push(Cause::Other("several changes together"));
        }
    }
}
