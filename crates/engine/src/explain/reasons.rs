//! A column of short reasons for each rule.

use accolade_parser::Diagnostics;
use arrow::array::ArrayRef;

use crate::eval::{Env, Faults};
use crate::frame::{Frame, value_at};
use crate::kinds::{Batch, Context, Unknown};
use crate::measure::cutoffs::CutOffs;
use crate::model::{Origin, RuleSet, Slot, SlotId, Step, Type, Value};
use crate::run::{Outcome, parallel};

/// Adds an output `RULE.why` after the outputs of every rule.
///
/// # Errors
/// None for an outcome of the rule set.
pub fn add_reasons(set: &mut RuleSet, outcome: &mut Outcome, threads: usize) -> Result<(), Diagnostics> {
    let mut columns = Vec::new();
    for (index, step) in set.steps.iter().enumerate() {
        let Step::Rule { name, slots, .. } = step else { continue };
        let reasons =
            parallel::pieces(&outcome.frame, threads, |frame| Ok(why(step, outcome, frame)?.into_iter().collect()))?;
        columns.extend(reasons.into_iter().map(|reasons| (index, format!("{name}.why"), slots.clone(), reasons)));
    }
    for (step, name, slots, reasons) in columns {
        let slot: SlotId = set.slots.len();
        let origin = Origin::Step(step);
        set.slots.push(Slot { name, ty: Type::Text, nullable: true, labels: None, origin });
        outcome.frame.columns.push(Some(reasons));
        let after = set.output.iter().rposition(|s| slots.contains(s)).map_or(set.output.len(), |at| at + 1);
        set.output.insert(after, slot);
    }
    Ok(())
}

/// The short reason for a rule's result of one customer.
///
/// # Errors
/// None for an outcome of the rule set.
pub(super) fn reason(step: &Step, outcome: &Outcome, row: usize) -> Result<Value, Diagnostics> {
    let column = why(step, outcome, &outcome.frame.slice(row, 1))?;
    Ok(column.map_or(Value::Null, |column| value_at(&column, 0)))
}

/// The reasons of some customers of an outcome; none for a step that is no rule.
fn why(step: &Step, outcome: &Outcome, frame: &Frame) -> Result<Option<ArrayRef>, Diagnostics> {
    let Step::Rule { name, rule, slots, .. } = step else { return Ok(None) };
    let (faults, unknown, none) = (Faults::default(), Unknown::default(), CutOffs::default());
    let context = Context { rule: name, env: Env { as_of: outcome.as_of, faults: &faults }, unknown: &unknown };
    let cut_offs = outcome.cut_offs.get(name).unwrap_or(&none);
    rule.why(&Batch { frame, context }, slots, cut_offs).map(Some)
}
