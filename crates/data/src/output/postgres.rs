//! Results as a table of a PostgreSQL database, in one transaction: readers see the old rows until it commits.

use std::io;

use accolade_core::location::PostgresDatabase;
use accolade_core::model::{Slot, Type};
use postgres::{Client, IsolationLevel, Transaction};

use super::csv;
use super::formula::FormulaText;
use super::results::Results;
use super::target::same_columns;
use crate::source::postgres::{connect, error_message};
use crate::source::quote_identifier;

pub(super) fn write(results: &mut dyn Results, server: &PostgresDatabase, table: &str) -> io::Result<()> {
    let slots = results.slots();
    let mut client = open(server)?;
    let name = quoted_table(table);
    let mut transaction = begin(&mut client, &name)?;
    let select = "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 \
                  AND NOT attisdropped ORDER BY attnum";
    let existing: Vec<String> =
        transaction.query(select, &[&name]).map_err(failed)?.iter().map(|row| row.get(0)).collect();
    if existing.is_empty() {
        let column = |slot: &Slot| {
            let missing = if slot.may_be_null() { "" } else { " NOT NULL" };
            format!("{} {}{missing}", quote_identifier(&slot.name), sql_type(slot.ty))
        };
        let declared: Vec<String> = slots.iter().map(column).collect();
        transaction.batch_execute(&format!("CREATE TABLE {name} ({})", declared.join(", "))).map_err(failed)?;
    } else {
        same_columns(table, &existing, slots.iter().map(|slot| slot.name.as_str()))?;
        // Deleting the rows keeps grants, indexes and views, and does not block readers.
        lock_table(&mut transaction, &name)?;
        transaction.batch_execute(&format!("DELETE FROM {name}")).map_err(failed)?;
    }
    copy(results, &mut transaction, &name)?;
    transaction.commit().map_err(failed)
}

pub(super) fn open(server: &PostgresDatabase) -> io::Result<Client> {
    connect(server).map_err(|(why, help)| match help {
        Some(help) => io::Error::other(format!("{why}; {help}")),
        None => io::Error::other(why),
    })
}

/// The quoted name of a table, which may have that of its schema before it.
pub(super) fn quoted_table(table: &str) -> String {
    table.split('.').map(quote_identifier).collect::<Vec<_>>().join(".")
}

/// Begins a transaction, which is rolled back if it is dropped without a commit. Runs into the table of this quoted
/// name wait for each other, also while it does not exist yet.
pub(super) fn begin<'c>(client: &'c mut Client, name: &str) -> io::Result<Transaction<'c>> {
    let begin = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    let mut transaction = begin.start().map_err(failed)?;
    transaction
        .execute("SELECT pg_advisory_xact_lock(hashtext('accolade'), hashtext($1))", &[&name])
        .map_err(failed)?;
    Ok(transaction)
}

/// Makes other writers of a table wait, and no readers.
pub(super) fn lock_table(transaction: &mut Transaction<'_>, name: &str) -> io::Result<()> {
    transaction.batch_execute(&format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")).map_err(failed)
}

/// Copies the rows of results into a table, which may have a list of columns after its name.
pub(super) fn copy(results: &mut dyn Results, transaction: &mut Transaction<'_>, into: &str) -> io::Result<()> {
    let copy = format!("COPY {into} FROM STDIN (FORMAT csv, HEADER)");
    let mut sink = transaction.copy_in(&copy).map_err(failed)?;
    csv::write(results, FormulaText::Kept, &mut sink).map_err(|error| {
        match error.get_ref().and_then(|e| e.downcast_ref()) {
            Some(error) => io::Error::other(error_message(error)),
            None => error,
        }
    })?;
    sink.finish().map_err(failed)?;
    Ok(())
}

/// The SQL type that holds the values of a type exactly, as the catalogue of the database writes it.
pub(super) fn sql_type(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Rows => "text",
        Type::Boolean => "boolean",
        Type::Integer | Type::Duration => "bigint",
        Type::Number | Type::Percent => "double precision",
        Type::Money => "numeric(38,4)",
        Type::Score | Type::Decimal => "numeric",
        Type::Date => "date",
        Type::DateTime => "timestamp without time zone",
    }
}

pub(super) fn failed(error: postgres::Error) -> io::Error {
    io::Error::other(error_message(&error))
}
