//! Tables and charts of the results of a run, as plain data that the caller renders.

pub mod figure_charts;
pub mod figures;

use accolade_core::eval::{Env, Faults};
use accolade_core::frame::{Frame, value_at};
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
pub use accolade_rules::present::cell::whole_units;
use accolade_rules::present::chart::Chart;
pub use accolade_rules::present::{Cell, SummaryTable};
pub use accolade_rules::set::RuleResults;
use accolade_rules::set::{Customers, RuleContext, RuleSet, Step, UnknownCounts};
use arrow::array::Array;

use crate::run::Outcome;

/// The tables and charts of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSummary {
    /// The rule's name.
    pub rule: String,
    /// Its kind.
    pub kind: &'static str,
    /// Its description.
    pub description: Option<String>,
    /// Its tables.
    pub sections: Vec<SummaryTable>,
    /// Its charts.
    pub charts: Vec<Chart>,
}

/// Every rule's tables and charts, in the order of the rule file.
pub fn rule_summaries(set: &RuleSet, outcome: &Outcome) -> Vec<RuleSummary> {
    let (faults, unknown) = (Faults::default(), UnknownCounts::default());
    let of = |(view, step): (RuleResults, &Step)| match step {
        Step::Rule { name, kind, description, rule, .. } => {
            let context =
                RuleContext { rule: name, env: Env { as_of: outcome.as_of, faults: &faults }, unknown: &unknown };
            let batch = Customers { frame: &outcome.frame, context };
            Some(RuleSummary {
                rule: name.clone(),
                kind,
                description: description.clone(),
                sections: rule.summarise(&view),
                charts: rule.charts(&view, &batch, outcome.cut_offs_of(name)),
            })
        }
        Step::Metric { .. } => None,
    };
    views(set, outcome).into_iter().filter_map(of).collect()
}

/// Every rule's tables, in the order of the rule file.
pub fn sections(set: &RuleSet, outcome: &Outcome) -> Vec<SummaryTable> {
    let of = |(view, step): (RuleResults, &Step)| match step {
        Step::Rule { rule, .. } => rule.summarise(&view),
        Step::Metric { .. } => Vec::new(),
    };
    views(set, outcome).into_iter().flat_map(of).collect()
}

/// The view of each rule that has results, in the order of the rule file.
fn views<'a>(set: &'a RuleSet, outcome: &'a Outcome) -> Vec<(RuleResults<'a>, &'a Step)> {
    let (frame, as_of) = (&outcome.frame, outcome.as_of);
    let view = |step: &'a Step| match step {
        // A rule that failed has no results.
        Step::Rule { slots, .. } if slots.iter().any(|slot| frame.column(*slot).is_none()) => None,
        Step::Rule { name, slots, .. } => Some((RuleResults { set, rule: name, slots, frame, as_of }, step)),
        Step::Metric { .. } => None,
    };
    let mut rules: Vec<(RuleResults, &Step)> = set.steps.iter().filter_map(view).collect();
    rules.sort_by_key(|(view, _)| view.slots.first().and_then(|s| set.output.iter().position(|o| o == s)));
    rules
}

/// The name and the sum of the headline metric; `None` if there is none or its sum is not exact.
pub fn total(set: &RuleSet, frame: &Frame) -> Option<(String, Cell)> {
    let slot = &set.demand.slots[set.headline()?];
    let keys = KeyColumn::of(frame.column(set.headline()?)?)?;
    let exact = matches!(slot.ty, Type::Money | Type::Integer);
    let total = (0..frame.rows).filter_map(|row| keys.get(row)).sum();
    exact.then(|| (slot.name.clone(), accolade_rules::set::total(total, slot.ty)))
}

/// The rows of all customers, the best by the headline metric first, those without a value last, ties by key.
pub fn ranking(set: &RuleSet, frame: &Frame) -> Vec<usize> {
    let keys = set.headline().and_then(|slot| KeyColumn::of(frame.column(slot)?));
    let mut rows: Vec<usize> = (0..frame.rows).collect();
    if let Some(keys) = keys {
        // A missing value is less than any other.
        rows.sort_by_key(|row| std::cmp::Reverse(keys.get(*row)));
    }
    rows
}

/// The best customers by the headline metric, at most `count`, ties by key.
pub fn top(set: &RuleSet, frame: &Frame, count: usize) -> Option<SummaryTable> {
    let headline = set.headline()?;
    KeyColumn::of(frame.column(headline)?)?;
    let mut ranked = ranking(set, frame);
    ranked.retain(|row| frame.column(headline).is_some_and(|column| column.is_valid(*row)));
    let slots = set.headings();
    let columns = slots.iter().map(|s| set.demand.slots[*s].name.clone()).collect();
    let cell = |slot: &SlotId, row: usize| Cell::Value(frame.column(*slot).map_or(Value::Null, |c| value_at(c, row)));
    let rows = ranked.iter().take(count).map(|row| slots.iter().map(|s| cell(s, *row)).collect()).collect();
    let title = format!("top {} by {}", ranked.len().min(count), set.demand.slots[headline].name);
    Some(SummaryTable { title, columns, rows })
}
