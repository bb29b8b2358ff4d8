//! The events an aggregate is computed from: their number, and the dates of the first and the last.

use accolade_core::model::{Aggregate, AggregateFunction, Demand, SlotId, Type, TypedExpr, Value};
use accolade_rules::set::RuleSet;

/// The events an aggregate of one customer is computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsUsed {
    /// The name of their source.
    pub source: String,
    /// Their number.
    pub count: Value,
    /// The date of the first; missing if there are none or the source has no date.
    pub first: Value,
    /// The date of the last.
    pub last: Value,
}

/// The slots that hold the number and dates of the events of each aggregate.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// By aggregate of the rule set.
    of: Vec<Slots>,
}

#[derive(Clone, Debug)]
struct Slots {
    source: usize,
    count: SlotId,
    dates: Option<(SlotId, SlotId)>,
}

impl Usage {
    /// The slots for the aggregates of `demand`. `add` adds an aggregate that counts or dates events, and returns its
    /// slot.
    pub(super) fn new(demand: &Demand, add: &mut dyn FnMut(Aggregate) -> SlotId) -> Usage {
        let mut seen: Vec<(String, Slots)> = Vec::new();
        let mut of = Vec::new();
        for aggregate in &demand.aggregates {
            let key = format!("{} {:?} {:?}", aggregate.source, aggregate.period, aggregate.filter);
            if let Some((_, slots)) = seen.iter().find(|(k, _)| *k == key) {
                of.push(slots.clone());
                continue;
            }
            let (function, ty) = (AggregateFunction::Count, Type::Integer);
            let count = add(Aggregate { function, argument: None, ty, ..aggregate.clone() });
            let source = &demand.sources[aggregate.source];
            let dates = source.date_column().map(|date| {
                let (ty, nullable) = (source.columns[date].ty, source.columns[date].nullable);
                let argument = Some(TypedExpr::field(date, ty, nullable));
                let end = |function| Aggregate { function, argument: argument.clone(), ty, ..aggregate.clone() };
                (add(end(AggregateFunction::Min)), add(end(AggregateFunction::Max)))
            });
            let slots = Slots { source: aggregate.source, count, dates };
            seen.push((key, slots.clone()));
            of.push(slots);
        }
        Usage { of }
    }

    /// The events that aggregate `index` of a record is computed from.
    pub fn rows(&self, set: &RuleSet, index: usize, record: &[Value]) -> Option<RowsUsed> {
        let slots = self.of.get(index)?;
        let at = |slot: SlotId| record.get(slot).cloned().unwrap_or(Value::Null);
        Some(RowsUsed {
            source: set.demand.sources[slots.source].name.clone(),
            count: at(slots.count),
            first: slots.dates.map_or(Value::Null, |(first, _)| at(first)),
            last: slots.dates.map_or(Value::Null, |(_, last)| at(last)),
        })
    }
}
