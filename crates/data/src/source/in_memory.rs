//! Rows of texts in memory, read like a text file with the same columns.

use std::sync::Arc;

use accolade_core::location;
use accolade_core::model::{Column, Source, Type, TypedExpr, Value};
use accolade_parser::syntax::file::FormatOptions;

use super::opened::OpenedSource;
use super::rows::{MalformedRecord, RowBatch};
use super::rows_builder::RowBatchBuilder;

/// Rows per batch.
const ROWS: usize = 4096;

/// The number of the first row. The header counts as a row, as it does in a file.
const FIRST: u64 = 2;

/// The declaration of a source, adapted to rows in memory: columns have their own names, there is no file format, and
/// columns that the header lacks are optional. A key is computed unless it is given itself, and the condition on rows
/// counts if they have what it reads.
pub(super) fn described(source: &Source, header: &[String]) -> Source {
    let is_stored = |name: &String| source.stored().iter().any(|column| column.name == *name);
    let column = |column: &Column| {
        let nullable = column.nullable || !header.contains(&column.name);
        let is_given = header.contains(&column.name) && !is_stored(&column.name);
        let computed = column.computed.clone().filter(|_| !is_given);
        Column { nullable, computed, ..column.clone() }
    };
    let mut has_all = true;
    source.filter.iter().for_each(|condition| {
        condition.for_each_field(&mut |index| has_all &= header.contains(&source.columns[index].name));
    });
    let every_row = TypedExpr::literal(Value::Boolean(true), Type::Boolean);
    Source {
        columns: source.columns.iter().map(column).collect(),
        filter: source.filter.clone().map(|filter| if has_all { filter } else { every_row }),
        format: FormatOptions { values: source.format.values.clone(), ..FormatOptions::default() },
        ..source.clone()
    }
}

/// The columns of the header, followed by the declared ones that it lacks.
pub(super) fn header(source: &Source, header: &[String]) -> Vec<String> {
    let lacking = source.stored().iter().map(|column| &column.name).filter(|name| !header.contains(*name));
    header.iter().chain(lacking).cloned().collect()
}

/// The slow path, which is the only one for rows in memory.
pub(super) struct InMemoryRecords {
    rows: Arc<location::MemoryTable>,
    /// The number of columns, including those that the header lacks.
    width: usize,
    next: usize,
}

impl InMemoryRecords {
    pub(super) fn new(opened: &OpenedSource, rows: Arc<location::MemoryTable>) -> Self {
        InMemoryRecords { rows, width: opened.header.len(), next: 0 }
    }

    /// The malformed record of a row that is longer or shorter than the header.
    fn malformed(&self, row: &[Option<String>], number: u64) -> Option<MalformedRecord> {
        let columns = self.rows.header.len();
        (row.len() != columns).then(|| MalformedRecord {
            number,
            message: format!("the row has {} values, the header has {columns}", row.len()),
            help: None,
            fields: row.iter().map(|text| text.clone().unwrap_or_default()).collect(),
        })
    }
}

impl Iterator for InMemoryRecords {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        let until = self.rows.rows.len().min(self.next + ROWS);
        if self.next == until {
            return None;
        }
        let mut rows = RowBatchBuilder::new(self.width);
        for (number, row) in (FIRST + self.next as u64..).zip(&self.rows.rows[self.next..until]) {
            match self.malformed(row, number) {
                Some(malformed) => rows.reject(malformed),
                None => rows.push(number, row.iter().map(Option::as_deref)),
            }
        }
        self.next = until;
        Some(rows.finish())
    }
}
