//! The cell formats of a workbook.

use accolade_core::model::{Type, Value};
use accolade_core::show;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// The formats of a workbook's cells.
#[derive(Clone, Debug)]
pub struct Styles {
    /// The format of headings.
    pub head: Format,
    /// The format of texts, which stay texts when they are edited.
    pub text: Format,
    /// The format of titles above tables.
    pub title: Format,
    integer: Format,
    number: Format,
    percent: Format,
    money: Format,
    score: Format,
    date: Format,
    datetime: Format,
}

impl Default for Styles {
    fn default() -> Self {
        let format = |code: &str| Format::new().set_num_format(code);
        Styles {
            head: Format::new().set_bold().set_border_bottom(rust_xlsxwriter::FormatBorder::Thin),
            text: format("@"),
            title: Format::new().set_bold(),
            integer: format("0"),
            number: format("#,##0.00"),
            percent: format("0.0%"),
            money: format("#,##0.00"),
            score: format("0.00"),
            date: format("yyyy-mm-dd"),
            datetime: format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

/// The row and column of a cell.
type CellPosition = (u32, u16);

impl Styles {
    /// Writes a value; a missing one leaves the cell empty.
    ///
    /// # Errors
    /// Fails when a text is too long for a cell.
    pub fn write_value(
        &self,
        sheet: &mut Worksheet,
        (row, column): CellPosition,
        value: &Value,
        ty: Type,
    ) -> Result<(), XlsxError> {
        let written = show::value(value);
        match (value, self.number_of(value, &written)) {
            (Value::Null, _) => {}
            (Value::Boolean(truth), _) => {
                sheet.write_boolean(row, column, *truth)?;
            }
            (_, Some(number)) => {
                sheet.write_number_with_format(row, column, number, self.format_of(ty))?;
            }
            _ => {
                sheet.write_string_with_format(row, column, written, &self.text)?;
            }
        }
        Ok(())
    }

    /// The format of a type.
    pub fn format_of(&self, ty: Type) -> &Format {
        match ty {
            Type::Integer | Type::Duration => &self.integer,
            Type::Percent => &self.percent,
            Type::Money => &self.money,
            Type::Score => &self.score,
            Type::Date => &self.date,
            Type::DateTime => &self.datetime,
            Type::Number | Type::Decimal => &self.number,
            Type::Text | Type::Boolean | Type::Rows => &self.text,
        }
    }

    /// The number that a spreadsheet shows for a value exactly, if there is one.
    fn number_of(&self, value: &Value, written: &str) -> Option<f64> {
        match value {
            Value::Number(number) => Some(*number),
            Value::Integer(_) | Value::Money(_) | Value::Score(_) | Value::Decimal(_) => {
                is_exact(written).then(|| written.parse().ok()).flatten()
            }
            Value::Date(days) => serial(f64::from(*days) + EPOCH),
            // Adding before dividing loses less precision.
            Value::DateTime(micros) => serial((*micros as f64 + EPOCH * DAY) / DAY),
            Value::Null | Value::Boolean(_) | Value::Text(_) | Value::Rows(_) => None,
        }
    }
}

/// Whether a spreadsheet holds and shows all digits of a decimal.
fn is_exact(decimal: &str) -> bool {
    let digits: String = decimal.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len() <= 15
}

/// The serial number of 1970-01-01. Spreadsheets count days from 1899-12-30.
const EPOCH: f64 = 25_569.0;

/// The microseconds of a day.
const DAY: f64 = 86_400e6;

/// A serial number, if it lies in the days that spreadsheets agree on: March 1900 to December 9999.
fn serial(serial: f64) -> Option<f64> {
    (61.0..2_958_466.0).contains(&serial).then_some(serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_are_exact() {
        let check = |decimal: &str, expected: bool| assert_eq!(is_exact(decimal), expected, "{decimal}");
        check("0", true);
        check("-1234567890123.45", true);
        check("12345678901234.56", false);
        check("1000000000000000000", true);
        check("9007199254740993", false);
        check("0.000000000000123", true);
    }

    #[test]
    fn dates_count_from_the_epoch_of_spreadsheets() {
        let check = |days: i32, expected: Option<f64>| assert_eq!(serial(f64::from(days) + EPOCH), expected, "{days}");
        check(0, Some(25_569.0));
        check(20_454, Some(46_023.0));
        check(-25_509, None);
        check(-25_508, Some(61.0));
    }
}
