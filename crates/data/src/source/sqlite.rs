//! Tables of an SQLite database, opened to be read only.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_core::model::Part;
use accolade_parser::Code;
use arrow::array::{ArrayRef, StringViewBuilder};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::convert::{Problem, shown};
use super::feed::{Sink, feed};
use super::opened::Opened;
use super::rows::{RowReader, Rows, Unusable};
use super::select::{Select, quoted};
use super::{csv, floats, scan, select};

/// Rows per batch.
const ROWS: usize = 4096;

/// What is selected from a database.
#[derive(Debug)]
pub(super) struct Table {
    path: PathBuf,
    select: String,
    /// What findings call it.
    pub(super) place: String,
}

/// Finds the table named in the location or the rule file, or the only one, and its columns.
///
/// # Errors
/// What kept it from being read, and what to do about it.
pub(super) fn open(
    path: &Path,
    name: &str,
    named: Option<&str>,
    declared: &Part,
) -> Result<(Table, Vec<String>), (String, Option<String>)> {
    let database = connect(path).map_err(|error| (error, None))?;
    let tables = tables(&database).map_err(|error| (words(&error), None))?;
    let (select, place) = match select::chosen(named, declared, &tables)? {
        Select::Table(table) => (format!("SELECT * FROM {}", quoted(&table)), format!("{name}#{table}")),
        Select::Query(query) => (query, format!("{name} (query)")),
    };
    let statement = database.prepare(&select).map_err(|error| (words(&error), None))?;
    if !statement.readonly() {
        return Err(("the query does not read".to_owned(), Some("write one SELECT".to_owned())));
    }
    let header: Vec<String> = statement.column_names().map(str::to_owned).collect();
    Ok((Table { path: path.to_owned(), select, place }, header))
}

fn connect(path: &Path) -> Result<Connection, String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(|error| words(&error))
}

/// What SQLite says, without the statement that it says it of.
pub fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn tables(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let select = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                  ORDER BY name";
    database.prepare(select)?.query_map([], |row| row.get(0))?.collect()
}

impl Table {
    /// The rows of the result, in its order.
    pub(super) fn rows(&self, opened: &Arc<Opened>) -> Result<RowReader, String> {
        let database = connect(&self.path)?;
        let (select, opened) = (self.select.clone(), Arc::clone(opened));
        Ok(feed(move |sink| read(&database, &select, &opened, sink)))
    }
}

fn read(database: &Connection, select: &str, opened: &Opened, sink: Sink<'_>) -> Result<(), String> {
    let types = opened.types();
    let decimal = char::from(opened.signs().decimal);
    let mut statement = database.prepare(select).map_err(|e| words(&e))?;
    let mut cursor = statement.query([]).map_err(|e| words(&e))?;
    let mut next = 1u64;
    loop {
        let mut columns: Vec<StringViewBuilder> = types.iter().map(|_| StringViewBuilder::new()).collect();
        let (mut rows, mut unusable) = (0, Vec::new());
        while rows < ROWS
            && let Some(row) = cursor.next().map_err(|e| words(&e))?
        {
            for (i, (column, ty)) in columns.iter_mut().zip(&types).enumerate() {
                match row.get_ref(i).map_err(|e| words(&e))? {
                    ValueRef::Null => column.append_null(),
                    ValueRef::Integer(value) => column.append_value(value.to_string()),
                    ValueRef::Real(value) => column.append_value(floats::text(value, *ty, decimal)),
                    ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                        Ok(text) => column.append_value(text),
                        Err(_) => {
                            column.append_null();
                            let message = format!("`{}` is not UTF-8", shown(&String::from_utf8_lossy(bytes)));
                            unusable.push(unreadable(rows, i, message));
                        }
                    },
                    ValueRef::Blob(_) => {
                        column.append_null();
                        unusable.push(unreadable(rows, i, "the value is a blob, not text or a number".to_owned()));
                    }
                }
            }
            rows += 1;
        }
        let columns = columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef).collect();
        let numbers: Vec<u64> = (next..next + rows as u64).collect();
        next += rows as u64;
        let whole = scan::batch(csv::schema(types.len()), columns, rows);
        let wanted = sink(Rows { unusable, ..Rows::new(whole, numbers, Vec::new()) });
        if !wanted || rows < ROWS {
            return Ok(());
        }
    }
}

fn unreadable(row: usize, column: usize, message: String) -> Unusable {
    Unusable { row, column, problem: Problem { code: Code::E0703, message, help: None } }
}
