//! The cells of a customer's row: one word for each part of an aggregate.

use accolade_core::model::{Aggregate, AggregateFunction, Type};

use super::super::aggregate::part_name;
use super::super::memory::bytes_per_row;

/// What one word of a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    /// A sum of money or whole numbers.
    Sum,
    /// The number of values.
    Count,
    /// The least value.
    Least,
    /// The greatest value.
    Greatest,
}

impl CellKind {
    /// The value of a word before any event.
    pub(super) fn start(self) -> i64 {
        match self {
            CellKind::Sum | CellKind::Count => 0,
            // A value equal to this one is kept aside.
            CellKind::Least => i64::MAX,
            CellKind::Greatest => i64::MIN,
        }
    }

    /// Adds a value to a word; returns false if the word cannot hold the result.
    pub(super) fn add(self, word: &mut i64, value: impl TryInto<i64>) -> bool {
        let Ok(value) = value.try_into() else { return false };
        match self {
            CellKind::Sum => match word.checked_add(value) {
                Some(sum) => *word = sum,
                None => return false,
            },
            CellKind::Count => *word += 1,
            CellKind::Least | CellKind::Greatest if value == self.start() => return false,
            CellKind::Least => *word = value.min(*word),
            CellKind::Greatest => *word = value.max(*word),
        }
        true
    }

    /// Combines the results of two sets of events.
    pub(super) fn combine(self, one: i128, other: i128) -> i128 {
        match self {
            CellKind::Sum | CellKind::Count => one.wrapping_add(other),
            CellKind::Least => one.min(other),
            CellKind::Greatest => one.max(other),
        }
    }

    /// The result of a word and the value kept aside. Without events it is zero for sums and counts, and `None`
    /// otherwise.
    pub(super) fn value(self, word: i64, aside: Option<i128>) -> Option<i128> {
        let near =
            (matches!(self, CellKind::Sum | CellKind::Count) || word != self.start()).then_some(i128::from(word));
        match (near, aside) {
            (Some(near), Some(aside)) => Some(self.combine(near, aside)),
            (near, aside) => near.or(aside),
        }
    }
}

/// A cell and its input.
#[derive(Clone, Debug)]
pub(super) struct CellInput {
    pub(super) cell: CellKind,
    /// The column of the prepared events.
    pub(super) input: usize,
    /// The type of that column.
    pub(super) ty: Type,
    /// The name of the column that the cell becomes.
    pub(super) name: String,
}

impl CellInput {
    /// The bytes that its column takes for each row.
    pub(super) fn width(&self) -> usize {
        match self.cell {
            CellKind::Sum => bytes_per_row(Type::Money),
            CellKind::Count => bytes_per_row(Type::Integer),
            CellKind::Least | CellKind::Greatest => bytes_per_row(self.ty),
        }
    }
}

/// The cells of `rows` rows before any event, in one allocation, which returns to the system as soon as it is freed.
pub(super) fn initial_cells(places: &[CellInput], rows: usize) -> Vec<i64> {
    places.iter().map(|place| place.cell.start()).collect::<Vec<i64>>().repeat(rows)
}

/// The cells of all aggregates in order; `None` if an aggregate cannot be kept in words.
pub(super) fn cell_inputs(aggregates: &[&Aggregate]) -> Option<Vec<CellInput>> {
    use AggregateFunction::{Count, CountDistinct, First, Last, Max, Mean, Min, Rows, Sum};
    let mut places = Vec::new();
    for (i, aggregate) in aggregates.iter().enumerate() {
        let ty = aggregate.argument.as_ref().map_or(Type::Boolean, |a| a.ty);
        let exact = matches!(ty, Type::Integer | Type::Money);
        let ordered = exact || matches!(ty, Type::Date | Type::DateTime);
        let cells: &[CellKind] = match aggregate.function {
            Count => &[CellKind::Count],
            Sum if exact => &[CellKind::Sum],
            Mean if exact => &[CellKind::Sum, CellKind::Count],
            Min if ordered => &[CellKind::Least],
            Max if ordered => &[CellKind::Greatest],
            CountDistinct | Sum | Mean | Min | Max | First | Last | Rows => return None,
        };
        // The first column is the key.
        let place =
            |(part, cell): (usize, &CellKind)| CellInput { cell: *cell, input: i + 1, ty, name: part_name(i, part) };
        places.extend(cells.iter().enumerate().map(place));
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of a cell over values, of which those that fit no word are kept aside.
    fn of(cell: CellKind, values: &[i128]) -> Option<i128> {
        let (mut word, mut aside) = (cell.start(), None);
        for value in values {
            if !cell.add(&mut word, *value) {
                aside = Some(aside.map_or(*value, |kept| cell.combine(kept, *value)));
            }
        }
        cell.value(word, aside)
    }

    #[test]
    fn values_that_fit_no_word_count_too() {
        let (max, min) = (i128::from(i64::MAX), i128::from(i64::MIN));
        for (cell, values, expected) in [
            (CellKind::Sum, vec![], Some(0)),
            (CellKind::Sum, vec![max, max, -1], Some(2 * max - 1)),
            (CellKind::Sum, vec![max, 1, -max, -1], Some(0)),
            (CellKind::Sum, vec![min, min, 5], Some(2 * min + 5)),
            (CellKind::Count, vec![1, 1, 1], Some(3)),
            (CellKind::Least, vec![], None),
            (CellKind::Least, vec![max], Some(max)),
            (CellKind::Least, vec![max + 5], Some(max + 5)),
            (CellKind::Least, vec![max + 5, 3, max], Some(3)),
            (CellKind::Least, vec![3, min - 1], Some(min - 1)),
            (CellKind::Greatest, vec![min], Some(min)),
            (CellKind::Greatest, vec![min - 7, min - 9], Some(min - 7)),
            (CellKind::Greatest, vec![3, max + 1, 5], Some(max + 1)),
        ] {
            assert_eq!(of(cell, &values), expected, "{cell:?} of {values:?}");
        }
    }
}
