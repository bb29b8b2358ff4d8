//! The data to read: sources, the periods and aggregates over their events, and the fields of a record.

use super::aggregate::Aggregate;
use super::slot::{Slot, SlotId};
use super::source::{Source, SourceRole};
use crate::values::period::Period;

/// The data a rule set needs and the record it is put in.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    /// Sources in file order; at most one of them is the customers table.
    pub sources: Vec<Source>,
    /// Periods in file order.
    pub periods: Vec<Period>,
    /// Every distinct aggregate that a metric or rule needs.
    pub aggregates: Vec<Aggregate>,
    /// Every field of a record; slot 0 is the customer's key.
    pub slots: Vec<Slot>,
}

impl Demand {
    /// The customers table and its place among the sources, if there is one.
    pub fn customers(&self) -> Option<(usize, &Source)> {
        self.sources.iter().enumerate().find(|(_, s)| matches!(s.role, SourceRole::Customers { .. }))
    }

    /// The source whose key is the one of the customers: their table, or the first source of events.
    pub fn keyed(&self) -> Option<&Source> {
        self.customers().map(|(_, source)| source).or_else(|| self.sources.iter().find(|source| source.is_events()))
    }

    /// The table of customers who were merged and its place among the sources, if there is one.
    pub fn aliases(&self) -> Option<(usize, &Source)> {
        self.sources.iter().enumerate().find(|(_, s)| matches!(s.role, SourceRole::Aliases { .. }))
    }

    /// The slot of this name.
    pub fn slot(&self, name: &str) -> Option<SlotId> {
        self.slots.iter().position(|s| s.name == name)
    }
}
