//! The slow reading: rows in their order, with their numbers.

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use arrow::util::display::array_value_to_string;

/// Some rows of a file in their order.
#[derive(Debug)]
pub(super) struct Rows {
    /// Every column of the file.
    pub(super) whole: RecordBatch,
    /// Each row's number: a line of a text file, a row of Parquet, from 1.
    pub(super) numbers: Vec<u64>,
    /// Records that are not in the batch because they cannot be taken apart.
    pub(super) malformed: Vec<Malformed>,
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
        positions.iter().map(|position| std::sync::Arc::clone(self.whole.column(*position))).collect()
    }
}
