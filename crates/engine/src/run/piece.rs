//! Rating a piece of the customers by one step, on any machine.

use accolade_core::eval::{Env, Faults, column};
use accolade_core::frame::Frame;
use accolade_core::model::{Operation, SlotId, TypedExpr};
use accolade_core::ops;
use accolade_parser::Diagnostics;
use accolade_rules::set::{Customers, RuleContext, RuleSet, Step, UnknownCounts};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;
use serde::{Deserialize, Serialize};

/// The faults and unknown conditions counted while a piece was rated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingCounts {
    /// Divisions by zero.
    pub divisions: u64,
    /// Results that were too large.
    pub overflows: u64,
    /// Conditions that were neither true nor false, by their label.
    pub unknown: Vec<(String, u64)>,
}

impl RatingCounts {
    /// Adds the counts of another piece.
    pub fn merge(&mut self, other: RatingCounts) {
        self.divisions += other.divisions;
        self.overflows += other.overflows;
        self.unknown.extend(other.unknown);
    }

    /// Adds these counts to those of a context.
    pub(super) fn add_to(&self, context: RuleContext) {
        context.env.faults.add(ops::Fault::DivisionByZero, self.divisions);
        context.env.faults.add(ops::Fault::Overflow, self.overflows);
        self.unknown.iter().for_each(|(label, n)| context.unknown.add(label, *n));
    }
}

/// The slots a step reads.
pub fn slots_read(step: &Step) -> Vec<SlotId> {
    match step {
        Step::Metric { expr, .. } => {
            let mut slots = Vec::new();
            expr.for_each_field(&mut |slot| slots.push(slot));
            slots
        }
        Step::Rule { rule, .. } => rule.reads(),
    }
}

/// Whether a step runs scripts, which cost more than sending the rows to another machine.
pub(super) fn runs_scripts(step: &Step) -> bool {
    fn calls(expr: &TypedExpr) -> bool {
        matches!(expr.operation, Operation::Script(..)) || expr.operands().into_iter().any(calls)
    }
    match step {
        Step::Metric { expr, .. } => calls(expr),
        Step::Rule { rule, .. } => !rule.scripts().is_empty(),
    }
}

/// The outputs of a step that do not need the population.
pub(super) fn rate(
    step: &Step,
    frame: &Frame,
    context: RuleContext,
    cut_offs: &CutOffs,
) -> Result<Vec<ArrayRef>, Diagnostics> {
    match step {
        Step::Metric { expr, .. } => Ok(vec![column::evaluate(expr, &frame.columns, frame.rows, context.env)]),
        Step::Rule { rule, .. } => rule.rate(&Customers { frame, context }, cut_offs),
    }
}

/// The short reasons for the results of a rule; `None` for a metric.
pub(crate) fn short_reasons(
    step: &Step,
    frame: &Frame,
    as_of: i32,
    cut_offs: &CutOffs,
) -> Result<Option<ArrayRef>, Diagnostics> {
    let Step::Rule { name, rule, slots, .. } = step else { return Ok(None) };
    let (faults, unknown) = (Faults::default(), UnknownCounts::default());
    let context = RuleContext { rule: name, env: Env { as_of, faults: &faults }, unknown: &unknown };
    rule.reasons(&Customers { frame, context }, slots, cut_offs).map(Some)
}

/// The outputs of the step at index `step` for the customers of `frame`, which has the columns it reads, and what was
/// counted.
///
/// # Errors
/// Fails when a customer cannot be rated.
pub fn rate_piece(
    set: &RuleSet,
    step: usize,
    cut_offs: &CutOffs,
    as_of: i32,
    frame: &Frame,
) -> Result<(Vec<ArrayRef>, RatingCounts), Diagnostics> {
    let Some(step) = set.steps.get(step) else { return Ok(Default::default()) };
    let (faults, unknown) = (Faults::default(), UnknownCounts::default());
    let context = RuleContext { rule: step.name(set), env: Env { as_of, faults: &faults }, unknown: &unknown };
    let values = rate(step, frame, context, cut_offs)?;
    faults.check()?;
    let (divisions, overflows) = faults.counts();
    Ok((values, RatingCounts { divisions, overflows, unknown: unknown.counts() }))
}
