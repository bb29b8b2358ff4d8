//! Rows of texts in memory, read as a text file with the same columns is.

use std::sync::Arc;

use accolade_core::location;
use accolade_core::model::{Column, Source};
use accolade_parser::syntax::file::Format;
use arrow::array::{ArrayRef, StringViewBuilder};

use super::opened::Opened;
use super::rows::{Malformed, Rows};
use super::{csv, scan};

/// Rows per batch.
const ROWS: usize = 4096;

/// The number of the first row. The header counts as a row, as it does in a file.
const FIRST: u64 = 2;

/// The source as rows in memory hold it: under its own column names, without the format of a file, and with values
/// missing in the columns that the header lacks.
pub(super) fn described(source: &Source, header: &[String]) -> Source {
    let column = |column: &Column| {
        let nullable = column.nullable || !header.contains(&column.name);
        Column { nullable, ..column.clone() }
    };
    Source { columns: source.columns.iter().map(column).collect(), format: Format::default(), ..source.clone() }
}

/// The columns of the header, and then the declared ones that it lacks.
pub(super) fn header(source: &Source, header: &[String]) -> Vec<String> {
    let lacking = source.columns.iter().map(|column| &column.name).filter(|name| !header.contains(*name));
    header.iter().chain(lacking).cloned().collect()
}

/// The slow reading, which is the only one.
pub(super) struct Records {
    rows: Arc<location::Rows>,
    /// How many columns there are, with those that the header lacks.
    width: usize,
    next: usize,
}

impl Records {
    pub(super) fn new(opened: &Opened, rows: Arc<location::Rows>) -> Self {
        Records { rows, width: opened.header.len(), next: 0 }
    }

    /// What keeps a row from being used.
    fn malformed(&self, row: &[Option<String>], number: u64) -> Option<Malformed> {
        let columns = self.rows.header.len();
        (row.len() != columns).then(|| Malformed {
            number,
            message: format!("the row has {} values, the header has {columns}", row.len()),
            help: None,
            fields: row.iter().map(|text| text.clone().unwrap_or_default()).collect(),
        })
    }
}

impl Iterator for Records {
    type Item = Rows;

    fn next(&mut self) -> Option<Rows> {
        let until = self.rows.rows.len().min(self.next + ROWS);
        if self.next == until {
            return None;
        }
        let mut columns: Vec<StringViewBuilder> = (0..self.width).map(|_| StringViewBuilder::new()).collect();
        let (mut numbers, mut malformed) = (Vec::new(), Vec::new());
        for (number, row) in (FIRST + self.next as u64..).zip(&self.rows.rows[self.next..until]) {
            if let Some(wrong) = self.malformed(row, number) {
                malformed.push(wrong);
                continue;
            }
            numbers.push(number);
            for (i, column) in columns.iter_mut().enumerate() {
                column.append_option(row.get(i).and_then(Option::as_deref));
            }
        }
        self.next = until;
        let columns = columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef).collect();
        Some(Rows::new(scan::batch(csv::schema(self.width), columns, numbers.len()), numbers, malformed))
    }
}
