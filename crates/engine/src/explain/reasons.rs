//! Short reasons for the results of rules.

use accolade_core::frame::value_at;
use accolade_core::model::Value;
use accolade_parser::Diagnostics;
use accolade_rules::set::{RuleSet, Step};

use crate::run::{Outcome, piece};

/// The short reason for a rule's result of the customer at `row`; missing for a metric.
///
/// # Errors
/// Never fails for an outcome of the rule set.
pub fn reason(set: &RuleSet, step: &Step, outcome: &Outcome, row: usize) -> Result<Value, Diagnostics> {
    let cut_offs = outcome.cut_offs_of(step.name(set));
    let column = piece::short_reasons(step, &outcome.frame.slice(row, 1), outcome.as_of, cut_offs)?;
    Ok(column.map_or(Value::Null, |column| value_at(&column, 0)))
}
