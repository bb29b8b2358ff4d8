//! Which events an aggregate saw: how many, and the first and last of them.

use crate::model::set::RuleSet;
use accolade_core::model::{Aggregate, AggregateFunction, Origin, Role, Slot, SlotId, Type, TypedExpr, Value};

/// The events an aggregate of one customer is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsUsed {
    /// The source.
    pub source: String,
    /// How many events.
    pub count: Value,
    /// The date of the first; missing without any, or if the source has no date.
    pub first: Value,
    /// The date of the last.
    pub last: Value,
}

/// The slots that hold what is known of the events of each aggregate.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// By aggregate of the rule set as it was.
    of: Vec<Slots>,
}

#[derive(Clone, Debug)]
struct Slots {
    source: usize,
    count: SlotId,
    dates: Option<(SlotId, SlotId)>,
}

impl Usage {
    /// Adds to a rule set what is needed to tell which events its aggregates saw. Results do not change.
    pub fn track(set: &mut RuleSet) -> Usage {
        let mut seen: Vec<(String, Slots)> = Vec::new();
        let mut of = Vec::new();
        for index in 0..set.demand.aggregates.len() {
            let aggregate = set.demand.aggregates[index].clone();
            let key = format!("{} {:?} {:?}", aggregate.source, aggregate.period, aggregate.filter);
            if let Some((_, slots)) = seen.iter().find(|(k, _)| *k == key) {
                of.push(slots.clone());
                continue;
            }
            let count = add(
                set,
                Aggregate {
                    function: AggregateFunction::Count,
                    argument: None,
                    ty: Type::Integer,
                    ..aggregate.clone()
                },
            );
            let dates = match set.demand.sources[aggregate.source].role {
                Role::Events { date: Some(date), .. } => {
                    let column = &set.demand.sources[aggregate.source].columns[date];
                    let (ty, argument) = (column.ty, Some(TypedExpr::field(date, column.ty, column.nullable)));
                    let end = |function| Aggregate { function, argument: argument.clone(), ty, ..aggregate.clone() };
                    Some((add(set, end(AggregateFunction::Min)), add(set, end(AggregateFunction::Max))))
                }
                _ => None,
            };
            let slots = Slots { source: aggregate.source, count, dates };
            seen.push((key, slots.clone()));
            of.push(slots);
        }
        Usage { of }
    }

    /// The events that aggregate `index` of a record saw.
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

fn add(set: &mut RuleSet, aggregate: Aggregate) -> SlotId {
    let origin = Origin::Aggregate(set.demand.aggregates.len());
    set.demand.slots.push(Slot { name: String::new(), ty: aggregate.ty, nullable: true, labels: None, origin });
    set.demand.aggregates.push(aggregate);
    set.demand.slots.len() - 1
}
