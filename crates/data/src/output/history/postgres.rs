//! A history as a table of a PostgreSQL database, with the primary key of date and customer.

use accolade_core::location::PostgresDatabase;

use super::columns::{self, ExistingColumn};
use super::{AppendError, DATE_COLUMN, History};
use crate::output::Results;
use crate::output::postgres::{begin, copy, failed, lock_table, open, quoted_table, sql_type};
use crate::source::quote_identifier;

/// The columns of a table, with their types and whether they are in the primary key.
const COLUMNS: &str = "SELECT attname::text, format_type(atttypid, atttypmod), COALESCE(attnum = ANY (conkey), false) \
     FROM pg_attribute LEFT JOIN pg_constraint ON conrelid = attrelid AND contype = 'p' \
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";

pub(super) fn append(
    results: &mut dyn Results,
    server: &PostgresDatabase,
    table: &str,
    history: &History,
) -> Result<Vec<String>, AppendError> {
    let slots = results.slots();
    let mut client = open(server)?;
    let name = quoted_table(table);
    let mut transaction = begin(&mut client, &name)?;
    let existing: Vec<ExistingColumn> = transaction
        .query(COLUMNS, &[&name])
        .map_err(failed)?
        .iter()
        .map(|row| ExistingColumn { name: row.get(0), ty: row.get(1), is_key: row.get(2) })
        .collect();
    let mut added = Vec::new();
    if existing.is_empty() {
        transaction.batch_execute(&columns::create(&name, &slots, history, sql_type)).map_err(failed)?;
    } else {
        for slot in columns::new_slots(&existing, &slots, history, sql_type)? {
            transaction.batch_execute(&columns::add(&name, slot, sql_type)).map_err(failed)?;
            added.push(slot.name.clone());
        }
        lock_table(&mut transaction, &name)?;
        // The date is a day since 1970-01-01, so that none is written as text and read by the server's settings.
        let clear = format!("DELETE FROM {name} WHERE {} = DATE '1970-01-01' + $1::int", quote_identifier(DATE_COLUMN));
        transaction.execute(&clear, &[&history.as_of]).map_err(failed)?;
    }
    copy(results, &mut transaction, &format!("{name} ({})", columns::list(&slots)))?;
    transaction.commit().map_err(failed)?;
    Ok(added)
}
