//! The steps that a rater runs, and the fields and events that they need.

use std::sync::Arc;

use accolade_core::eval::{Env, Faults};
use accolade_core::frame::{Frame, array_of};
use accolade_core::model::{Operation, Origin, SlotId, Type};
use accolade_data::profile::single_customer;
use accolade_parser::{Code, Diagnostic, Diagnostics, did_you_mean};
use accolade_rules::set::{Customers, PreparedSteps, RowRater, RuleContext, RuleSet, Step, UnknownCounts};
use accolade_rules::thresholds::cutoffs::CutOffs;
use indexmap::IndexMap;

use super::record::{Record, malformed};
use super::unread::Unread;
use crate::run::{SavedCutOffs, slots_read};

/// A field that a record may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordField {
    /// Its slot.
    pub slot: SlotId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether a record must have it.
    pub needed: Requirement,
}

/// Whether a record must have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The record must have it.
    Required,
    /// It may be missing, or nothing reads it.
    Optional,
    /// It is computed from events or other fields unless it is given.
    UnlessComputed,
}

/// The steps that a rater runs, and what they need.
#[derive(Debug)]
pub(super) struct RatingPlan {
    pub(super) steps: Vec<usize>,
    pub(super) prepared: Arc<PreparedSteps>,
    pub(super) cut_offs: IndexMap<String, CutOffs>,
    pub(super) outputs: Vec<SlotId>,
    pub(super) fields: Vec<RecordField>,
    /// The sources of events that the steps read.
    pub(super) sources: Vec<usize>,
    /// Columns that must have a value.
    required: Vec<SlotId>,
    /// For each step the aggregates it reads.
    aggregates: Vec<(usize, Vec<SlotId>)>,
    /// Outputs that need the whole customer base.
    pub(super) beyond: Vec<SlotId>,
    /// What a record may hold though the steps do not read it.
    pub(super) unread: Unread,
}

impl RatingPlan {
    pub(super) fn new(set: &RuleSet, saved: &SavedCutOffs, as_of: i32) -> Result<RatingPlan, Diagnostics> {
        saved.check_rule_set(set)?;
        let frame = empty_frame(set)?;
        let (faults, unknown) = (Faults::default(), UnknownCounts::default());
        let env = Env { as_of, faults: &faults };
        let (mut cut_offs, mut beyond, mut out) = (IndexMap::new(), Vec::new(), Diagnostics::new());
        for step in &set.steps {
            let Step::Rule { name, rule, slots, .. } = step else { continue };
            let context = RuleContext { rule: name, env, unknown: &unknown };
            // Calibrated without customers, the rule has the lists of cut-offs it needs. Findings about no customers
            // are dropped.
            let calibration = rule.calibrate(&Customers { frame: &frame, context }, &mut Diagnostics::new())?;
            let fitting = saved.of(name, &calibration.cut_offs).and_then(|of_rule| {
                rule.rate(&Customers { frame: &frame, context }, &of_rule)?;
                Ok(of_rule)
            });
            match fitting {
                Ok(of_rule) => {
                    cut_offs.insert(name.clone(), of_rule);
                }
                Err(findings) => out.extend(findings),
            }
            beyond.extend(&slots[slots.len() - calibration.population.len()..]);
        }
        if out.has_errors() {
            return Err(out);
        }
        let prepared = PreparedSteps::new(set);
        let rater = RowRater::sharing(set, &cut_offs, as_of, Arc::clone(&prepared));
        (0..set.steps.len()).try_for_each(|step| rater.prepared(step).map(|_| ()))?;
        Ok(RatingPlan::of(set, (0..set.steps.len()).collect(), cut_offs, prepared, beyond))
    }

