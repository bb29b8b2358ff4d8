//! Why a customer has its results, and what would change them.
//!
//! Explanations are made by the compiled rules that rate. A rule derives its result ([`Derivation`]) and describes how
//! the result follows a change of one field ([`Response`]).

mod changeable_fields;
mod find;
mod nearest;
mod page;
mod reasons;
pub mod text;
mod together;

use accolade_core::eval::{Env, Faults};
use accolade_core::model::{Operation, Origin, SlotId, Value};
use accolade_parser::Diagnostics;
pub use accolade_rules::explain::{
    Branch, Contribution, Derivation, Field, FieldValue, Reason, Response, Segment, SourceText, Trend, Verdict,
};
pub use accolade_rules::set::ChangeableField;
use accolade_rules::set::{RowRater, RuleContext, RuleSet, Step, UnknownCounts};

pub use self::changeable_fields::{NamedField, changeable_fields};
pub use self::find::find_customer;
pub use self::nearest::{FieldChange, NearestChange, Reach, label_slot, nearest_changes, rate_with_changes};
pub use self::page::{CustomerPage, PageChange, PageResult, PageSection, page};
pub use self::reasons::reason;
pub use self::together::MOST_FIELDS;
pub use crate::run::{RowsUsed, Usage};
/// The explanation of one customer's results.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The customer's key.
    pub customer: Value,
    /// The fields of the profile, in the order of the output.
    pub fields: Vec<FieldExplanation>,
    /// The rules, in the order of the file.
    pub rules: Vec<RuleExplanation>,
}

/// A field of the profile.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldExplanation {
    /// The field and its value.
    pub field: FieldValue,
    /// How it is computed; empty for a column.
    pub written: SourceText,
    /// The events it was computed from, for each aggregate in it.
    pub rows: Vec<RowsUsed>,
}

/// A rule, its results and how it derived them.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleExplanation {
    /// The rule's name and place.
    pub rule: SourceText,
    /// Its kind.
    pub kind: &'static str,
    /// Its results, the main one first.
    pub results: Vec<FieldValue>,
    /// The names of results that are left out because they need all customers.
    pub left_out: Vec<String>,
    /// How the rule derived them.
    pub derivation: Derivation,
    /// The nearest change to each other label.
    pub nearest: Vec<NearestChange>,
}

/// Explains a rated record; only `rules` if any are named. The results in `left_out` are named without their value.
///
/// # Errors
/// Never fails for a record that has been rated.
pub fn explain(
    rater: &RowRater,
    usage: &Usage,
    record: &[Value],
    rules: &[String],
    left_out: &[SlotId],
) -> Result<Explanation, Diagnostics> {
    let set = rater.set();
    let is_rule = |slot: &SlotId| match set.demand.slots[*slot].origin {
        Origin::Step(step) => matches!(set.steps[step], Step::Rule { .. }),
        _ => false,
    };
    let shown = set.output.iter().filter(|slot| **slot != 0 && !is_rule(slot));
    let fields = shown.map(|slot| field_fact(set, usage, record, *slot)).collect();
    let mut facts = Vec::new();
    for step in &set.steps {
        let Step::Rule { name, slots, .. } = step else { continue };
        if rules.is_empty() || rules.contains(name) {
            facts.push((slots.first().copied(), rule_fact(rater, record, step, left_out)?));
        }
    }
    facts.sort_by_key(|(slot, _)| slot.and_then(|s| set.output.iter().position(|o| *o == s)));
    let rules = facts.into_iter().filter_map(|(_, fact)| fact).collect();
    Ok(Explanation { customer: record[0].clone(), fields, rules })
}

/// How the rule at `step` derived its result for a rated record; `None` for a metric.
///
/// # Errors
/// Never fails for a record that has been rated.
pub fn derive(rater: &RowRater, record: &[Value], step: &Step) -> Result<Option<Derivation>, Diagnostics> {
    let Step::Rule { name, rule, .. } = step else { return Ok(None) };
    let (faults, unknown) = (Faults::default(), UnknownCounts::default());
    let context = RuleContext { rule: name, env: Env { as_of: rater.as_of(), faults: &faults }, unknown: &unknown };
    rule.explain(record, &context, rater.cut_offs_of(name)).map(Some)
}

fn rule_fact(
    rater: &RowRater,
    record: &[Value],
    step: &Step,
    left_out: &[SlotId],
) -> Result<Option<RuleExplanation>, Diagnostics> {
    let (Step::Rule { name, kind, slots, span, .. }, Some(derivation)) = (step, derive(rater, record, step)?) else {
        return Ok(None);
    };
    let nearest = label_slot(rater.set(), step).map_or_else(Vec::new, |slot| nearest_changes(rater, record, slot));
    let (beyond, own): (Vec<SlotId>, Vec<SlotId>) = slots.iter().partition(|slot| left_out.contains(slot));
    let results = own.into_iter().map(|slot| input(rater.set(), record, slot)).collect();
    let left_out = beyond.into_iter().map(|slot| rater.set().demand.slots[slot].name.clone()).collect();
    let rule = SourceText::at(name.clone(), *span);
    Ok(Some(RuleExplanation { rule, kind, results, left_out, derivation, nearest }))
}

fn field_fact(set: &RuleSet, usage: &Usage, record: &[Value], slot: SlotId) -> FieldExplanation {
    let mut rows = Vec::new();
    let mut written = SourceText::default();
    if let Origin::Step(step) = set.demand.slots[slot].origin
        && let Step::Metric { expr, written: source, .. } = &set.steps[step]
    {
        let names_a_column = matches!(expr.operation, Operation::Field(inner) if matches!(set.demand.slots[inner].origin, Origin::Column(_)));
        if !names_a_column {
            written = source.clone();
        }
        expr.for_each_field(&mut |read| {
            if let Origin::Aggregate(index) = set.demand.slots[read].origin {
                rows.extend(usage.rows(set, index, record).filter(|used| !rows.contains(used)));
            }
        });
    }
    FieldExplanation { field: input(set, record, slot), written, rows }
}

fn input(set: &RuleSet, record: &[Value], slot: SlotId) -> FieldValue {
    let described = &set.demand.slots[slot];
    Field { slot, name: described.name.clone(), ty: described.ty }.of(record)
}
