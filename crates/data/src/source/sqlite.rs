//! Tables of an SQLite database, opened read-only.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_core::model::{SourcePart, Type};
use accolade_parser::Code;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::convert::{ValueProblem, excerpt};
use super::opened::OpenedSource;
use super::reader_thread::{RowSink, read_on_thread};
use super::rows::RowReader;
use super::rows_builder::RowBatchBuilder;
use super::select::{TableOrQuery, quote_identifier};
use super::{floats, select};

/// Rows per batch.
const ROWS: usize = 4096;

const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// The selected table or query.
#[derive(Debug)]
pub(super) struct SqliteTable {
    path: PathBuf,
    select: String,
    /// Its name in diagnostics.
    pub(super) place: String,
}

/// Finds the table named in the location or the rule file, or the only one, and its columns.
///
/// # Errors
/// Fails when the database cannot be read or has no such table, and when the query does not only read. The error is the
/// reason and an optional help.
pub(super) fn open(
    path: &Path,
    name: &str,
    named: Option<&str>,
    declared: &SourcePart,
) -> Result<(SqliteTable, Vec<String>), (String, Option<String>)> {
    let database = connect(path).map_err(|error| (error, None))?;
    let tables = tables(&database).map_err(|error| (error_message(&error), None))?;
    let (select, place) = match select::chosen(named, declared, &tables)? {
        TableOrQuery::Table(table) => {
            (format!("SELECT * FROM {}", quote_identifier(&table)), format!("{name}#{table}"))
        }
        TableOrQuery::Query(query) => (query, format!("{name} (query)")),
    };
    let statement = database.prepare(&select).map_err(|error| (error_message(&error), None))?;
    if !statement.readonly() {
        return Err(("the query is not read-only".to_owned(), Some("write a single SELECT".to_owned())));
    }
    let header: Vec<String> = statement.column_names().map(str::to_owned).collect();
    Ok((SqliteTable { path: path.to_owned(), select, place }, header))
}

fn connect(path: &Path) -> Result<Connection, String> {
    Connection::open_with_flags(path, READ_ONLY).map_err(|error| error_message(&error))
}

/// The message of an SQLite error, without the statement.
pub fn error_message(error: &rusqlite::Error) -> String {
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

/// The tables that a source reads, also those behind views and in queries; none if it cannot be opened.
pub(super) fn tables_read(path: &Path, named: Option<&str>, declared: &SourcePart) -> Vec<String> {
    let Ok((table, _)) = open(path, "", named, declared) else { return Vec::new() };
    let read = || -> Result<Vec<String>, rusqlite::Error> {
        let database = Connection::open_with_flags(path, READ_ONLY)?;
        let mut explained = database.prepare(&format!("EXPLAIN {}", table.select))?;
        let cursors = explained.query_map([], |row| Ok((row.get::<_, String>("opcode")?, row.get::<_, i64>("p2")?)))?;
        let cursors: Vec<(String, i64)> = cursors.collect::<Result<_, _>>()?;
        let pages = cursors.into_iter().filter(|(opcode, _)| opcode == "OpenRead").map(|(_, page)| page);
        // The root page of an index names the table it is of.
        let mut owner = database.prepare("SELECT tbl_name FROM sqlite_schema WHERE rootpage = ?1")?;
        pages.map(|page| owner.query_row([page], |row| row.get(0))).collect()
    };
    read().unwrap_or_default()
}

impl SqliteTable {
    /// The rows of the result, in its order.
    pub(super) fn rows(&self, opened: &Arc<OpenedSource>) -> Result<RowReader, String> {
        let database = connect(&self.path)?;
        let (select, opened) = (self.select.clone(), Arc::clone(opened));
        Ok(read_on_thread(move |sink| read(&database, &select, &opened, sink)))
    }
}

fn read(database: &Connection, select: &str, opened: &OpenedSource, sink: RowSink<'_>) -> Result<(), String> {
    let types = opened.types();
    let decimal = char::from(opened.signs().decimal);
    let mut statement = database.prepare(select).map_err(|e| error_message(&e))?;
    let mut cursor = statement.query([]).map_err(|e| error_message(&e))?;
    let mut number = 1u64;
    loop {
        let mut rows = RowBatchBuilder::new(types.len());
        while rows.len() < ROWS
            && let Some(row) = cursor.next().map_err(|e| error_message(&e))?
        {
            let value = |(i, ty)| row.get_ref(i).map(|value| text(value, ty, decimal)).map_err(|e| error_message(&e));
            let values: Vec<_> = types.iter().copied().enumerate().map(value).collect::<Result<_, String>>()?;
            rows.push_usable(number, values);
            number += 1;
        }
        let last = rows.len() < ROWS;
        if !sink(rows.finish()) || last {
            return Ok(());
        }
    }
}

/// A value as the text that a column of type `ty` reads.
fn text(value: ValueRef<'_>, ty: Type, decimal: char) -> Result<Option<Cow<'_, str>>, ValueProblem> {
    let unreadable = |message| Err(ValueProblem { code: Code::E0703, message, help: None });
    Ok(Some(match value {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(value) => value.to_string().into(),
        ValueRef::Real(value) => floats::text(value, ty, decimal).into(),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => return unreadable(format!("`{}` is not UTF-8", excerpt(&String::from_utf8_lossy(bytes)))),
        },
        ValueRef::Blob(_) => return unreadable("the value is a blob, not text or a number".to_owned()),
    }))
}