    fn of(
        set: &RuleSet,
        steps: Vec<usize>,
        cut_offs: IndexMap<String, CutOffs>,
        prepared: Arc<PreparedSteps>,
        beyond: Vec<SlotId>,
    ) -> RatingPlan {
        let read = looked_at(set, &steps);
        let touched: Vec<SlotId> = steps.iter().flat_map(|step| slots_read(&set.steps[*step])).collect();
        let is_computed = |slot: &SlotId| match set.demand.slots[*slot].origin {
            Origin::Step(step) => steps.contains(&step) && !beyond.contains(slot),
            _ => true,
        };
        let outputs: Vec<SlotId> = set.output.iter().copied().filter(is_computed).collect();
        let mut fields: Vec<RecordField> = Vec::new();
        // Slots that rules read and the output does not show are fields too.
        let unseen = (0..set.demand.slots.len())
            .filter(|slot| !set.output.contains(slot) && !set.demand.slots[*slot].name.is_empty());
        for slot in set.output.iter().copied().chain(unseen) {
            let described = &set.demand.slots[slot];
            let needed = match described.origin {
                // A column of rules that are left out, which is not shown either.
                Origin::Column(_) if !set.output.contains(&slot) && !touched.contains(&slot) => continue,
                Origin::Key => Requirement::Required,
                Origin::Column(_) if described.nullable || !read.contains(&slot) => Requirement::Optional,
                Origin::Column(_) => Requirement::Required,
                Origin::Step(step) if matches!(set.steps[step], Step::Metric { .. }) && steps.contains(&step) => {
                    match alias_of(set, slot) {
                        // A metric that only names a column of the same name is given as that column.
                        Some(inner) if set.demand.slots[inner].name == described.name => continue,
                        _ => Requirement::UnlessComputed,
                    }
                }
                Origin::Step(_) | Origin::Aggregate(_) => continue,
            };
            if fields.iter().all(|field| field.name != described.name) {
                fields.push(RecordField { slot, name: described.name.clone(), ty: described.ty, needed });
            }
        }
        let is_aggregate = |slot: &SlotId| matches!(set.demand.slots[*slot].origin, Origin::Aggregate(_));
        let of_step = |step: &usize| (*step, slots_read(&set.steps[*step]).into_iter().filter(is_aggregate).collect());
        let aggregates: Vec<(usize, Vec<SlotId>)> = steps.iter().map(of_step).collect();
        let mut sources: Vec<usize> =
            aggregates.iter().flat_map(|(_, slots)| slots).filter_map(|slot| source_of(set, *slot)).collect();
        sources.sort_unstable();
        sources.dedup();
        let required = fields.iter().filter(|f| f.needed == Requirement::Required).map(|f| f.slot).collect();
        let unread = Unread::of(set, &steps, &fields, &sources);
        RatingPlan { steps, prepared, cut_offs, outputs, fields, sources, required, aggregates, beyond, unread }
    }

    /// The plan for some of the rules.
    pub(super) fn only(&self, set: &RuleSet, rules: &[String]) -> Result<RatingPlan, Diagnostics> {
        let mut wanted: Vec<usize> = Vec::new();
        for rule in rules {
            let found = set.steps.iter().position(|step| matches!(step, Step::Rule { name, .. } if name == rule));
            let Some(step) = found else {
                let names: Vec<String> = self.rules(set).collect();
                let help = did_you_mean(rule, names.iter().map(String::as_str), "its rules are");
                let message = format!("the rule set has no rule `{rule}`");
                return Err(Diagnostics::from(Diagnostic::new(Code::E0308, message).help(help)));
            };
            wanted.push(step);
        }
        let mut at = 0;
        while let Some(step) = wanted.get(at).copied() {
            for slot in slots_read(&set.steps[step]) {
                if let Origin::Step(before) = set.demand.slots[slot].origin
                    && !wanted.contains(&before)
                {
                    wanted.push(before);
                }
            }
            at += 1;
        }
        wanted.sort_unstable();
        let prepared = Arc::clone(&self.prepared);
        Ok(RatingPlan::of(set, wanted, self.cut_offs.clone(), prepared, self.beyond.clone()))
    }

