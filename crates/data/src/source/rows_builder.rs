//! Building a batch of rows, one row at a time.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewBuilder};

use super::convert::ValueProblem;
use super::rows::{MalformedRecord, RowBatch, UnusableValue};
use super::{csv, scan};

/// A batch of rows that are being read, each value as text.
pub(super) struct RowBatchBuilder {
    columns: Vec<StringViewBuilder>,
    numbers: Vec<u64>,
    malformed: Vec<MalformedRecord>,
    unusable: Vec<UnusableValue>,
}

impl RowBatchBuilder {
    /// An empty batch of `width` columns.
    pub(super) fn new(width: usize) -> RowBatchBuilder {
        let columns = (0..width).map(|_| StringViewBuilder::new()).collect();
        RowBatchBuilder { columns, numbers: Vec::new(), malformed: Vec::new(), unusable: Vec::new() }
    }

    /// The number of rows, without the malformed ones.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Adds a row. Values are missing in the columns after the last one given.
    pub(super) fn push<T: AsRef<str>>(&mut self, number: u64, values: impl IntoIterator<Item = Option<T>>) {
        self.push_usable(number, values.into_iter().map(Ok));
    }

    /// Adds a row. A value with a problem is null in the batch, and its problem is kept.
    pub(super) fn push_usable<T: AsRef<str>>(
        &mut self,
        number: u64,
        values: impl IntoIterator<Item = Result<Option<T>, ValueProblem>>,
    ) {
        let (mut values, row) = (values.into_iter(), self.numbers.len());
        for (i, column) in self.columns.iter_mut().enumerate() {
            match values.next().unwrap_or(Ok(None)) {
                Ok(value) => column.append_option(value),
                Err(problem) => {
                    column.append_null();
                    self.unusable.push(UnusableValue { row, column: i, problem });
                }
            }
        }
        self.numbers.push(number);
    }

    /// Adds a record that cannot be split into fields.
    pub(super) fn reject(&mut self, record: MalformedRecord) {
        self.malformed.push(record);
    }

    /// The batch of the rows.
    pub(super) fn finish(self) -> RowBatch {
        let schema = csv::schema(self.columns.len());
        let columns = self.columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef).collect();
        let whole = scan::batch(schema, columns, self.numbers.len());
        RowBatch { unusable: self.unusable, ..RowBatch::new(whole, self.numbers, self.malformed) }
    }
}
