//! A column of short reasons for each rule.

use accolade_parser::Diagnostics;

use crate::eval::{Env, Faults};
use crate::kinds::{Batch, Context, Unknown};
use crate::measure::cutoffs::CutOffs;
use crate::model::{Origin, RuleSet, Slot, SlotId, Step, Type};
use crate::run::{Outcome, parallel};

/// Adds an output `RULE.why` after the outputs of every rule.
///
/// # Errors
/// None for an outcome of the rule set.
pub fn add_reasons(set: &mut RuleSet, outcome: &mut Outcome, threads: usize) -> Result<(), Diagnostics> {
    let mut columns = Vec::new();
    for (index, step) in set.steps.iter().enumerate() {
        let Step::Rule { name, rule, slots, .. } = step else { continue };
        let (faults, unknown, none) = (Faults::default(), Unknown::default(), CutOffs::default());
        let context = Context { rule: name, env: Env { as_of: outcome.as_of, faults: &faults }, unknown: &unknown };
        let cut_offs = outcome.cut_offs.get(name).unwrap_or(&none);
        let reasons = parallel::pieces(&outcome.frame, threads, |frame| {
            Ok(vec![rule.why(&Batch { frame, context }, slots, cut_offs)?])
        })?;
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