    /// The names of the rules among the steps.
    pub(super) fn rules<'a>(&'a self, set: &'a RuleSet) -> impl Iterator<Item = String> + 'a {
        self.steps.iter().filter_map(|step| match &set.steps[*step] {
            Step::Rule { name, .. } => Some(name.clone()),
            Step::Metric { .. } => None,
        })
    }

    /// Refuses a record that lacks what the steps need.
    pub(super) fn check(&self, set: &RuleSet, record: &Record) -> Result<(), Diagnostics> {
        let mut out = Diagnostics::new();
        for slot in self.required.iter().filter(|slot| record.values[**slot].is_null()) {
            let name = &set.demand.slots[*slot].name;
            out.push(malformed(Code::E0705, format!("`{name}` is missing"), name).help("the rules need its value"));
        }
        let mut listed: Vec<usize> = Vec::new();
        let all_told = self.sources.iter().all(|source| record.events.contains(source));
        for (step, slots) in self.aggregates.iter().filter(|_| !all_told) {
            if slots.is_empty() || record.is_given(set, &set.steps[*step]) {
                continue;
            }
            let mut lacking: Vec<usize> = slots
                .iter()
                .filter(|slot| !record.given_metrics.contains(slot))
                .filter_map(|slot| source_of(set, *slot))
                .filter(|source| !record.events.contains(source) && !listed.contains(source))
                .collect();
            lacking.dedup();
            for source in lacking {
                let (name, what) = (&set.demand.sources[source].name, set.steps[*step].name(set));
                let message = format!("`{name}` is missing: `{what}` is computed from its events");
                let or = match &set.steps[*step] {
                    Step::Metric { .. } => format!(", or `{what}` itself"),
                    Step::Rule { .. } => String::new(),
                };
                let help = format!("give the events as a list, which may be empty{or}");
                out.push(malformed(Code::E0705, message, name).help(help));
                listed.push(source);
            }
        }
        if out.has_errors() { Err(out) } else { Ok(()) }
    }
}

/// The slots that steps read. A metric that only names a field reads it only if another step reads the metric.
fn looked_at(set: &RuleSet, steps: &[usize]) -> Vec<SlotId> {
    let shows = |step: &&usize| match &set.steps[**step] {
        Step::Metric { slot, .. } => alias_of(set, *slot).is_none(),
        Step::Rule { .. } => true,
    };
    let mut read: Vec<SlotId> = steps.iter().filter(shows).flat_map(|step| slots_read(&set.steps[*step])).collect();
    let mut at = 0;
    while let Some(slot) = read.get(at).copied() {
        read.extend(alias_of(set, slot).filter(|inner| !read.contains(inner)));
        at += 1;
    }
    read
}

/// The source of the events that an aggregate's slot is computed from.
fn source_of(set: &RuleSet, slot: SlotId) -> Option<usize> {
    match set.demand.slots[slot].origin {
        Origin::Aggregate(index) => Some(set.demand.aggregates[index].source),
        _ => None,
    }
}

/// The field that a metric only names, without computing anything.
pub(super) fn alias_of(set: &RuleSet, slot: SlotId) -> Option<SlotId> {
    let Origin::Step(step) = set.demand.slots[slot].origin else { return None };
    match &set.steps[step] {
        Step::Metric { expr, .. } => match expr.operation {
            Operation::Field(inner) => Some(inner),
            _ => None,
        },
        Step::Rule { .. } => None,
    }
}

/// A frame with all columns and no customers.
fn empty_frame(set: &RuleSet) -> Result<Frame, Diagnostics> {
    let mut frame = Frame::new(0, set.demand.slots.len());
    for (slot, described) in set.demand.slots.iter().enumerate() {
        let column = match described.origin {
            Origin::Aggregate(index) => single_customer::empty_column(&set.demand, &set.demand.aggregates[index])
                .map_err(|error| Diagnostics::from(Diagnostic::new(Code::E0716, format!("internal error: {error}"))))?,
            _ => array_of(described.ty, std::iter::empty()),
        };
        frame.columns[slot] = Some(column);
    }
    Ok(frame)
}
