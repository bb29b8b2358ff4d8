//! A column of short reasons for each rule.

use accolade_parser::Diagnostics;

use crate::model::set::{RuleSet, Step};
use crate::run::{Outcome, piece};
use accolade_core::frame::value_at;
use accolade_core::model::{Origin, Slot, SlotId, Type, Value};
use accolade_core::parallel;

/// Adds an output `RULE.why` after the outputs of every rule: the step and the slot of each. A run gives none of them
/// unless it is told to.
pub fn add_reason_slots(set: &mut RuleSet) -> Vec<(usize, SlotId)> {
    let mut added = Vec::new();
    for (index, step) in set.steps.iter().enumerate() {
        let Step::Rule { name, slots, .. } = step else { continue };
        let slot: SlotId = set.demand.slots.len();
        let (name, origin) = (format!("{name}.why"), Origin::Step(index));
        set.demand.slots.push(Slot { name, ty: Type::Text, nullable: true, labels: None, origin });
        let after = set.output.iter().rposition(|s| slots.contains(s)).map_or(set.output.len(), |at| at + 1);
        set.output.insert(after, slot);
        added.push((index, slot));
    }
    added
}

/// Adds an output `RULE.why` after the outputs of every rule, and its column.
///
/// # Errors
/// None for an outcome of the rule set.
pub fn add_reasons(set: &mut RuleSet, outcome: &mut Outcome, threads: usize) -> Result<(), Diagnostics> {
    for (index, _) in add_reason_slots(set) {
        let step = &set.steps[index];
        let (as_of, cut_offs) = (outcome.as_of, outcome.cut_offs_of(step.name(set)));
        let reasons = parallel::pieces(&outcome.frame, threads, |frame| {
            Ok(piece::why(step, frame, as_of, cut_offs)?.into_iter().collect())
        })?;
        outcome.frame.columns.push(reasons.into_iter().next());
    }
    Ok(())
}

/// The short reason for a rule's result of one customer.
///
/// # Errors
/// None for an outcome of the rule set.
pub(super) fn reason(set: &RuleSet, step: &Step, outcome: &Outcome, row: usize) -> Result<Value, Diagnostics> {
    let cut_offs = outcome.cut_offs_of(step.name(set));
    let column = piece::why(step, &outcome.frame.slice(row, 1), outcome.as_of, cut_offs)?;
    Ok(column.map_or(Value::Null, |column| value_at(&column, 0)))
}
