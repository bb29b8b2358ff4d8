//! The causes of moves: the old data is rated again with one change at a time, and the new data by the old rules.

use std::collections::HashMap;

use accolade_core::files::Loader;
use accolade_core::progress::ProgressEvent;
use accolade_data::profile::Inputs;
use accolade_rules::analysis::Plugins;
use accolade_rules::compile::compile_file;

use super::diff::RuleFileChange;
use super::edit::{Edit, applied};
use super::migration::{Cause, ClassLabel, Migration, class_slots, labels};
use super::{RuleFilePair, Side};
use crate::run::run;

/// A cause, and by field the class that it alone gives each customer.
pub(super) struct Counterfactual {
    cause: Cause,
    labels: HashMap<String, HashMap<String, ClassLabel>>,
}

/// The most changes that are tried one by one. Where there are more, moves are attributed rule by rule.
const MOST_CHANGES: usize = 200;

/// The effects of all causes. A change that makes no valid rule file by itself, such as one weight of two, is tried
/// together with all other changes of its rule.
pub(super) fn counterfactuals(
    pair: &RuleFilePair,
    changes: &[RuleFileChange],
    (old, new): (&Inputs, &Inputs),
    loader: &dyn Loader,
    plugins: &Plugins,
) -> Vec<Counterfactual> {
    let attempt = |chosen: &[usize]| {
        let edits: Vec<&Edit> = chosen.iter().map(|i| &changes[*i].edit).collect();
        let file = applied(&pair.old.written, &pair.new.written, &edits);
        let set = compile_file(file, pair.files.clone(), loader, plugins).set?;
        let outcome = run(&set, old, None).ok()?;
        Some(labels_of((&set, &outcome)))
    };
    let moving: Vec<usize> = (0..changes.len()).filter(|i| changes[*i].edit != Edit::Nothing).collect();
    let mut effects = Vec::new();
    let mut together: Vec<&str> = Vec::new();
    for (done, i) in moving.iter().enumerate() {
        old.observer.emit(ProgressEvent::Step {
            work: "attributing",
            name: &changes[*i].entry,
            done,
            of: moving.len(),
        });
        let alone = if changes.len() <= MOST_CHANGES { attempt(&[*i]) } else { None };
        let entry = changes[*i].entry.as_str();
        match alone {
            Some(labels) => effects.push(Counterfactual { cause: Cause::Changes(vec![*i]), labels }),
            None if together.contains(&entry) => {}
            None => {
                together.push(entry);
                let group: Vec<usize> = moving.iter().copied().filter(|j| changes[*j].entry == entry).collect();
                let labels = attempt(&group);
                effects.extend(labels.map(|labels| Counterfactual { cause: Cause::Changes(group), labels }));
            }
        }
    }
    let words = match (old.as_of != new.as_of, old.locations != new.locations) {
        (true, false) => "the date",
        (false, true) => "the data",
        (true, true) => "the date and the data",
        (false, false) => return effects,
    };
    if let Ok(outcome) = run(&pair.old, new, None) {
        effects.push(Counterfactual { cause: Cause::Other(words), labels: labels_of((&pair.old, &outcome)) });
    }
    effects
}

fn labels_of(side: Side) -> HashMap<String, HashMap<String, ClassLabel>> {
    class_slots(side).into_iter().map(|(name, slot)| (name, labels(side, slot))).collect()
}

/// Sets the causes of each move: those that move the customer by themselves.
pub(super) fn assign(migration: &mut Migration, effects: &[Counterfactual]) {
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
            label.is_some_and(|label| *label != moved.old)
        };
        let all: Vec<&Cause> = effects.iter().filter(moves).map(|effect| &effect.cause).collect();
        // A group is left out if one of its changes moves the customer alone.
        let by_one = |cause: &Cause| match cause {
            Cause::Changes(group) if group.len() > 1 => group.iter().any(|i| all.contains(&&Cause::Changes(vec![*i]))),
            _ => false,
        };
        moved.causes = all.iter().filter(|cause| !by_one(cause)).map(|cause| (*cause).clone()).collect();
        if moved.causes.is_empty() {
            moved.causes.push(Cause::Other("several changes together"));
        }
    }
}
