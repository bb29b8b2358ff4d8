//! Rating records given by slot: the same steps as a run, without a population.

use std::sync::{Arc, OnceLock};

use accolade_core::eval::{Env, Faults, report_faults, row};
use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use indexmap::IndexMap;

use super::{PreparedCutOffs, RuleContext, UnknownCounts};
use crate::set::{RuleSet, Step, report_unknown};
use crate::thresholds::cutoffs;
use crate::thresholds::cutoffs::CutOffs;

/// A rule set with cut-offs at a date, ready to rate records. Each rule is prepared once, when a record first needs it;
/// clones share what is prepared.
#[derive(Clone, Debug)]
pub struct RowRater<'a> {
    set: &'a RuleSet,
    cut_offs: &'a IndexMap<String, CutOffs>,
    as_of: i32,
    prepared: Arc<PreparedSteps>,
}

/// The prepared cut-offs of each step, or why they do not fit.
#[derive(Debug)]
pub struct PreparedSteps(Vec<OnceLock<Result<PreparedCutOffs, Diagnostics>>>);

impl PreparedSteps {
    /// A slot for each step; nothing is prepared yet.
    pub fn new(set: &RuleSet) -> Arc<PreparedSteps> {
        Arc::new(PreparedSteps(set.steps.iter().map(|_| OnceLock::new()).collect()))
    }
}

impl<'a> RowRater<'a> {
    /// A rater with these cut-offs.
    pub fn new(set: &'a RuleSet, cut_offs: &'a IndexMap<String, CutOffs>, as_of: i32) -> RowRater<'a> {
        RowRater::sharing(set, cut_offs, as_of, PreparedSteps::new(set))
    }

    /// A rater that shares what was prepared of these cut-offs before.
    pub fn sharing(
        set: &'a RuleSet,
        cut_offs: &'a IndexMap<String, CutOffs>,
        as_of: i32,
        prepared: Arc<PreparedSteps>,
    ) -> RowRater<'a> {
        RowRater { set, cut_offs, as_of, prepared }
    }

    /// The rule set.
    pub fn set(&self) -> &'a RuleSet {
        self.set
    }

    /// The date it rates at, in days since 1970-01-01.
    pub fn as_of(&self) -> i32 {
        self.as_of
    }

    /// The cut-offs of a rule; empty if it has none.
    pub fn cut_offs_of(&self, rule: &str) -> &'a CutOffs {
        cutoffs::of_rule(self.cut_offs, rule)
    }

    /// The cut-offs of the step of this index, prepared.
    ///
    /// # Errors
    /// Fails with E0710 when the cut-offs do not fit.
    pub fn prepared(&self, step: usize) -> Result<&PreparedCutOffs, Diagnostics> {
        let prepare = || match &self.set.steps[step] {
            Step::Metric { .. } => Ok(PreparedCutOffs::nothing()),
            Step::Rule { name, rule, .. } => rule.prepare(self.cut_offs_of(name), name),
        };
        self.prepared.0[step].get_or_init(prepare).as_ref().map_err(Clone::clone)
    }

    /// Rates one record in place.
    ///
    /// `record` is indexed by slot. Slots whose origin is the key, a column or an aggregate must be filled; steps fill
    /// the others, except a rule's outputs that need the population (ranks and shares) and the metrics in `kept`, which
    /// stay as given.
    ///
    /// # Errors
    /// Fails with E0710 when cut-offs do not fit, and when a rule cannot be computed on the record.
    pub fn rate(&self, record: &mut [Value], kept: &[SlotId]) -> Result<(), Diagnostics> {
        self.run_steps(0..self.set.steps.len(), record, kept, None)
    }

    /// Runs the given steps on a record as [`rate`](Self::rate) does. Warnings go to `findings`, if there is one.
    ///
    /// # Errors
    /// Fails as [`rate`](Self::rate) does.
    pub fn run_steps(
        &self,
        steps: impl Iterator<Item = usize>,
        record: &mut [Value],
        kept: &[SlotId],
        mut findings: Option<&mut Diagnostics>,
    ) -> Result<(), Diagnostics> {
        let (faults, unknown) = (Faults::default(), UnknownCounts::default());
        let env = Env { as_of: self.as_of, faults: &faults };
        for index in steps {
            let step = &self.set.steps[index];
            let name = step.name(self.set);
            match step {
                Step::Metric { slot, .. } if kept.contains(slot) => continue,
                Step::Metric { slot, expr, .. } => {
                    record[*slot] = row::evaluate(expr, record, env);
                }
                Step::Rule { rule, slots, .. } => {
                    let context = RuleContext { rule: name, env, unknown: &unknown };
                    let values = rule.rate_row(record, &context, self.prepared(index)?)?;
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
}
