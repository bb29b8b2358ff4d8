//! The amounts of a batch in 64 bits, if all of them fit: each cell then reads half the memory.

use accolade_core::model::Type;
use arrow::array::AsArray;
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::Decimal128Type;
use arrow::record_batch::RecordBatch;

use super::cells::{CellInput, CellKind};

/// The amounts of a batch by column, in buffers that are reused from batch to batch.
#[derive(Default)]
pub(super) struct NarrowAmounts {
    /// Cells of the same amount share a column.
    columns: Vec<NarrowColumn>,
    /// For each cell, the index of its column, if its input is money.
    of: Vec<Option<usize>>,
}

#[derive(Default)]
struct NarrowColumn {
    /// The column of the batch.
    input: usize,
    values: Vec<i64>,
    fits: bool,
}

impl NarrowAmounts {
    /// Narrows the amounts that the cells need.
    pub(super) fn take(&mut self, batch: &RecordBatch, places: &[CellInput]) {
        self.of.clear();
        let mut taken = 0;
        for place in places {
            let taken_as = (place.ty == Type::Money && place.cell != CellKind::Count).then(|| {
                let amounts = |input: usize| batch.column(input).as_primitive::<Decimal128Type>().values();
                let wide = amounts(place.input);
                let known = self.columns[..taken].iter().position(|column| amounts(column.input).ptr_eq(wide));
                known.unwrap_or_else(|| {
                    if taken == self.columns.len() {
                        self.columns.push(NarrowColumn::default());
                    }
                    self.columns[taken].take(place.input, wide);
                    taken += 1;
                    taken - 1
                })
            });
            self.of.push(taken_as);
        }
    }

    /// The narrowed input of a cell; `None` if the input is not money or does not fit.
    pub(super) fn values(&self, place: usize) -> Option<&[i64]> {
        let column = &self.columns[self.of[place]?];
        column.fits.then_some(&column.values)
    }
}

impl NarrowColumn {
    fn take(&mut self, input: usize, wide: &ScalarBuffer<i128>) {
        (self.input, self.fits) = (input, true);
        self.values.clear();
        self.values.extend(wide.iter().map(|value| {
            let narrow = *value as i64;
            self.fits &= i128::from(narrow) == *value;
            narrow
        }));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Decimal128Array};

    use super::*;

    #[test]
    fn money_that_fits_is_narrow_and_shared_money_is_taken_once() {
        let money = |values: &[i128]| Arc::new(Decimal128Array::from(values.to_vec())) as ArrayRef;
        let most = i128::from(i64::MAX);
        let (fits, wide) = (money(&[1, -most - 1, most]), money(&[1, most + 1, 2]));
        let place = |input, cell, ty| CellInput { cell, input, ty, name: String::new() };
        let places = [
            place(0, CellKind::Sum, Type::Money),
            place(1, CellKind::Least, Type::Money),
            place(0, CellKind::Count, Type::Money),
            place(2, CellKind::Greatest, Type::Money),
            place(0, CellKind::Sum, Type::Integer),
        ];
        let batch = |columns: [&ArrayRef; 3]| {
            RecordBatch::try_from_iter(["a", "b", "c"].into_iter().zip(columns.map(Arc::clone))).unwrap()
        };
        let mut narrow = NarrowAmounts::default();
        for (columns, expected, taken) in [
            ([&fits, &wide, &fits], [true, false, false, true, false], 2),
            ([&wide, &fits, &fits], [false, true, false, true, false], 2),
            ([&fits, &fits, &fits], [true, true, false, true, false], 1),
        ] {
            narrow.take(&batch(columns), &places);
            let found = [0, 1, 2, 3, 4].map(|place| narrow.values(place));
            assert_eq!(found.map(|values| values.is_some()), expected);
            assert!(found.iter().flatten().all(|values| *values == [1, i64::MIN, i64::MAX]));
            assert_eq!(narrow.of.iter().flatten().max(), Some(&(taken - 1)));
        }
    }
}
