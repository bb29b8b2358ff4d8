//! The columns that a history has, and those that results need.

use accolade_core::model::{Origin, Slot, Type};

use super::{AppendError, DATE_COLUMN, History, other_type};
use crate::source::quote_identifier;

/// A column of an existing table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExistingColumn {
    pub name: String,
    /// Its type, as the database writes it.
    pub ty: String,
    /// Whether it is part of the primary key.
    pub is_key: bool,
}

/// The statement that makes the table of a history.
pub(super) fn create(table: &str, slots: &[Slot], history: &History, sql_type: fn(Type) -> &'static str) -> String {
    let column = |slot: &Slot| {
        let missing = if slot.origin == Origin::Key { " NOT NULL" } else { "" };
        format!("{} {}{missing}", quote_identifier(&slot.name), sql_type(slot.ty))
    };
    let declared: Vec<String> = slots.iter().map(column).collect();
    let keys = [DATE_COLUMN, history.key].map(quote_identifier).join(", ");
    format!("CREATE TABLE {table} ({}, PRIMARY KEY ({keys}))", declared.join(", "))
}

/// The slots that an existing table has no column for.
///
/// # Errors
/// Fails with E0720 when the keys of the table are not date and customer, and with E0721 when a column has another
/// type.
pub(super) fn new_slots<'s>(
    existing: &[ExistingColumn],
    slots: &'s [Slot],
    history: &History,
    sql_type: fn(Type) -> &'static str,
) -> Result<Vec<&'s Slot>, AppendError> {
    let mut keys: Vec<&str> = existing.iter().filter(|c| c.is_key).map(|c| c.name.as_str()).collect();
    keys.sort_unstable();
    let mut wanted = [DATE_COLUMN, history.key];
    wanted.sort_unstable();
    if keys != wanted {
        let has = if keys.is_empty() { "none".to_owned() } else { format!("({})", keys.join(", ")) };
        let why = format!("its primary key is {has}, and a history has ({DATE_COLUMN}, {})", history.key);
        return Err(history.other_keys(&why).into());
    }
    let mut new = Vec::new();
    for slot in slots {
        match existing.iter().find(|column| column.name == slot.name) {
            None => new.push(slot),
            Some(column) if column.ty == sql_type(slot.ty) => {}
            Some(column) => return Err(other_type(slot, history.target, &column.ty, sql_type(slot.ty)).into()),
        }
    }
    Ok(new)
}

/// The statement that adds the column of a slot. Rows of earlier runs have no value in it.
pub(super) fn add(table: &str, slot: &Slot, sql_type: fn(Type) -> &'static str) -> String {
    format!("ALTER TABLE {table} ADD COLUMN {} {}", quote_identifier(&slot.name), sql_type(slot.ty))
}

/// The names of slots as a list of columns.
pub(super) fn list(slots: &[Slot]) -> String {
    slots.iter().map(|slot| quote_identifier(&slot.name)).collect::<Vec<_>>().join(", ")
}
