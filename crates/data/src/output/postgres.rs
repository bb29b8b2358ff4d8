//! Results as a table of a PostgreSQL database, in one transaction: readers see the old rows until it commits.

use std::io;

use accolade_core::location::PostgresDatabase;
use accolade_core::model::{Slot, Type};
use postgres::IsolationLevel;

use super::csv;
use super::formula::FormulaText;
use super::results::Results;
use super::target::same_columns;
use crate::source::postgres::{connect, error_message};
use crate::source::quote_identifier;

pub(super) fn write(results: &mut dyn Results, server: &PostgresDatabase, table: &str) -> io::Result<()> {
    let slots = results.slots();
    let mut client = connect(server).map_err(|(why, help)| match help {
        Some(help) => io::Error::other(format!("{why}; {help}")),
        None => io::Error::other(why),
    })?;
    // A transaction that is dropped without a commit is rolled back.
    let begin = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    let mut transaction = begin.start().map_err(failed)?;
    let name: Vec<String> = table.split('.').map(quote_identifier).collect();
    let name = name.join(".");
    // Runs into one table wait for each other, also while it does not exist yet.
    transaction
        .execute("SELECT pg_advisory_xact_lock(hashtext('accolade'), hashtext($1))", &[&name])
        .map_err(failed)?;
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
        // Other writers wait. Deleting the rows keeps grants, indexes and views, and does not block readers.
        let clear = format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE; DELETE FROM {name}");
        transaction.batch_execute(&clear).map_err(failed)?;
    }
    let copy = format!("COPY {name} FROM STDIN (FORMAT csv, HEADER)");
    let mut sink = transaction.copy_in(&copy).map_err(failed)?;
    csv::write(results, FormulaText::Kept, &mut sink).map_err(|error| {
        match error.get_ref().and_then(|e| e.downcast_ref()) {
            Some(error) => io::Error::other(error_message(error)),
            None => error,
        }
    })?;
    sink.finish().map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// The SQL type that holds the values of a type exactly.
fn sql_type(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Rows => "text",
        Type::Boolean => "boolean",
        Type::Integer | Type::Duration => "bigint",
        Type::Number | Type::Percent => "double precision",
        Type::Money => "numeric(38, 4)",
        Type::Score | Type::Decimal => "numeric",
        Type::Date => "date",
        Type::DateTime => "timestamp",
    }
}

fn failed(error: postgres::Error) -> io::Error {
    io::Error::other(error_message(&error))
}
