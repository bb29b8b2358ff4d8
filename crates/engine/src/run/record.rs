//! One record at a time: the same steps with saved cut-offs, without a population.

use accolade_parser::Diagnostics;
use indexmap::IndexMap;

use super::{report_faults, report_unknown};
use crate::kinds::{Context, Prepared, Unknown};
use crate::measure::cutoffs::{self, CutOffs};
use crate::model::set::{RuleSet, Step};
use accolade_core::eval::{Env, Faults, row};
use accolade_core::model::{SlotId, Value};

/// Rates one record in place.
///
/// `record` is indexed by slot. Slots whose origin is the key, a column or an aggregate must be filled; steps fill
/// the others, except a rule's outputs that need the population (ranks and shares) and the metrics in `kept`, which
/// stay as given.
///
/// # Errors
/// Cut-offs that do not fit, or a record on which a rule cannot be computed.
pub fn rate_record(
    set: &RuleSet,
    cut_offs: &IndexMap<String, CutOffs>,
    as_of: i32,
    record: &mut [Value],
    kept: &[SlotId],
) -> Result<(), Diagnostics> {
    let prepared: Vec<Prepared> =
        set.steps.iter().map(|step| prepare(step, cut_offs)).collect::<Result<_, Diagnostics>>()?;
    rate_steps(set, set.steps.iter().zip(&prepared), as_of, record, kept, None)
}

/// A step's cut-offs, made ready for single records.
pub(crate) fn prepare(step: &Step, cut_offs: &IndexMap<String, CutOffs>) -> Result<Prepared, Diagnostics> {
    match step {
        Step::Metric { .. } => Ok(Prepared::nothing()),
        Step::Rule { name, rule, .. } => rule.prepare(cutoffs::of_rule(cut_offs, name), name),
    }
}

/// Takes a record through steps, each with its cut-offs; warnings go to `findings` if anybody wants them.
pub(crate) fn rate_steps<'a>(
    set: &RuleSet,
    steps: impl Iterator<Item = (&'a Step, &'a Prepared)>,
    as_of: i32,
    record: &mut [Value],
    kept: &[SlotId],
    mut findings: Option<&mut Diagnostics>,
) -> Result<(), Diagnostics> {
    let (faults, unknown) = (Faults::default(), Unknown::default());
    let env = Env { as_of, faults: &faults };
    for (step, prepared) in steps {
        let name = step.name(set);
        match step {
            Step::Metric { slot, .. } if kept.contains(slot) => continue,
            Step::Metric { slot, expr, .. } => {
                record[*slot] = row::evaluate(expr, record, env);
            }
            Step::Rule { rule, slots, .. } => {
                let context = Context { rule: name, env, unknown: &unknown };
                let values = rule.rate_row(record, &context, prepared)?;
                for (slot, value) in slots.iter().zip(values) {
                    record[*slot] = value;
                }
            }
        }
        faults.check()?;
        if let Some(findings) = findings.as_deref_mut()
            && (faults.counts() != (0, 0) || unknown.any())
        {
            report_faults(name, &faults, findings);
            report_unknown(name, &unknown, findings);
            faults.reset();
            unknown.reset();
        }
    }
    Ok(())
}
