//! Rows as the server copies them out, one batch at a time.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewBuilder};
use csv::{ByteRecord, ReaderBuilder};
use postgres::Client;

use super::connect::words;
use super::{Column, Table};
use crate::source::feed::{Sink, feed};
use crate::source::opened::Opened;
use crate::source::rows::{RowReader, Rows};
use crate::source::select::quoted;
use crate::source::{csv as text, scan};

/// Rows per batch.
const ROWS: usize = 4096;

impl Table {
    /// The rows of the result, in its order.
    pub(in crate::source) fn rows(&self, opened: &Arc<Opened>) -> Result<RowReader, String> {
        let (moment, width) = (Arc::clone(&self.moment), self.columns.len());
        let copy = self.copy(char::from(opened.signs().decimal));
        Ok(feed(move |sink| {
            let mut client = moment.enter().map_err(|(why, _)| why)?;
            read(&mut client, &copy, width, sink)
        }))
    }

    /// Every column as text; numbers with the decimal sign that the source declares for numbers in its texts.
    fn copy(&self, decimal: char) -> String {
        let text = |column: &Column| {
            let value = format!("q.{}{}::text", quoted(&column.name), column.cast);
            if column.numeric && decimal != '.' { format!("replace({value}, '.', '{decimal}')") } else { value }
        };
        let columns: String = self.columns.iter().map(|column| format!(", {}", text(column))).collect();
        // The line of a row is never empty, which is what a lone missing value would be. A query may end in a comment.
        format!("COPY (SELECT 1{columns} FROM (\n{}\n) AS q) TO STDOUT (FORMAT csv)", self.select)
    }
}

fn read(client: &mut Client, copy: &str, width: usize, sink: Sink<'_>) -> Result<(), String> {
    let bytes = client.copy_out(copy).map_err(|error| words(&error))?;
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let (mut record, mut next) = (ByteRecord::new(), 1u64);
    loop {
        let mut columns: Vec<StringViewBuilder> = (0..width).map(|_| StringViewBuilder::new()).collect();
        let mut rows = 0;
        while rows < ROWS && reader.read_byte_record(&mut record).map_err(broken)? {
            for (column, field) in columns.iter_mut().zip(record.iter().skip(1)) {
                column.append_value(std::str::from_utf8(field).map_err(|_| "a text is not UTF-8".to_owned())?);
            }
            rows += 1;
        }
        let columns = columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef).collect();
        let numbers: Vec<u64> = (next..next + rows as u64).collect();
        next += rows as u64;
        let wanted = sink(Rows::new(scan::batch(text::schema(width), columns, rows), numbers, Vec::new()));
        if !wanted || rows < ROWS {
            return Ok(());
        }
    }
}

/// The server's words are within those of the reader.
fn broken(error: csv::Error) -> String {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => match error.get_ref().and_then(|e| e.downcast_ref::<postgres::Error>()) {
            Some(error) => words(error),
            None => error.to_string(),
        },
        other => format!("{other:?}"),
    }
}
