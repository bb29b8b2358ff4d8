//! The cells of some of the customers.

use accolade_core::model::Type;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use hashbrown::HashMap;

use super::cells::{CellInput, CellKind};

/// The cells of some rows.
pub(super) struct Shard<'c> {
    /// The cells of all rows, row by row.
    pub(super) words: &'c mut [i64],
    /// How many cells a row has.
    pub(super) width: usize,
    /// Values that do not fit their words, by the index of the word.
    pub(super) overflow: HashMap<usize, i128>,
}

/// The number of words in a cache line.
const LINE: usize = 8;

/// The input of one cell from the events of a batch.
#[derive(Clone, Copy)]
pub(super) struct CellValues<'a> {
    pub(super) place: &'a CellInput,
    /// The index of the word in a row.
    pub(super) at: usize,
    pub(super) input: &'a ArrayRef,
    /// The values of `input` in 64 bits, if it is money that fits.
    pub(super) narrow: Option<&'a [i64]>,
}

impl Shard<'_> {
    /// Loads the rows of events into the cache. The loads overlap, which takes less time than one after the other while
    /// values are added.
    pub(super) fn prefetch(&self, events: &[(u32, u32)]) {
        let read = |row: u32| {
            let words = &self.words[row as usize * self.width..][..self.width];
            words.iter().step_by(LINE).fold(words[self.width - 1], |read, word| read ^ word)
        };
        std::hint::black_box(events.iter().fold(0, |all, (_, row)| all ^ read(*row)));
    }

    /// Adds the values of events, each with its row.
    pub(super) fn add(&mut self, values: CellValues, events: &[(u32, u32)]) {
        let CellValues { place, input, narrow, .. } = values;
        match (place.cell, place.ty, narrow) {
            (CellKind::Count, ..) => self.each(values, events, |_| 1i64),
            (_, Type::Money, Some(narrow)) => self.each(values, events, |event| narrow[event]),
            (_, Type::Money, None) => {
                let wide = input.as_primitive::<Decimal128Type>().values();
                self.each(values, events, |event| wide[event]);
            }
            (_, Type::Date, _) => {
                let days = input.as_primitive::<Date32Type>().values();
                self.each(values, events, |event| i64::from(days[event]));
            }
            (_, Type::DateTime, _) => {
                let moments = input.as_primitive::<TimestampMicrosecondType>().values();
                self.each(values, events, |event| moments[event]);
            }
            _ => {
                let whole = input.as_primitive::<Int64Type>().values();
                self.each(values, events, |event| whole[event]);
            }
        }
    }

    /// Adds the values of the events that have one, in a separate loop for each kind of cell.
    fn each<V>(&mut self, values: CellValues, events: &[(u32, u32)], value: impl Fn(usize) -> V)
    where
        V: Copy + Into<i128> + TryInto<i64>,
    {
        let CellValues { at, input, .. } = values;
        match values.place.cell {
            CellKind::Sum => self.put(CellKind::Sum, at, input, events, value),
            CellKind::Count => self.put(CellKind::Count, at, input, events, value),
            CellKind::Least => self.put(CellKind::Least, at, input, events, value),
            CellKind::Greatest => self.put(CellKind::Greatest, at, input, events, value),
        }
    }

    #[inline]
    fn put<V>(&mut self, cell: CellKind, at: usize, input: &ArrayRef, events: &[(u32, u32)], value: impl Fn(usize) -> V)
    where
        V: Copy + Into<i128> + TryInto<i64>,
    {
        let nulls = input.nulls();
        for (event, row) in events {
            let (event, word) = (*event as usize, *row as usize * self.width + at);
            if nulls.is_some_and(|nulls| nulls.is_null(event)) {
                continue;
            }
            let value = value(event);
            if !cell.add(&mut self.words[word], value) {
                self.add_overflow(cell, word, value.into());
            }
        }
    }

    #[cold]
    fn add_overflow(&mut self, cell: CellKind, word: usize, value: i128) {
        let kept = self.overflow.get(&word).map_or(value, |kept| cell.combine(*kept, value));
        self.overflow.insert(word, kept);
    }
}
