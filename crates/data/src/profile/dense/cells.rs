//! The cells of a customer's row: one word for each part of an aggregate.

use accolade_core::model::{Aggregate, AggregateFunction, Type};

use super::super::aggregate::part_name;
use super::super::memory::bytes_per_row;

/// What one word of a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// A sum of money or whole numbers.
    Sum,
    /// The number of values.
    Count,
    /// The least value.
    Least,
    /// The greatest value.
    Greatest,
}

impl Cell {
    /// The value of a word before any event.
    pub(super) fn start(self) -> i64 {
        match self {
            Cell::Sum | Cell::Count => 0,
            // A value equal to this one is kept aside.
            Cell::Least => i64::MAX,
            Cell::Greatest => i64::MIN,
        }
    }

    /// Adds a value to a word; returns false if the word cannot hold the result.
    pub(super) fn put(self, word: &mut i64, value: impl TryInto<i64>) -> bool {
        let Ok(value) = value.try_into() else { return false };
        match self {
            Cell::Sum => match word.checked_add(value) {
                Some(sum) => *word = sum,
                None => return false,
            },
            Cell::Count => *word += 1,
            Cell::Least | Cell::Greatest if value == self.start() => return false,
            Cell::Least => *word = value.min(*word),
            Cell::Greatest => *word = value.max(*word),
        }
        true
    }

    /// Combines the results of two sets of events.
    pub(super) fn both(self, one: i128, other: i128) -> i128 {
        match self {
            Cell::Sum | Cell::Count => one.wrapping_add(other),
            Cell::Least => one.min(other),
            Cell::Greatest => one.max(other),
        }
    }

    /// The result of a word and the value kept aside. Without events it is zero for sums and counts, and `None`
    /// otherwise.
    pub(super) fn value(self, word: i64, aside: Option<i128>) -> Option<i128> {
        let near = (matches!(self, Cell::Sum | Cell::Count) || word != self.start()).then_some(i128::from(word));
        match (near, aside) {
            (Some(near), Some(aside)) => Some(self.both(near, aside)),
            (near, aside) => near.or(aside),
        }
    }
}

/// A cell and its input.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) cell: Cell,
    /// The column of the prepared events.
    pub(super) input: usize,
    /// The type of that column.
    pub(super) ty: Type,
    /// The name of the column that the cell becomes.
    pub(super) name: String,
}

impl Place {
    /// The bytes that its column takes for each row.
    pub(super) fn width(&self) -> usize {
        match self.cell {
            Cell::Sum => bytes_per_row(Type::Money),
            Cell::Count => bytes_per_row(Type::Integer),
            Cell::Least | Cell::Greatest => bytes_per_row(self.ty),
        }
    }
}

/// The cells of `rows` rows before any event, in one allocation, which returns to the system as soon as it is freed.
pub(super) fn cells_of(places: &[Place], rows: usize) -> Vec<i64> {
    places.iter().map(|place| place.cell.start()).collect::<Vec<i64>>().repeat(rows)
}

/// The cells of all aggregates in order; `None` if an aggregate cannot be kept in words.
pub(super) fn places(aggregates: &[&Aggregate]) -> Option<Vec<Place>> {
    use AggregateFunction::{Count, CountDistinct, First, Last, Max, Mean, Min, Rows, Sum};
    let mut places = Vec::new();
    for (i, aggregate) in aggregates.iter().enumerate() {
        let ty = aggregate.argument.as_ref().map_or(Type::Boolean, |a| a.ty);
        let exact = matches!(ty, Type::Integer | Type::Money);
        let ordered = exact || matches!(ty, Type::Date | Type::DateTime);
        let cells: &[Cell] = match aggregate.function {
            Count => &[Cell::Count],
            Sum if exact => &[Cell::Sum],
            Mean if exact => &[Cell::Sum, Cell::Count],
            Min if ordered => &[Cell::Least],
            Max if ordered => &[Cell::Greatest],
            CountDistinct | Sum | Mean | Min | Max | First | Last | Rows => return None,
        };
        // The first column is the key.
        let place = |(part, cell): (usize, &Cell)| Place { cell: *cell, input: i + 1, ty, name: part_name(i, part) };
        places.extend(cells.iter().enumerate().map(place));
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of a cell over values, of which those that fit no word are kept aside.
    fn of(cell: Cell, values: &[i128]) -> Option<i128> {
        let (mut word, mut aside) = (cell.start(), None);
        for value in values {
            if !cell.put(&mut word, *value) {
                aside = Some(aside.map_or(*value, |kept| cell.both(kept, *value)));
            }
        }
        cell.value(word, aside)
    }

    #[test]
    fn values_that_fit_no_word_count_too() {
        let (max, min) = (i128::from(i64::MAX), i128::from(i64::MIN));
        for (cell, values, expected) in [
            (Cell::Sum, vec![], Some(0)),
            (Cell::Sum, vec![max, max, -1], Some(2 * max - 1)),
            (Cell::Sum, vec![max, 1, -max, -1], Some(0)),
            (Cell::Sum, vec![min, min, 5], Some(2 * min + 5)),
            (Cell::Count, vec![1, 1, 1], Some(3)),
            (Cell::Least, vec![], None),
            (Cell::Least, vec![max], Some(max)),
            (Cell::Least, vec![max + 5], Some(max + 5)),
            (Cell::Least, vec![max + 5, 3, max], Some(3)),
            (Cell::Least, vec![3, min - 1], Some(min - 1)),
            (Cell::Greatest, vec![min], Some(min)),
            (Cell::Greatest, vec![min - 7, min - 9], Some(min - 7)),
            (Cell::Greatest, vec![3, max + 1, 5], Some(max + 1)),
        ] {
            assert_eq!(of(cell, &values), expected, "{cell:?} of {values:?}");
        }
    }
}
