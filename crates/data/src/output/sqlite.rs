//! Results as a table of an SQLite database, in one transaction.
//!
//! SQLite has no decimals, so money and scores are text, which is exact. Dates are text in the form that SQLite's
//! functions read.

use std::io;
use std::path::Path;
use std::time::Duration;

use accolade_core::frame::value_at;
use accolade_core::model::{Slot, Type, Value};
use accolade_core::show;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::results::{Results, each_row};
use super::target::same_columns;
use crate::source::quote_identifier;

/// The longest wait for another program that writes to the database.
const MAX_WAIT: Duration = Duration::from_secs(60);

pub(super) fn write(results: &mut dyn Results, path: &Path, table: &str) -> io::Result<()> {
    let slots = results.slots();
    let mut database = open(path)?;
    let transaction = begin(&mut database)?;
    let existing: Vec<String> = {
        let mut select = transaction.prepare("SELECT name FROM pragma_table_info(?1)").map_err(failed)?;
        let names = select.query_map([table], |row| row.get(0)).map_err(failed)?;
        names.collect::<Result<_, _>>().map_err(failed)?
    };
    let name = quote_identifier(table);
    if existing.is_empty() {
        let column = |slot: &Slot| {
            let missing = if slot.may_be_null() { "" } else { " NOT NULL" };
            format!("{} {}{missing}", quote_identifier(&slot.name), sql_type(slot.ty))
        };
        let declared: Vec<String> = slots.iter().map(column).collect();
        transaction.execute(&format!("CREATE TABLE {name} ({})", declared.join(", ")), []).map_err(failed)?;
    } else {
        same_columns(table, &existing, slots.iter().map(|slot| slot.name.as_str()))?;
        transaction.execute(&format!("DELETE FROM {name}"), []).map_err(failed)?;
    }
    insert(results, &transaction, &name)?;
    transaction.commit().map_err(failed)
}

pub(super) fn open(path: &Path) -> io::Result<Connection> {
    let database = Connection::open(path).map_err(failed)?;
    database.busy_timeout(MAX_WAIT).map_err(failed)?;
    Ok(database)
}

/// Begins a transaction that other writers wait for. It is rolled back if it is dropped without a commit.
pub(super) fn begin(database: &mut Connection) -> io::Result<Transaction<'_>> {
    database.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)
}

/// Inserts the rows of results into a table, which may have a list of columns after its name.
pub(super) fn insert(results: &mut dyn Results, transaction: &Transaction<'_>, into: &str) -> io::Result<()> {
    let places: Vec<String> = (1..=results.slots().len()).map(|i| format!("?{i}")).collect();
    let insert = format!("INSERT INTO {into} VALUES ({})", places.join(", "));
    let mut insert = transaction.prepare(&insert).map_err(failed)?;
    each_row(results, |columns, row| -> io::Result<()> {
        let cells = columns.iter().map(|column| cell(&value_at(column, row)));
        insert.execute(rusqlite::params_from_iter(cells)).map_err(failed)?;
        Ok(())
    })
}

fn sql_type(ty: Type) -> &'static str {
    match ty {
        Type::Integer | Type::Duration => "INTEGER",
        Type::Boolean => "BOOLEAN",
        Type::Number | Type::Percent => "REAL",
        Type::Text | Type::Money | Type::Score | Type::Decimal | Type::Date | Type::DateTime | Type::Rows => "TEXT",
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Boolean(v) => Cell::Integer(i64::from(*v)),
        Value::Integer(v) => Cell::Integer(*v),
        Value::Number(v) => Cell::Real(*v),
        other => Cell::Text(show::value(other)),
    }
}

pub(super) fn failed(error: rusqlite::Error) -> io::Error {
    io::Error::other(crate::source::sqlite_words(&error))
}
