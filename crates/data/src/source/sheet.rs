//! Sheets of spreadsheets. Typed cells become texts, which are then converted to the declared types.

use std::fs::File;
use std::io::BufReader;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use accolade_core::model::Type;
use accolade_parser::syntax::file::FormatOptions;
use accolade_parser::{Code, did_you_mean};
use calamine::{Cell, Data, DataRef, Dimensions, ExcelDateTime, Reader, Sheets, XlsxError, open_workbook_auto};

use super::convert::ValueProblem;
use super::floats;
use super::foreign::guarded;
use super::merged_cells;
use super::opened::OpenedSource;
use super::rows::RowBatch;
use super::rows_builder::RowBatchBuilder;
use super::survey::{LINES, usual};

/// Rows per batch.
const ROWS: usize = 4096;

/// The header and the rows of a sheet. Its memory is that of the cells it has, wherever they are.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// The names of the other sheets.
    others: Vec<String>,
    pub(super) header: Vec<String>,
    /// By row and column.
    cells: Vec<Cell<Data>>,
    /// The cells of each row after the header that is not blank.
    rows: Vec<Range<usize>>,
    /// The first column that has a cell.
    left: u32,
}

/// Opens the sheet of this name, or the first one. The first row that is not blank, from `header_row` on, is the header.
///
/// # Errors
/// Fails when the file is not a spreadsheet or has no such sheet, or the sheet is empty. The error is the reason and an
/// optional help.
pub(super) fn open(path: &Path, name: Option<&str>, format: &FormatOptions) -> Result<Sheet, (String, Option<String>)> {
    let mut book = open_workbook_auto(path).map_err(|error| (format!("it is not a spreadsheet ({error})"), None))?;
    let names = book.sheet_names();
    let Some(name) = name.map(str::to_owned).or_else(|| names.first().cloned()) else {
        return Err(("it has no sheets".to_owned(), None));
    };
    if !names.contains(&name) {
        let help = did_you_mean(&name, names.iter().map(String::as_str), "the sheets are:");
        return Err((format!("it has no sheet `{name}`"), Some(help)));
    }
    let others: Vec<String> = names.into_iter().filter(|other| *other != name).collect();
    let mut cells = cells(&mut book, &name).map_err(|why| (why, None))?;
    if let Some(range) = &format.range {
        cells.retain(|cell| range.value.contains(cell.get_position().0, cell.get_position().1));
    }
    // Of cells at one place the last counts.
    cells.reverse();
    cells.sort_by_key(Cell::get_position);
    cells.dedup_by_key(|cell| cell.get_position());
    merged_cells::fill(&mut cells, &merged(&mut book, &name));
    let left = cells.iter().map(|cell| cell.get_position().1).min().unwrap_or_default();
    let mut rows: Vec<Range<usize>> = Vec::new();
    for row in cells.chunk_by(|cell, next| cell.get_position().0 == next.get_position().0) {
        let first = rows.last().map_or(0, |row| row.end);
        rows.push(first..first + row.len());
    }
    rows.retain(|row| !cells[row.clone()].iter().all(is_blank));
    // Rows are counted as the spreadsheet program shows them.
    let number = |row: &Range<usize>| u64::from(cells[row.start].get_position().0) + 1;
    if let Some(wanted) = &format.header_row {
        rows.retain(|row| number(row) >= wanted.value);
    }
    if rows.is_empty() {
        let what = if format.range.is_some() { "the range of" } else { "" };
        let help = other_sheets(&others).unwrap_or_else(|| "its first row names the columns".to_owned());
        return Err((format!("{what} the sheet `{name}` is empty").trim().to_owned(), Some(help)));
    }
    let header = rows.remove(0);
    if let Some(skip) = &format.skip {
        let last = number(&header) + skip.value;
        rows.retain(|row| number(row) > last);
    }
    let header = texts(&cells[header], left);
    Ok(Sheet { name, others, header, cells, rows, left })
}

/// The merged cells of a sheet; what a file says wrongly of them is no reason to refuse it.
fn merged(book: &mut Sheets<BufReader<File>>, name: &str) -> Vec<Dimensions> {
    let Sheets::Xlsx(book) = book else { return Vec::new() };
    book.merge_cells_by_sheet_name(name).unwrap_or_default()
}

/// The sheets of a spreadsheet that have rows below a first one, in their order.
///
/// # Errors
/// Fails with the reason when the file is not a spreadsheet.
pub fn sheets(path: &Path) -> Result<Vec<String>, String> {
    guarded(|| {
        let book = open_workbook_auto(path).map_err(|error| format!("it is not a spreadsheet ({error})"))?;
        let has_rows =
            |name: &String| open(path, Some(name), &FormatOptions::default()).is_ok_and(|sheet| !sheet.rows.is_empty());
        Ok(book.sheet_names().into_iter().filter(has_rows).collect())
    })
    .and_then(|names| names)
}

