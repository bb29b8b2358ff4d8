//! The slow reading: rows in their order, with their numbers.

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Schema};
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;

use super::convert::Problem;

/// Some rows of a file in their order.
#[derive(Debug)]
pub(super) struct Rows {
    /// Every column of the file.
    pub(super) whole: RecordBatch,
    /// Each row's number: a line of a text file, a row of anything else, from 1.
    pub(super) numbers: Vec<u64>,
    /// Records that are not in the batch because they cannot be taken apart.
    pub(super) malformed: Vec<Malformed>,
    /// Values that are missing from the batch because they cannot be shown as text.
    pub(super) unusable: Vec<Unusable>,
    /// The file they are in, where the source has several.
    pub(super) file: Option<Arc<str>>,
    /// What keeps the rows behind these from being read.
    pub(super) failure: Option<String>,
}

/// A value that no type can make use of, such as the error of a formula.
#[derive(Clone, Debug)]
pub(super) struct Unusable {
    /// Its row in the batch.
    pub(super) row: usize,
    /// Its column in the file.
    pub(super) column: usize,
    pub(super) problem: Problem,
}

/// A record that cannot be taken apart.
#[derive(Clone, Debug)]
pub(super) struct Malformed {
    pub(super) number: u64,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// What it holds, as far as that can be said.
    pub(super) fields: Vec<String>,
}

/// Reads a file from its beginning.
pub(super) type RowReader = Box<dyn Iterator<Item = Rows> + Send>;

impl Rows {
    /// Rows of which every value can be shown.
    pub(super) fn new(whole: RecordBatch, numbers: Vec<u64>, malformed: Vec<Malformed>) -> Rows {
        Rows { whole, numbers, malformed, unusable: Vec::new(), file: None, failure: None }
    }

    /// No rows, and no more to come.
    pub(super) fn failed(why: String) -> Rows {
        let whole = RecordBatch::new_empty(Arc::new(Schema::empty()));
        Rows { failure: Some(why), ..Rows::new(whole, Vec::new(), Vec::new()) }
    }

    /// What keeps the declared columns, which are at `positions`, from being read as a whole.
    pub(super) fn broken(&self, positions: &[usize]) -> Option<&str> {
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
        self.whole.columns().iter().map(text).collect()
    }

    /// The declared columns.
    pub(super) fn declared(&self, positions: &[usize]) -> Vec<arrow::array::ArrayRef> {
        positions.iter().map(|position| Arc::clone(self.whole.column(*position))).collect()
    }
}
