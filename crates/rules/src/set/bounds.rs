//! The fields that a changeable field moves, and the range of values it is likely to take.

use accolade_core::model::{Aggregate, AggregateFunction, Column, Origin, SlotId};
use accolade_core::numbers::domain::{Domain, float_key};
use accolade_core::numbers::interval::KeyInterval;

use crate::set::{RuleSet, Step};

/// The largest amount or number to which a field is likely to be changed.
const MAX_LIKELY_VALUE: i64 = 1_000_000_000_000;

/// By slot, whether it is the changeable field or computed from it.
pub fn dependents(set: &RuleSet, changeable: SlotId) -> Vec<bool> {
    let mut follows = vec![false; set.demand.slots.len()];
    follows[changeable] = true;
    for step in &set.steps {
        match step {
            Step::Metric { slot, expr, .. } if *slot != changeable => {
                expr.for_each_field(&mut |read| follows[*slot] |= follows[read]);
            }
            Step::Metric { .. } => {}
            Step::Rule { rule, slots, .. } => {
                if rule.reads().iter().any(|read| follows[*read]) {
                    slots.iter().for_each(|slot| follows[*slot] = true);
                }
            }
        }
    }
    follows
}

/// The keys a field is likely to take: its declared range, no counts below zero, nothing astronomic.
pub(super) fn field_range(set: &RuleSet, slot: SlotId, domain: Domain) -> KeyInterval {
    let far = match domain {
        Domain::Exact { scale, .. } => i128::from(MAX_LIKELY_VALUE) * 10i128.pow(u32::from(scale.unsigned_abs())),
        Domain::Float(_) => float_key(MAX_LIKELY_VALUE as f64),
    };
    let likely = KeyInterval { low: -far, high: far };
    match set.demand.slots[slot].origin {
        Origin::Column(column) => {
            let column = set.customers().and_then(|(_, c)| c.columns.get(column));
            declared(column, domain).unwrap_or(likely)
        }
        Origin::Aggregate(index) => match set.demand.aggregates.get(index) {
            Some(Aggregate { function: AggregateFunction::Count | AggregateFunction::CountDistinct, .. }) => {
                KeyInterval { low: 0, high: far }
            }
            Some(aggregate) => {
                let column =
                    aggregate.picked_column().and_then(|c| set.demand.sources[aggregate.source].columns.get(c));
                declared(column, domain).unwrap_or(likely)
            }
            None => likely,
        },
        _ => likely,
    }
}

/// The declared range of a column, as keys.
fn declared(column: Option<&Column>, domain: Domain) -> Option<KeyInterval> {
    let (low, high) = column?.range.as_ref()?;
    Some(KeyInterval { low: domain.key(low)?, high: domain.key(high)? })
}