/// The texts in a row, by column.
fn texts(row: &[Cell<Data>], left: u32) -> Vec<String> {
    let plain = |cell: &Data| cell_text(cell, Type::Text, '.').ok().flatten().unwrap_or_default().trim().to_owned();
    in_columns(row, left).map(|cell| cell.map(plain).unwrap_or_default()).collect()
}

/// The cells of a sheet that are not empty.
fn cells(book: &mut Sheets<BufReader<File>>, name: &str) -> Result<Vec<Cell<Data>>, String> {
    let mut cells = Vec::new();
    let mut add = |cell: Cell<DataRef>| {
        if !matches!(cell.get_value(), DataRef::Empty) {
            cells.push(Cell::new(cell.get_position(), cell.get_value().clone().into()));
        }
    };
    match book {
        Sheets::Xlsx(book) => match book.worksheet_cells_reader(name) {
            Ok(mut reader) => {
                while let Some(cell) = reader.next_cell().map_err(|e| e.to_string())? {
                    add(cell);
                }
            }
            Err(XlsxError::NotAWorksheet(_)) => {}
            Err(error) => return Err(error.to_string()),
        },
        Sheets::Xlsb(book) => {
            let mut reader = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
            while let Some(cell) = reader.next_cell().map_err(|e| e.to_string())? {
                add(cell);
            }
        }
        // These formats bound their sheets.
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
            let (top, left) = range.start().unwrap_or_default();
            let place = |row, column| Some((top + u32::try_from(row).ok()?, left + u32::try_from(column).ok()?));
            let used = range.used_cells().filter_map(|(row, column, cell)| Some((place(row, column)?, cell.clone())));
            cells.extend(used.map(|(place, cell)| Cell::new(place, cell)));
        }
    }
    Ok(cells)
}

/// The cells of a row, from the column `left` to its last one.
fn in_columns(cells: &[Cell<Data>], left: u32) -> impl Iterator<Item = Option<&Data>> {
    let end = cells.last().map_or(left, |cell| cell.get_position().1 + 1);
    let mut cells = cells.iter().peekable();
    (left..end).map(move |column| cells.next_if(|cell| cell.get_position().1 == column).map(Cell::get_value))
}

/// The help that names other sheets, if there are any.
fn other_sheets(others: &[String]) -> Option<String> {
    const NAMED: usize = 8;
    let names: Vec<String> = others.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = others.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("if it is another sheet, name it with `sheet:`: {}{more}", names.join(", ")))
}

impl Sheet {
    /// The help for columns that the sheet lacks: the names of the others.
    pub(super) fn other_sheets(&self) -> Option<String> {
        other_sheets(&self.others)
    }

    /// The number of the row that more likely names the columns than the first, as below a title, and its names.
    pub(super) fn likely_header(&self) -> Option<(u64, Vec<String>)> {
        let filled = |row: &Range<usize>| self.cells[row.clone()].iter().filter(|cell| !is_blank(cell)).count();
        let looked_at = || self.rows.iter().take(LINES);
        let (columns, alike) = usual(looked_at().map(filled));
        let own = self.header.iter().filter(|name| !name.is_empty()).count();
        // A header may leave columns without a name, a title is one cell.
        if alike < 2 || 2 * own >= columns || own > 1 {
            return None;
        }
        let header = looked_at().find(|row| filled(row) >= columns)?;
        let row = u64::from(self.cells[header.start].get_position().0) + 1;
        Some((row, texts(&self.cells[header.clone()], self.left)))
    }

    /// The number of rows after the header.
    pub(super) fn height(&self) -> u64 {
        self.rows.len() as u64
    }
}

fn is_blank(cell: &Cell<Data>) -> bool {
    matches!(cell.get_value(), Data::Empty) || matches!(cell.get_value(), Data::String(text) if text.is_empty())
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
        SheetRows { types: opened.types(), next: 0, opened, sheet }
    }
}

impl Iterator for SheetRows {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        let wanted = self.sheet.rows.iter().skip(self.next).take(ROWS);
        if wanted.len() == 0 {
            return None;
        }
        let mut rows = RowBatchBuilder::new(self.types.len());
        let decimal = char::from(self.opened.signs().decimal);
        for row in wanted {
            let cells = &self.sheet.cells[row.clone()];
            let values = in_columns(cells, self.sheet.left).zip(&self.types);
            let values = values.map(|(cell, ty)| cell.map_or(Ok(None), |cell| cell_text(cell, *ty, decimal)));
            rows.push_usable(u64::from(cells[0].get_position().0) + 1, values);
            self.next += 1;
        }
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
