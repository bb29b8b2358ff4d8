//! Sheets of tables.

use accolade_engine::numbers::exact::Exact;
use accolade_engine::output::xlsx;
use accolade_engine::output::xlsx::Styles;
use accolade_engine::rules::present::{Cell, SummaryTable, cell};
use accolade_engine::summary::figures::number;
use accolade_engine::{RuleSet, Type, Value};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::markdown_report::is_bar;

/// The content of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SheetCell {
    Empty,
    Text(String),
    /// A count.
    Count(u64),
    /// A figure and its unit.
    Number(f64, Type),
    Value(Value),
}

impl SheetCell {
    pub(super) fn of(cell: &Cell) -> SheetCell {
        match cell {
            Cell::Text(text) if text.is_empty() => SheetCell::Empty,
            Cell::Text(text) => SheetCell::Text(text.clone()),
            Cell::Count(count) => SheetCell::Count(*count),
            Cell::Value(value) => SheetCell::Value(value.clone()),
            Cell::Figure(figure, ty, _) => SheetCell::figure(Some(figure), *ty),
            Cell::Share(share) => SheetCell::Number(*share, Type::Percent),
            Cell::Bar(_) => SheetCell::Empty,
            Cell::Verdict(met) => SheetCell::Text(cell::verdict(*met).to_owned()),
        }
    }

    /// A figure, if there is one.
    pub(super) fn figure(figure: Option<&Exact>, ty: Type) -> SheetCell {
        number(figure).map_or(SheetCell::Empty, |figure| SheetCell::Number(figure, ty))
    }

    /// One end of an interval, if there is one.
    pub(super) fn end(end: Option<f64>, ty: Type) -> SheetCell {
        end.map_or(SheetCell::Empty, |end| SheetCell::Number(end, ty))
    }

    fn length(&self) -> usize {
        match self {
            SheetCell::Empty => 0,
            SheetCell::Text(text) => text.chars().count(),
            SheetCell::Count(count) => cell::text(&Cell::Count(*count)).len(),
            SheetCell::Number(..) => 12,
            SheetCell::Value(value) => cell::text(&Cell::Value(value.clone())).chars().count() + 3,
        }
    }

    fn put(&self, sheet: &mut Worksheet, (row, column): (u32, u16), styles: &Styles) -> Result<(), XlsxError> {
        match self {
            SheetCell::Empty => {}
            SheetCell::Text(text) => {
                sheet.write_string(row, column, text)?;
            }
            SheetCell::Count(count) => {
                sheet.write_number_with_format(row, column, *count as f64, styles.format_of(Type::Integer))?;
            }
            SheetCell::Number(number, ty) => {
                sheet.write_number_with_format(row, column, *number, styles.format_of(*ty))?;
            }
            SheetCell::Value(value) => styles.write_value(sheet, (row, column), value, xlsx::type_of(value))?,
        }
        Ok(())
    }
}

/// A table of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SheetTable {
    pub(super) title: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<SheetCell>>,
}

impl SheetTable {
    /// A table of a summary, without its bars.
    pub(super) fn of(section: &SummaryTable) -> SheetTable {
        let kept: Vec<usize> = (0..section.columns.len()).filter(|i| !is_bar(section, *i)).collect();
        let row = |row: &Vec<Cell>| kept.iter().map(|i| row.get(*i).map_or(SheetCell::Empty, SheetCell::of)).collect();
        SheetTable {
            title: section.title.clone(),
            columns: kept.iter().map(|i| section.columns[*i].clone()).collect(),
            rows: section.rows.iter().map(row).collect(),
        }
    }
}

/// A workbook under construction.
pub(super) struct WorkbookBuilder {
    pub(super) workbook: Workbook,
    styles: Styles,
    names: Vec<String>,
}

