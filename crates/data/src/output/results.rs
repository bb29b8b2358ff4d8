//! Results to be written: rows of named columns, requested in batches.

use std::io;

use accolade_core::model::Slot;
use arrow::array::{Array, ArrayRef};

/// The number of values that a writer requests at a time.
const VALUES: usize = 1 << 21;

/// The least and the greatest number of rows that a writer requests at a time.
const ROWS: (usize, usize) = (8192, 131_072);

/// The number of rows that a writer requests at a time, which is also that of a Parquet row group. Results with many
/// columns are requested in fewer rows.
pub(super) fn rows_per_request(results: &dyn Results) -> usize {
    (VALUES / results.slots().len().max(1)).next_multiple_of(1024).clamp(ROWS.0, ROWS.1)
}

/// Rows of named columns, in their order.
pub trait Results {
    /// The slot of each column, in order.
    fn slots(&self) -> Vec<Slot>;

    /// The total number of rows.
    fn rows(&self) -> usize;

    /// The next rows, at most `most` of them, as a list of batches of columns. The list is empty at the end.
    ///
    /// # Errors
    /// Fails when the rows cannot be read.
    fn next(&mut self, most: usize) -> io::Result<Vec<Vec<ArrayRef>>>;
}

/// Calls `act` with each row in turn: the columns of its batch and its index in them.
pub(super) fn each_row<E: From<io::Error>>(
    results: &mut dyn Results,
    mut act: impl FnMut(&[ArrayRef], usize) -> Result<(), E>,
) -> Result<(), E> {
    let most = rows_per_request(results);
    loop {
        let pieces = results.next(most)?;
        if pieces.is_empty() {
            return Ok(());
        }
        for columns in pieces {
            let rows = columns.first().map_or(0, |column| column.len());
            (0..rows).try_for_each(|row| act(&columns, row))?;
        }
    }
}

/// The output columns of a completed run.
#[derive(Debug)]
pub struct OutputColumns<'a> {
    columns: Vec<(&'a Slot, &'a ArrayRef)>,
    rows: usize,
    given: usize,
}

impl<'a> OutputColumns<'a> {
    /// Results of these columns, which have `rows` rows each.
    pub fn new(columns: Vec<(&'a Slot, &'a ArrayRef)>, rows: usize) -> OutputColumns<'a> {
        OutputColumns { columns, rows, given: 0 }
    }
}

impl Results for OutputColumns<'_> {
    fn slots(&self) -> Vec<Slot> {
        self.columns.iter().map(|(slot, _)| (*slot).clone()).collect()
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn next(&mut self, most: usize) -> io::Result<Vec<Vec<ArrayRef>>> {
        let (offset, rows) = (self.given, most.min(self.rows - self.given));
        self.given += rows;
        let piece = || self.columns.iter().map(|(_, column)| column.slice(offset, rows)).collect();
        Ok(if rows == 0 { Vec::new() } else { vec![piece()] })
    }
}

#[cfg(test)]
mod tests {
    use accolade_core::frame::array_of;
    use accolade_core::model::{Origin, Type};

    use super::*;

    #[test]
    fn wide_results_are_asked_for_in_smaller_batches() {
        let slot = Slot { name: "n".to_owned(), ty: Type::Text, nullable: false, labels: None, origin: Origin::Key };
        let column = array_of(Type::Text, std::iter::empty());
        for (columns, rows) in [(0, 131_072), (1, 131_072), (16, 131_072), (100, 21_504), (256, 8192), (10_000, 8192)] {
            let results = OutputColumns::new(vec![(&slot, &column); columns], 1);
            assert_eq!(rows_per_request(&results), rows, "{columns}");
        }
    }
}
