//! The batches of the slow path: rows in order, with their numbers.

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Schema};
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;

use super::convert::ValueProblem;

/// A batch of consecutive rows of a file.
#[derive(Debug)]
pub(super) struct RowBatch {
    /// Every column of the file.
    pub(super) batch: RecordBatch,
    /// The number of each row, from 1: its line in a text file, its row in other data.
    pub(super) numbers: Vec<u64>,
    /// Records that are not in the batch because they cannot be split into fields.
    pub(super) malformed: Vec<MalformedRecord>,
    /// Values that are null in the batch because they have no text.
    pub(super) unusable: Vec<UnusableValue>,
    /// The file they are in, where the source has several.
    pub(super) file: Option<Arc<str>>,
    /// The error after which no more rows can be read.
    pub(super) failure: Option<String>,
}

/// A value that no type accepts, such as the error of a formula.
#[derive(Clone, Debug)]
pub(super) struct UnusableValue {
    /// Its row in the batch.
    pub(super) row: usize,
    /// Its column in the file.
    pub(super) column: usize,
    pub(super) problem: ValueProblem,
}

/// A record that cannot be split into the fields of the header.
#[derive(Clone, Debug)]
pub(super) struct MalformedRecord {
    pub(super) number: u64,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Its content, as far as it can be read.
    pub(super) fields: Vec<String>,
}

/// An iterator over all rows of a file, in batches.
pub(super) type RowReader = Box<dyn Iterator<Item = RowBatch> + Send>;

impl RowBatch {
    /// A batch in which every value has a text.
    pub(super) fn new(batch: RecordBatch, numbers: Vec<u64>, malformed: Vec<MalformedRecord>) -> RowBatch {
        RowBatch { batch, numbers, malformed, unusable: Vec::new(), file: None, failure: None }
    }

    /// An empty batch with the error that ends the rows.
    pub(super) fn failed(why: String) -> RowBatch {
        let whole = RecordBatch::new_empty(Arc::new(Schema::empty()));
        RowBatch { failure: Some(why), ..RowBatch::new(whole, Vec::new(), Vec::new()) }
    }

    /// The first problem that keeps the batch from being used as a whole. `positions` are those of the declared
    /// columns.
    pub(super) fn first_problem(&self, positions: &[usize]) -> Option<&str> {
        let unusable = self.unusable.iter().find(|u| positions.contains(&u.column)).map(|u| &u.problem.message);
        let malformed = self.malformed.first().map(|m| &m.message);
        self.failure.as_ref().or(malformed).or(unusable).map(String::as_str)
    }

    /// Every column of a row as text.
    pub(super) fn fields(&self, row: usize) -> Vec<String> {
        let text = |column: &arrow::array::ArrayRef| match column.data_type() {
            DataType::Utf8View if column.is_valid(row) => column.as_string_view().value(row).to_owned(),
            _ => array_value_to_string(column, row).unwrap_or_default(),
        };
        self.batch.columns().iter().map(text).collect()
    }

    /// The declared columns.
    pub(super) fn declared(&self, positions: &[usize]) -> Vec<arrow::array::ArrayRef> {
        positions.iter().map(|position| Arc::clone(self.batch.column(*position))).collect()
    }
}
