//! Building columns from the cells of all rows.

use std::sync::Arc;

use accolade_core::model::Type;
use accolade_core::model::types::PRECISION;
use arrow::array::{ArrayRef, ArrowPrimitiveType, PrimitiveArray, PrimitiveBuilder};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;

use super::cells::{CellInput, CellKind};
use super::shard::Shard;

/// The words of one cell in all shards.
pub(super) struct CellColumn<'a> {
    pub(super) shards: &'a [Shard<'a>],
    /// The binary logarithm of the rows of a shard.
    pub(super) shift: u32,
    pub(super) place: &'a CellInput,
    /// The index of the word in a row, and the number of words in a row.
    pub(super) at: usize,
    pub(super) width: usize,
    /// The row of each customer, if rows are not in the order of customers.
    pub(super) order: Option<&'a [u32]>,
}

impl CellColumn<'_> {
    /// Builds the column. Sums of integers are decimals of the greatest precision, as in grouping by key.
    pub(super) fn column(&self) -> Result<ArrayRef, ArrowError> {
        let whole = |value: i128| i64::try_from(value).ok();
        Ok(match (self.place.cell, self.place.ty) {
            (CellKind::Count, _) => Arc::new(self.array::<Int64Type>(whole)),
            (_, Type::Money) => Arc::new(self.array::<Decimal128Type>(Some).with_data_type(Type::Money.arrow())),
            (CellKind::Sum, _) => Arc::new(self.array::<Decimal128Type>(Some).with_precision_and_scale(PRECISION, 0)?),
            (_, Type::Date) => Arc::new(self.array::<Date32Type>(|value| i32::try_from(value).ok())),
            (_, Type::DateTime) => Arc::new(self.array::<TimestampMicrosecondType>(whole)),
            _ => Arc::new(self.array::<Int64Type>(whole)),
        })
    }

    fn array<T: ArrowPrimitiveType>(&self, native: impl Fn(i128) -> Option<T::Native>) -> PrimitiveArray<T> {
        let rows = self.shards.iter().map(|shard| shard.words.len() / self.width).sum();
        let mut builder = PrimitiveBuilder::<T>::with_capacity(rows);
        let mut add = |shard: &Shard, word: usize| {
            let aside = if shard.overflow.is_empty() { None } else { shard.overflow.get(&word).copied() };
            builder.append_option(self.place.cell.value(shard.words[word], aside).and_then(&native));
        };
        match self.order {
            None => {
                let words = |shard: &Shard| (self.at..shard.words.len()).step_by(self.width);
                self.shards.iter().for_each(|shard| words(shard).for_each(|word| add(shard, word)));
            }
            Some(order) => {
                let mask = (1u32 << self.shift) - 1;
                for row in order {
                    add(&self.shards[(row >> self.shift) as usize], (row & mask) as usize * self.width + self.at);
                }
            }
        }
        builder.finish()
    }
}
