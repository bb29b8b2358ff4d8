//! Parsing texts of data files whose column types have not been declared.

use accolade_core::model::Type;
use accolade_parser::syntax::file::DateOrder;

use super::number::NumberSigns;
use super::{amount, convert, magnitude, number, time};

/// Parses a decimal into its digits and the number of its decimal places.
pub fn decimal(text: &str, sign: char) -> Option<(i128, u32)> {
    number::decimal(text, NumberSigns::new(sign))
}

/// As [`decimal`], without the currency, brackets and blanks between groups.
pub fn amount(text: &str, sign: char, currency: Option<&str>) -> Option<(i128, u32)> {
    amount::read(text, NumberSigns::new(sign), currency, number::decimal)
}

/// The code of the currency whose code or sign stands beside an amount.
pub fn currency_of(text: &str) -> Option<&'static str> {
    amount::currency_of(text)
}

/// Whether a text is an amount that another program has computed with floats, such as `107.60000000000001`.
pub fn is_computed_amount(text: &str, sign: char) -> bool {
    number::computed_money(text, NumberSigns::new(sign)).is_some()
}

/// The help for a number beyond the limit of a type.
pub fn beyond_limit(text: &str, ty: Type) -> Option<String> {
    magnitude::beyond(text, ty, NumberSigns::new('.'), None)
}

/// Parses a share such as `12.5%` into a fraction.
pub fn percent(text: &str, sign: char) -> Option<f64> {
    text.ends_with('%').then(|| number::percent(text, NumberSigns::new(sign))).flatten()
}

/// Parses a date or datetime into its local time and, for an instant, its offset from UTC, both in microseconds.
pub fn moment(text: &str, order: Option<DateOrder>) -> Option<(i64, Option<i64>)> {
    time::moment(text, order).map(|moment| (moment.local, moment.offset))
}

/// Parses `true`, `yes` or `1`, or `false`, `no` or `0`.
pub fn boolean(text: &str) -> Option<bool> {
    convert::boolean(text, &[])
}

/// Whether a text is a common marker of a missing value, such as `N/A`.
pub fn is_missing_marker(text: &str) -> bool {
    convert::is_missing_marker(text)
}

/// Parses the serial day number of a spreadsheet into days since 1970-01-01.
pub fn serial_day(text: &str) -> Option<i32> {
    time::serial_day(text)
}
