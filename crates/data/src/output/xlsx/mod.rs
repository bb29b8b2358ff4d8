//! Results as a workbook. Numbers and dates are typed cells, the key is text, and the header is frozen.
//!
//! A spreadsheet holds numbers as doubles and shows 15 digits. An amount or whole number with more digits is written as
//! text, which keeps it exact.

mod styles;

use std::io::{self, Write};

use accolade_core::frame::value_at;
use accolade_core::model::{Slot, Type, Value};
use accolade_core::show;
use arrow::array::Array;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, IgnoreError, Workbook, Worksheet, XlsxError};

pub use self::styles::Styles;
use super::results::{Results, rows_per_request};

/// The most rows and columns of a sheet.
const MOST_ROWS: usize = 1_048_576;
const MOST_COLUMNS: usize = 16_384;

/// The number of rows from which the width of a column is computed.
const LOOKED_AT: usize = 200;

/// The least and the greatest width of a column, in characters.
const WIDTHS: (usize, usize) = (8, 42);

pub(super) fn write(rows: &mut dyn Results, sink: &mut dyn Write) -> io::Result<()> {
    let mut workbook = workbook("").map_err(error)?;
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(error)?;
    sheet.set_name("results").map_err(error)?;
    write_results(sheet, rows)?;
    sink.write_all(&workbook.save_to_buffer().map_err(error)?)
}

/// A new workbook with a fixed creation date, so that equal content gives equal bytes.
///
/// # Errors
/// Never fails: the creation date is valid.
pub fn workbook(title: &str) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    Ok(workbook)
}

/// Fills a sheet with results.
///
/// # Errors
/// Fails when a sheet has too few rows or columns, a text is too long for a cell, or the results cannot give their
/// rows.
pub fn write_results(sheet: &mut Worksheet, results: &mut dyn Results) -> io::Result<()> {
    let (slots, rows) = (results.slots(), results.rows());
    fits(slots.len(), rows)?;
    let styles = Styles::default();
    let last = u32::try_from(rows).unwrap_or(u32::MAX);
    let most = rows_per_request(results);
    let mut pieces = results.next(most)?;
    for (index, slot) in (0u16..).zip(&slots) {
        let column = pieces.first().map(|columns| &columns[usize::from(index)]);
        let values =
            column.into_iter().flat_map(|column| (0..column.len().min(LOOKED_AT)).map(|row| value_at(column, row)));
        let seen = values.map(|value| show::value(&value).chars().count());
        sheet.set_column_width(index, column_width(&slot.name, seen)).map_err(error)?;
        sheet.write_string_with_format(0, index, &slot.name, &styles.head).map_err(error)?;
    }
    // Keys that look like numbers are text on purpose.
    sheet.ignore_error_range(1, 0, last.max(1), 0, IgnoreError::NumberStoredAsText).map_err(error)?;
    freeze_and_filter(sheet, slots.len(), last).map_err(error)?;
    let mut line = 1;
    while !pieces.is_empty() {
        for columns in pieces {
            for row in 0..columns.first().map_or(0, |column| column.len()) {
                cells(sheet, line, &slots, columns.iter().map(|column| value_at(column, row)), &styles)
                    .map_err(error)?;
                line += 1;
            }
        }
        pieces = results.next(most)?;
    }
    Ok(())
}

fn cells(
    sheet: &mut Worksheet,
    line: u32,
    slots: &[Slot],
    values: impl Iterator<Item = Value>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    for ((index, slot), value) in (0u16..).zip(slots).zip(values) {
        if index == 0 {
            sheet.write_string_with_format(line, index, show::value(&value), &styles.text)?;
        } else {
            styles.write_value(sheet, (line, index), &value, slot.ty)?;
        }
    }
    Ok(())
}

/// Fails when a sheet has too few columns or rows.
fn fits(columns: usize, rows: usize) -> io::Result<()> {
    if rows >= MOST_ROWS || columns > MOST_COLUMNS {
        return Err(io::Error::other(format!(
            "a sheet has {MOST_ROWS} rows and {MOST_COLUMNS} columns, too few for {rows} customers with {columns} columns; \
             write .csv or .parquet"
        )));
    }
    Ok(())
}

/// Converts an error of the workbook library into one with a message of one line.
pub fn error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        XlsxError::MaxStringLengthExceeded => {
            io::Error::other("a text is longer than the 32,767 characters of a cell; write .csv or .parquet")
        }
        other => io::Error::other(other.to_string()),
    }
}

/// The width of a column, from its heading and the lengths of some of its texts.
pub fn column_width(heading: &str, seen: impl Iterator<Item = usize>) -> f64 {
    // The filter button beside the heading takes the space of two characters.
    let most = seen.chain([heading.chars().count() + 2]).max().unwrap_or(0);
    (most + 2).clamp(WIDTHS.0, WIDTHS.1) as f64
}

/// Freezes the first row and column, and adds a filter to each heading.
///
/// # Errors
/// Fails when the table is larger than a sheet.
pub fn freeze_and_filter(sheet: &mut Worksheet, columns: usize, last_row: u32) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 1)?;
    let last_column = u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}

/// The type to format a value by when the type of its column is unknown.
pub fn type_of(value: &Value) -> Type {
    match value {
        Value::Null | Value::Text(_) | Value::Rows(_) => Type::Text,
        Value::Boolean(_) => Type::Boolean,
        Value::Integer(_) => Type::Integer,
        Value::Number(_) => Type::Number,
        Value::Money(_) => Type::Money,
        Value::Score(_) => Type::Score,
        Value::Date(_) => Type::Date,
        Value::DateTime(_) => Type::DateTime,
        Value::Decimal(_) => Type::Decimal,
    }
}
