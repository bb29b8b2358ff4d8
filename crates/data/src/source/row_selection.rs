//! Row selection: `where:`, computed keys, merged keys and `unique:` of a source.

use std::sync::Arc;

use accolade_core::eval::{Env, Faults, column};
use accolade_core::model::{Source, TypedExpr, Value};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array, new_null_array};
use arrow::compute::{concat, filter, is_not_null, not, take};
use arrow::error::ArrowError;

use serde::{Deserialize, Serialize};

use super::aliases::Aliases;
use super::classify_rows::is_later;
use super::convert::Converter;
use super::opened::OpenedSource;
use super::unique_rows::UniqueRows;

/// The selection of a source's rows.
#[derive(Debug)]
pub(super) struct RowSelection {
    condition: Option<TypedExpr>,
    /// The expression of a computed key.
    key: Option<TypedExpr>,
    /// The index of the key among the columns.
    key_index: usize,
    /// For each stored column, the converter that accepts every value of its type and missing ones.
    lenient: Vec<Converter>,
    as_of: i32,
    pub(super) unique: Option<UniqueRows>,
    /// The index of the date column.
    date: Option<usize>,
    aliases: Option<Arc<Aliases>>,
    /// Whether its rows are customers: one who was merged is left out, and the keys of the rows that a condition leaves out
    /// are kept apart, since events may name them.
    is_customers: bool,
}

/// Raw columns of a file, as far as they are converted here.
pub(super) trait RawRows {
    /// The number of rows.
    fn rows(&self) -> usize;

    /// The values of a column in the chosen rows, or in all, and whether every one of them can be used.
    fn convert(&self, column: usize, converter: &Converter, chosen: Option<&UInt32Array>) -> (ArrayRef, bool);
}

/// Raw columns as arrays, with the number of rows.
pub(super) struct RawArrays<'a>(pub(super) &'a [ArrayRef], pub(super) usize);

impl RawRows for RawArrays<'_> {
    fn rows(&self) -> usize {
        self.1
    }

    fn convert(&self, column: usize, converter: &Converter, chosen: Option<&UInt32Array>) -> (ArrayRef, bool) {
        match chosen.map(|chosen| take(&self.0[column], chosen, None)) {
            Some(Ok(raw)) => converter.convert(&raw),
            _ => converter.convert(&self.0[column]),
        }
    }
}

/// The date of a run and its merged customers, shared by all its sources.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Customers who were merged.
    pub aliases: Option<Arc<Aliases>>,
}

impl RowSelection {
    /// The selection that a source declares. `lenient` has a converter for each stored column.
    pub(super) fn new(source: &Source, lenient: Vec<Converter>, reading: &Reading) -> RowSelection {
        RowSelection {
            aliases: reading.aliases.clone(),
            is_customers: source.is_customers(),
            condition: source.filter.clone(),
            key: source.computed_key().cloned(),
            key_index: source.customer_column(),
            lenient,
            as_of: reading.as_of,
            unique: UniqueRows::new(&source.checks.unique),
            date: source.date_column(),
        }
    }

    /// Forgets what was read, before another reading.
    pub(super) fn reset(&self) {
        self.unique.iter().for_each(UniqueRows::forget);
    }

    /// The values of an expression over columns converted by `convert`.
    fn evaluate(
        &self,
        expr: &TypedExpr,
        rows: usize,
        mut convert: impl FnMut(usize) -> Result<ArrayRef, String>,
    ) -> Result<ArrayRef, String> {
        let mut columns = vec![None; self.lenient.len()];
        let mut failed = None;
        expr.for_each_field(&mut |index| {
            if columns[index].is_none() && failed.is_none() {
                match convert(index) {
                    Ok(values) => columns[index] = Some(values),
                    Err(why) => failed = Some(why),
                }
            }
        });
        if let Some(why) = failed {
            return Err(why);
        }
        // A fault gives a missing value, which the counts of the condition and the check of the key report.
        Ok(column::evaluate(expr, &columns, rows, Env { as_of: self.as_of, faults: &Faults::default() }))
    }

    /// For each row whether the condition is true or false, as far as its values can be read, and missing where it is
    /// neither; `None` where every row is read.
    pub(super) fn truth(&self, raw: &impl RawRows) -> Option<BooleanArray> {
        let condition = self.condition.as_ref()?;
        let convert = |index: usize| Ok(raw.convert(index, &self.lenient[index], None).0);
        self.evaluate(condition, raw.rows(), convert).ok().map(|truth| truth.as_boolean().clone())
    }

    /// For each row whether it meets the condition; `None` where every row is read.
    pub(super) fn mask(&self, raw: &impl RawRows) -> Option<BooleanArray> {
        self.truth(raw).as_ref().map(column::is_true)
    }

    /// Whether the condition reads a column.
    pub(super) fn reads(&self, column: usize) -> bool {
        let mut reads = false;
        self.condition.iter().for_each(|condition| condition.for_each_field(&mut |index| reads |= index == column));
        reads
    }

    /// The rows with the keys of customers who were merged: in events the new ones, while in the customers table the rows of
    /// the old ones are left out.
    fn merged(&self, mut columns: Vec<ArrayRef>, rows: usize) -> Result<(Vec<ArrayRef>, usize), String> {
        let Some(aliases) = &self.aliases else { return Ok((columns, rows)) };
        let Some(keys) = columns.get_mut(self.key_index) else { return Ok((columns, rows)) };
        if !self.is_customers {
            *keys = aliases.applied(keys);
            return Ok((columns, rows));
        }
        let Some(is_old) = aliases.is_old(keys) else { return Ok((columns, rows)) };
        let old = filter(keys, &is_old).map_err(|error| error.to_string())?;
        aliases.drop_rows(&old);
        let stays = not(&is_old).map_err(|error| error.to_string())?;
        let columns: Result<_, ArrowError> = columns.iter().map(|column| filter(column, &stays)).collect();
        Ok((columns.map_err(|error| error.to_string())?, stays.true_count()))
    }

