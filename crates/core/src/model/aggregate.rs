//! Aggregates over event sources: the only thing that is computed per event.

use super::expr::{Operation, TypedExpr};
use crate::values::types::Type;

/// One aggregate of one event source per customer.
///
/// An event dated after the run's `as_of` is never seen, so a run at an earlier date gives what it gave then.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Index of the source in the rule set.
    pub source: usize,
    /// Which function.
    pub function: AggregateFunction,
    /// Its argument over the source's columns; none for `count(orders)`.
    pub argument: Option<TypedExpr>,
    /// When the event must have taken place, if at a certain time.
    pub period: Option<AggregatePeriod>,
    /// Condition over the source's columns; an event is counted where it is true.
    pub filter: Option<TypedExpr>,
    /// The type of the result.
    pub ty: Type,
    /// For `Rows`, the columns of the source.
    pub columns: Vec<usize>,
}

impl Aggregate {
    /// The column of the source from which the function picks its result; `None` if it computes the result.
    pub fn picked_column(&self) -> Option<usize> {
        use AggregateFunction::{First, Last, Max, Min};
        match (self.function, self.argument.as_ref().map(|a| &a.operation)) {
            (First | Last | Min | Max, Some(Operation::Field(column))) => Some(*column),
            _ => None,
        }
    }
}

/// When an event must have taken place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregatePeriod {
    /// In the period of this index.
    Whole(usize),
    /// On any day before the first of the period of this index.
    Before(usize),
    /// In slice `index` of the period, each slice `months` calendar months long.
    Slice {
        /// Index of the period.
        period: usize,
        /// Which slice; 0 is the earliest.
        index: u32,
        /// How many months long each slice is.
        months: u32,
    },
}

/// Aggregate functions. A missing argument is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateFunction {
    /// Number of events (of values, where there is an argument); 0 without any.
    Count,
    /// Number of different values; 0 without any.
    CountDistinct,
    /// Sum, exact whatever the order; 0 without any.
    Sum,
    /// Arithmetic mean (money: rounded half-even to 4 places); missing without any.
    Mean,
    /// Least; missing without any.
    Min,
    /// Greatest; missing without any.
    Max,
    /// Value of the earliest event by the source's date, the least where several share it; missing without any.
    First,
    /// Value of the latest event by the source's date, the greatest where several share it; missing without any.
    Last,
    /// The events themselves, for scripts and notes, ordered by the source's date if it has one, then by the columns
    /// from left to right; an empty list without any.
    Rows,
}