impl WorkbookBuilder {
    pub(super) fn new(set: &RuleSet) -> Result<WorkbookBuilder, XlsxError> {
        Ok(WorkbookBuilder { workbook: xlsx::workbook(&set.name)?, styles: Styles::default(), names: Vec::new() })
    }

    /// Adds an empty sheet.
    pub(super) fn empty(&mut self, name: &str) -> Result<&mut Worksheet, XlsxError> {
        let name = sheet_name(name, &self.names);
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(&name)?;
        self.names.push(name);
        Ok(sheet)
    }

    /// Adds a sheet with these tables one below the other; none without tables. The first header row is frozen.
    pub(super) fn add(&mut self, name: &str, tables: &[SheetTable]) -> Result<(), XlsxError> {
        let Some(first) = tables.first() else { return Ok(()) };
        let styles = self.styles.clone();
        let sheet = self.empty(name)?;
        let columns = tables.iter().map(|table| table.columns.len()).max().unwrap_or(0);
        for column in 0..columns {
            let rows = tables.iter().flat_map(|table| &table.rows);
            let seen = rows.filter_map(|row| row.get(column)).map(SheetCell::length);
            let headings = tables.iter().filter_map(|table| table.columns.get(column));
            let heading = headings.max_by_key(|heading| heading.chars().count()).map_or("", String::as_str);
            sheet.set_column_width(u16::try_from(column).unwrap_or(u16::MAX), xlsx::column_width(heading, seen))?;
        }
        let mut line = 0;
        for (i, table) in tables.iter().enumerate() {
            if i > 0 {
                sheet.write_string_with_format(line + 1, 0, &table.title, &styles.title)?;
                line += 2;
            }
            for (column, heading) in (0u16..).zip(&table.columns) {
                sheet.write_string_with_format(line, column, heading, &styles.head)?;
            }
            for row in &table.rows {
                line += 1;
                for (column, entry) in (0u16..).zip(row) {
                    entry.put(sheet, (line, column), &styles)?;
                }
            }
            line += 1;
        }
        if tables.len() == 1 {
            return xlsx::freeze_and_filter(
                sheet,
                first.columns.len(),
                u32::try_from(first.rows.len()).unwrap_or(u32::MAX),
            );
        }
        sheet.set_freeze_panes(1, 1)?;
        Ok(())
    }
}

/// The most characters that a sheet's name can have.
const MAX_SHEET_NAME: usize = 31;

/// A valid name for a sheet, unique among `taken` regardless of case.
fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let allowed = |c: char| if "[]:*?/\\".contains(c) || c.is_control() { '_' } else { c };
    let name: String = wanted.chars().map(allowed).collect();
    let name = match name.trim_matches('\'') {
        "" => "sheet",
        // Spreadsheets reserve this name.
        reserved if reserved.eq_ignore_ascii_case("history") => "history_",
        name => name,
    };
    let is_free = |name: &String| taken.iter().all(|other| other.to_lowercase() != name.to_lowercase());
    let short = |name: &str, length: usize| name.chars().take(length).collect::<String>();
    let numbered = (2u32..).map(|n| {
        let end = format!("~{n}");
        short(name, MAX_SHEET_NAME - end.len()) + &end
    });
    std::iter::once(short(name, MAX_SHEET_NAME)).chain(numbered).find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_spreadsheets_take() {
        let mut taken = Vec::new();
        let mut check = |wanted: &str, expected: &str| {
            taken.push(sheet_name(wanted, &taken));
            assert_eq!(taken.last().unwrap(), expected, "{wanted}");
        };
        check("goals", "goals");
        check("Goals", "Goals~2");
        check("goals", "goals~3");
        check("a/b:c[1]?*\\", "a_b_c_1____");
        check("'", "sheet");
        check("History", "history_");
        check("a_rule_with_a_name_that_is_much_too_long", "a_rule_with_a_name_that_is_much");
        check("a_rule_with_a_name_that_is_much_too_big", "a_rule_with_a_name_that_is_mu~2");
    }
}
