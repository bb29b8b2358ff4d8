//! The key of a customer from the one column that it is computed from.

use super::{Env, row};
use crate::model::{Source, Value};

/// The columns that the computed key of a source reads; none if its key is a column.
pub fn key_columns(source: &Source) -> Vec<usize> {
    let mut columns = Vec::new();
    source.computed_key().iter().for_each(|key| key.for_each_field(&mut |column| columns.push(column)));
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// A key as it is written in the column that the key is computed from, as it is computed. A key that is a column or is
/// made of several stays as it is.
pub fn key_as_computed(source: &Source, written: Value, env: Env) -> Value {
    match (source.computed_key(), &key_columns(source)[..]) {
        (Some(key), [column]) if written.fits(source.columns[*column].ty) => {
            let mut columns = vec![Value::Null; source.columns.len()];
            columns[*column] = written;
            row::evaluate(key, &columns, env)
        }
        _ => written,
    }
}
