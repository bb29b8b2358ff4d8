//! Sheets of spreadsheets. Typed cells become texts, which are then converted to the declared types.

use std::path::Path;
use std::sync::Arc;

use accolade_core::model::Type;
use accolade_parser::{Code, did_you_mean};
use calamine::{Data, ExcelDateTime, Range, Reader, open_workbook_auto};

use super::convert::ValueProblem;
use super::floats;
use super::opened::OpenedSource;
use super::rows::RowBatch;
use super::rows_builder::RowBatchBuilder;

/// Rows per batch.
const ROWS: usize = 4096;

/// A sheet and where its data begins.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) header: Vec<String>,
    cells: Range<Data>,
    /// The row of the range after the header.
    first: usize,
}

/// Opens the sheet of this name, or the first one.
///
/// # Errors
/// Fails when the file is not a spreadsheet or has no such sheet, or the sheet is empty. The error is the reason and an
/// optional help.
pub(super) fn open(path: &Path, name: Option<&str>) -> Result<Sheet, (String, Option<String>)> {
    let mut book = open_workbook_auto(path).map_err(|error| (format!("it is not a spreadsheet ({error})"), None))?;
    let names = book.sheet_names();
    let Some(name) = name.map(str::to_owned).or_else(|| names.first().cloned()) else {
        return Err(("it has no sheets".to_owned(), None));
    };
    if !names.contains(&name) {
        let help = did_you_mean(&name, names.iter().map(String::as_str), "the sheets are:");
        return Err((format!("it has no sheet `{name}`"), Some(help)));
    }
    let cells = book.worksheet_range(&name).map_err(|error| (error.to_string(), None))?;
    let Some(header) = cells.rows().position(|row| !is_blank(row)) else {
        return Err((format!("the sheet `{name}` is empty"), Some("its first row names the columns".to_owned())));
    };
    let plain = |cell: &Data| cell_text(cell, Type::Text, '.').ok().flatten().unwrap_or_default().trim().to_owned();
    let names = cells.rows().nth(header).map(|row| row.iter().map(plain).collect()).unwrap_or_default();
    Ok(Sheet { name, header: names, cells, first: header + 1 })
}

impl Sheet {
    /// The number of rows after the header, including blank ones.
    pub(super) fn height(&self) -> u64 {
        self.cells.height().saturating_sub(self.first) as u64
    }
}

fn is_blank(row: &[Data]) -> bool {
    row.iter().all(|cell| matches!(cell, Data::Empty) || matches!(cell, Data::String(text) if text.is_empty()))
}

/// The slow path, which is the only one for sheets. Blank rows are skipped.
pub(super) struct SheetRows {
    opened: Arc<OpenedSource>,
    sheet: Arc<Sheet>,
    /// The declared type of each column of the sheet.
    types: Vec<Type>,
    next: usize,
}

impl SheetRows {
    pub(super) fn new(opened: Arc<OpenedSource>, sheet: Arc<Sheet>) -> Self {
        SheetRows { types: opened.types(), next: sheet.first, opened, sheet }
    }
}

impl Iterator for SheetRows {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        let height = self.sheet.cells.height();
        if self.next >= height {
            return None;
        }
        let until = height.min(self.next + ROWS);
        let offset = self.sheet.cells.start().map_or(0, |(row, _)| u64::from(row)) + 1;
        let mut rows = RowBatchBuilder::new(self.types.len());
        let decimal = char::from(self.opened.signs().decimal);
        for row in self.next..until {
            let cells = &self.sheet.cells[row];
            if is_blank(cells) {
                continue;
            }
            let values = cells.iter().zip(&self.types).map(|(cell, ty)| cell_text(cell, *ty, decimal));
            rows.push_usable(offset + row as u64, values);
        }
        self.next = until;
        Some(rows.finish())
    }
}

/// The text of a cell in a column of type `ty`; `None` for an empty cell.
fn cell_text(cell: &Data, ty: Type, decimal: char) -> Result<Option<String>, ValueProblem> {
    Ok(Some(match cell {
        Data::Empty => return Ok(None),
        Data::String(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => floats::text(*value, ty, decimal),
        Data::DateTime(value) if value.is_duration() => floats::text(value.as_f64(), ty, decimal),
        Data::DateTime(value) => moment(value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => {
            let message = format!("the cell holds the error `{error}`");
            let help = Some("correct the formula, or empty the cell if there is no value".to_owned());
            return Err(ValueProblem { code: Code::E0703, message, help });
        }
    }))
}

/// The text of a cell that is formatted as a date.
fn moment(value: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn check(cell: Data, ty: Type, expected: Option<&str>) {
        assert_eq!(cell_text(&cell, ty, '.').unwrap().as_deref(), expected, "{cell:?}");
    }

    #[test]
    fn cells_are_shown_as_their_columns_read_them() {
        check(Data::Float(19.99), Type::Money, Some("19.99"));
        check(Data::Bool(true), Type::Boolean, Some("true"));
        check(Data::Empty, Type::Text, None);
        assert!(cell_text(&Data::Error(CellErrorType::NA), Type::Text, '.').is_err_and(|p| p.message.contains("#N/A")));
    }

    #[test]
    fn days_are_counted_from_1900_or_1904() {
        for (serial, is_1904, expected) in [
            (45_658.0, false, "2025-01-01"),
            (44_196.0, true, "2025-01-01"),
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (61.0, false, "1900-03-01"),
            (45_658.5, false, "2025-01-01 12:00:00"),
            (45_658.0 + 1.0 / 86_400_000.0, false, "2025-01-01 00:00:00.001"),
        ] {
            let cell = Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904));
            check(cell, Type::Date, Some(expected));
        }
    }
}
