//! One record at a time: the same steps with saved cut-offs, without a population.

use accolade_parser::Diagnostics;
use indexmap::IndexMap;

use crate::eval::{Env, Faults, row};
use crate::kinds::{Context, Unknown};
use crate::measure::cutoffs::CutOffs;
use crate::model::{RuleSet, SlotId, Step, Value};

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
    let faults = Faults::default();
    let unknown = Unknown::default();
    let env = Env { as_of, faults: &faults };
    let none = CutOffs::default();
    for step in &set.steps {
        match step {
            Step::Metric { slot, .. } if kept.contains(slot) => {}
            Step::Metric { slot, expr, .. } => {
                record[*slot] = row::evaluate(expr, record, env);
                faults.check()?;
            }
            Step::Rule { name, rule, slots, .. } => {
                let context = Context { rule: name, env, unknown: &unknown };
                let values = rule.rate_row(record, &context, cut_offs.get(name).unwrap_or(&none))?;
                faults.check()?;
                for (slot, value) in slots.iter().zip(values) {
                    record[*slot] = value;
                }
            }
        }
    }
    Ok(())
}
