//! Rows from `COPY … TO STDOUT`, one batch at a time.

use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use postgres::Client;

use super::connect::error_message;
use super::{PostgresTable, ResultColumn};
use crate::source::opened::OpenedSource;
use crate::source::reader_thread::{RowSink, read_on_thread};
use crate::source::rows::RowReader;
use crate::source::rows_builder::RowBatchBuilder;
use crate::source::select::quote_identifier;

/// Rows per batch.
const ROWS: usize = 4096;

impl PostgresTable {
    /// The rows of the result, in its order.
    pub(in crate::source) fn rows(&self, opened: &Arc<OpenedSource>) -> Result<RowReader, String> {
        let (moment, width) = (Arc::clone(&self.moment), self.columns.len());
        let copy = self.copy(char::from(opened.signs().decimal));
        Ok(read_on_thread(move |sink| {
            let mut client = moment.connect().map_err(|(why, _)| why)?;
            read(&mut client, &copy, width, sink)
        }))
    }

    /// The statement that copies every column as text, and numbers with the decimal sign that the source declares.
    fn copy(&self, decimal: char) -> String {
        let text = |column: &ResultColumn| {
            let value = format!("q.{}{}::text", quote_identifier(&column.name), column.cast);
            if column.numeric && decimal != '.' { format!("replace({value}, '.', '{decimal}')") } else { value }
        };
        let columns: String = self.columns.iter().map(|column| format!(", {}", text(column))).collect();
        // The leading 1 keeps a row of one missing value from being an empty line. A query may end in a comment, so a
        // line break follows it.
        format!("COPY (SELECT 1{columns} FROM (\n{}\n) AS q) TO STDOUT (FORMAT csv)", self.select)
    }
}

fn read(client: &mut Client, copy: &str, width: usize, sink: RowSink<'_>) -> Result<(), String> {
    let bytes = client.copy_out(copy).map_err(|error| error_message(&error))?;
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let (mut record, mut number) = (ByteRecord::new(), 1u64);
    loop {
        let mut rows = RowBatchBuilder::new(width);
        while rows.len() < ROWS && reader.read_byte_record(&mut record).map_err(broken)? {
            let text = |field| std::str::from_utf8(field).map(Some).map_err(|_| "a text is not UTF-8".to_owned());
            let values: Vec<_> = record.iter().skip(1).map(text).collect::<Result<_, String>>()?;
            rows.push(number, values);
            number += 1;
        }
        let last = rows.len() < ROWS;
        if !sink(rows.finish()) || last {
            return Ok(());
        }
    }
}

/// The message of an error. The CSV reader wraps those of the server.
fn broken(error: csv::Error) -> String {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => match error.get_ref().and_then(|e| e.downcast_ref::<postgres::Error>()) {
            Some(error) => error_message(error),
            None => error.to_string(),
        },
        other => format!("{other:?}"),
    }
}
