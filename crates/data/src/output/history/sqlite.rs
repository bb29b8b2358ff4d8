//! A history as a table of an SQLite database, with the primary key of date and customer.

use std::path::Path;

use accolade_core::model::Type;
use accolade_core::show;

use super::columns::{self, ExistingColumn};
use super::{AppendError, DATE_COLUMN, History};
use crate::output::Results;
use crate::output::sqlite::{begin, failed, insert, open};
use crate::source::quote_identifier;

pub(super) fn append(
    results: &mut dyn Results,
    path: &Path,
    table: &str,
    history: &History,
) -> Result<Vec<String>, AppendError> {
    let slots = results.slots();
    let mut database = open(path)?;
    let transaction = begin(&mut database)?;
    let existing: Vec<ExistingColumn> = {
        let select = "SELECT name, type, pk > 0 FROM pragma_table_info(?1)";
        let mut select = transaction.prepare(select).map_err(failed)?;
        let column =
            |row: &rusqlite::Row<'_>| Ok(ExistingColumn { name: row.get(0)?, ty: row.get(1)?, is_key: row.get(2)? });
        let columns = select.query_map([table], column).map_err(failed)?;
        columns.collect::<Result<_, _>>().map_err(failed)?
    };
    let name = quote_identifier(table);
    let mut added = Vec::new();
    if existing.is_empty() {
        transaction.execute(&columns::create(&name, &slots, history, sql_type), []).map_err(failed)?;
    } else {
        for slot in columns::new_slots(&existing, &slots, history, sql_type)? {
            transaction.execute(&columns::add(&name, slot, sql_type), []).map_err(failed)?;
            added.push(slot.name.clone());
        }
        let clear = format!("DELETE FROM {name} WHERE {} = ?1", quote_identifier(DATE_COLUMN));
        transaction.execute(&clear, [show::date(history.as_of)]).map_err(failed)?;
    }
    insert(results, &transaction, &format!("{name} ({})", columns::list(&slots)))?;
    transaction.commit().map_err(failed)?;
    Ok(added)
}

/// The declared type of a column. Those with `TEXT` in their name hold text; the names tell types apart that SQLite
/// does not have.
fn sql_type(ty: Type) -> &'static str {
    match ty {
        Type::Integer | Type::Duration => "INTEGER",
        Type::Boolean => "BOOLEAN",
        Type::Number | Type::Percent => "REAL",
        Type::Text | Type::Rows => "TEXT",
        Type::Money => "MONEY_TEXT",
        Type::Score | Type::Decimal => "DECIMAL_TEXT",
        Type::Date => "DATE_TEXT",
        Type::DateTime => "DATETIME_TEXT",
    }
}
