//! The customers table: who is rated, and who is known besides, since events of a customer whom the condition of the table
//! leaves out are no errors.

use std::sync::Arc;

use accolade_core::model::SlotId;
use accolade_parser::Diagnostics;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array, new_null_array};
use arrow::compute::{concat, filter, not, take};
use arrow::error::ArrowError;

use super::error::ReadError;
use super::keys;
use super::read::failed;

/// The customers of a table, sorted by key.
pub(super) struct KnownCustomers {
    pub(super) keys: ArrayRef,
    pub(super) columns: Vec<(SlotId, ArrayRef)>,
    /// Which of them meet the condition of the table; all if absent.
    pub(super) is_read: Option<BooleanArray>,
}

impl KnownCustomers {
    /// The customers from the columns of their table, the key first. With a condition, the last column tells who meets it.
    ///
    /// # Errors
    /// Fails when a customer who meets the condition is in the table twice.
    pub(super) fn new(
        mut columns: Vec<ArrayRef>,
        slots: &[SlotId],
        has_condition: bool,
    ) -> Result<KnownCustomers, ReadError> {
        let is_read = if has_condition { columns.pop() } else { None };
        let mut others = None;
        if let Some(is_read) = is_read.as_ref().map(|column| column.as_boolean()) {
            others = Some(left_out(&columns[0], is_read).map_err(ReadError::retry)?);
            columns = columns
                .iter()
                .map(|column| filter(column, is_read))
                .collect::<Result<_, _>>()
                .map_err(ReadError::retry)?;
        }
        let mut sorted = keys::sorted(columns).map_err(ReadError::retry)?;
        if keys::has_duplicates(&sorted[0]) {
            return Err(ReadError::retry("a customer is in the file twice"));
        }
        let mut is_read = None;
        if let Some(others) = others {
            let (all, mask) = with_others(&sorted, others).map_err(ReadError::retry)?;
            (sorted, is_read) = (all, Some(mask));
        }
        let keys = sorted.remove(0);
        Ok(KnownCustomers { keys, columns: slots.iter().copied().skip(1).zip(sorted).collect(), is_read })
    }
}

/// The keys that the condition leaves out, each once.
fn left_out(keys: &ArrayRef, is_read: &BooleanArray) -> Result<ArrayRef, ArrowError> {
    keys::distinct(filter(keys, &not(is_read)?)?)
}

/// The customers who are read and the others, sorted by key, and who is read. A key that has a row of each sort is read.
fn with_others(sorted: &[ArrayRef], others: ArrayRef) -> Result<(Vec<ArrayRef>, BooleanArray), ArrowError> {
    let read = sorted[0].len();
    let (rows, _) = keys::rows_of(&others, &sorted[0]);
    let is_new: BooleanArray = (0..others.len()).map(|row| Some(rows.is_null(row))).collect();
    let others = filter(&others, &is_new)?;
    let mut columns = Vec::with_capacity(sorted.len() + 1);
    for (index, column) in sorted.iter().enumerate() {
        let rest = if index == 0 { Arc::clone(&others) } else { new_null_array(column.data_type(), others.len()) };
        columns.push(concat(&[column.as_ref(), rest.as_ref()])?);
    }
    let mask: BooleanArray = (0..read + others.len()).map(|row| Some(row < read)).collect();
    columns.push(Arc::new(mask));
    let mut columns = keys::sorted(columns)?;
    let mask = columns.pop().map(|column| column.as_boolean().clone());
    Ok((columns, mask.unwrap_or_else(|| BooleanArray::from(Vec::<bool>::new()))))
}

/// Keeps the customers who are read.
pub(super) fn keep(columns: &mut [(SlotId, ArrayRef)], is_read: &BooleanArray) -> Result<(), Diagnostics> {
    if is_read.true_count() == is_read.len() {
        return Ok(());
    }
    let rows: UInt32Array =
        is_read.values().set_indices().map(|row| u32::try_from(row).unwrap_or(u32::MAX)).collect::<Vec<_>>().into();
    for (_, column) in columns {
        *column = take(column, &rows, None).map_err(|error| failed(&error.to_string()))?;
    }
    Ok(())
}