    /// The key of a customer after all merges; `None` for a row of the customers table that was merged into another.
    pub(super) fn key_after_merges(&self, key: Value) -> Option<Value> {
        let Some(aliases) = &self.aliases else { return Some(key) };
        let new = aliases.of(key.clone());
        if self.is_customers && new != key { None } else { Some(new) }
    }

    /// The values of a computed key over converted columns.
    pub(super) fn keys(&self, columns: &[ArrayRef], rows: usize) -> Option<ArrayRef> {
        let key = self.key.as_ref()?;
        self.evaluate(key, rows, |index| Ok(columns[index].clone())).ok()
    }
}

/// Rows that are read, with every column of its declared type.
pub(super) struct ConvertedRows {
    pub(super) columns: Vec<ArrayRef>,
    pub(super) rows: usize,
    pub(super) counts: SelectedRows,
}

/// How many rows were read, and how many of them are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedRows {
    /// All rows.
    pub read: u64,
    /// Those that do not meet the condition of the source, or are of customers who were merged.
    pub left_out: u64,
    /// Those of them for which the condition is neither true nor false.
    pub undecided: u64,
}

/// The rows that are read. For a customers table with a condition the others follow with their keys alone, and a last
/// column tells which are read.
///
/// # Errors
/// Fails when a value of a row that is read cannot be used. The error is the reason.
pub(super) fn converted(opened: &OpenedSource, raw: &impl RawRows) -> Result<ConvertedRows, String> {
    let selection = &opened.selection;
    let mut counts = SelectedRows { read: raw.rows() as u64, ..SelectedRows::default() };
    let chosen = match &selection.condition {
        Some(condition) => Some(chosen(selection, condition, raw, &mut counts)?),
        None => None,
    };
    let kept = chosen.as_ref().map(|(kept, _)| kept).filter(|kept| kept.len() < raw.rows());
    let rows = kept.map_or(raw.rows(), UInt32Array::len);
    let mut columns = Vec::with_capacity(opened.converters.len() + 2);
    for (index, converter) in opened.converters.iter().enumerate() {
        let (values, sound) = raw.convert(index, converter, kept);
        if !sound {
            return Err(format!("a value of `{}` cannot be used", converter.name()));
        }
        columns.push(values);
    }
    if let Some(keys) = selection.keys(&columns, rows) {
        if keys.null_count() > 0 {
            return Err("a customer's key is missing".to_owned());
        }
        columns.push(keys);
    }
    if let Some(unique) = &selection.unique {
        let dated = selection.date.map(|date| (date, selection.as_of));
        unique.add(&columns, rows, |row| !dated.is_some_and(|dated| is_later(&columns, row, dated)));
    }
    let before = rows;
    let (columns, rows) = selection.merged(columns, rows)?;
    counts.left_out += (before - rows) as u64;
    let (columns, rows) = match chosen.filter(|_| selection.is_customers) {
        Some((_, others)) => with_others(selection, raw, columns, rows, &others)?,
        None => (columns, rows),
    };
    Ok(ConvertedRows { columns, rows, counts })
}

/// The rows that meet the condition, and the others.
fn chosen(
    selection: &RowSelection,
    condition: &TypedExpr,
    raw: &impl RawRows,
    counts: &mut SelectedRows,
) -> Result<(UInt32Array, UInt32Array), String> {
    let truth = selection.evaluate(condition, raw.rows(), |index| {
        let (values, readable) = raw.convert(index, &selection.lenient[index], None);
        if readable {
            Ok(values)
        } else {
            Err(format!("a value of `{}` cannot be used", selection.lenient[index].name()))
        }
    })?;
    let truth = truth.as_boolean();
    let holds = column::is_true(truth);
    let indices = |wanted: bool| -> UInt32Array {
        holds.iter().zip(0u32..).filter(|(holds, _)| *holds == Some(wanted)).map(|(_, row)| row).collect()
    };
    let (kept, others) = (indices(true), indices(false));
    counts.left_out += others.len() as u64;
    counts.undecided += truth.null_count() as u64;
    Ok((kept, others))
}

/// Adds the rows that are left out, with their keys alone.
fn with_others(
    selection: &RowSelection,
    raw: &impl RawRows,
    columns: Vec<ArrayRef>,
    rows: usize,
    others: &UInt32Array,
) -> Result<(Vec<ArrayRef>, usize), String> {
    let convert = |index: usize| Ok(raw.convert(index, &selection.lenient[index], Some(others)).0);
    let keys = match &selection.key {
        Some(key) => selection.evaluate(key, others.len(), convert)?,
        None => convert(selection.key_index)?,
    };
    let joined = || -> Result<(Vec<ArrayRef>, usize), ArrowError> {
        let keys = filter(&keys, &is_not_null(&keys)?)?;
        let more = keys.len();
        let mut all = Vec::with_capacity(columns.len() + 1);
        for (index, column) in columns.iter().enumerate() {
            let nulls;
            let rest: &dyn Array = if index == selection.key_index {
                keys.as_ref()
            } else {
                nulls = new_null_array(column.data_type(), more);
                nulls.as_ref()
            };
            all.push(concat(&[column.as_ref(), rest])?);
        }
        let is_read: BooleanArray = (0..rows + more).map(|row| Some(row < rows)).collect();
        all.push(Arc::new(is_read));
        Ok((all, rows + more))
    };
    joined().map_err(|error| error.to_string())
}
