//! What a text of a data file can be read as, for those who look at a file before its types are declared.

use accolade_parser::syntax::file::DateOrder;

use super::number::Signs;
use super::{convert, number, time};

/// A decimal as its digits and the number of them behind the decimal sign.
pub fn decimal(text: &str, sign: char) -> Option<(i128, u32)> {
    number::decimal(text, Signs::new(sign))
}

/// A share such as `12.5%`.
pub fn percent(text: &str, sign: char) -> Option<f64> {
    text.ends_with('%').then(|| number::percent(text, Signs::new(sign))).flatten()
}

/// A date or a time of a date, in microseconds since 1970.
pub fn datetime(text: &str, order: Option<DateOrder>) -> Option<i64> {
    time::datetime(text, order)
}

/// Yes or no.
pub fn boolean(text: &str) -> Option<bool> {
    convert::boolean(text)
}

/// Whether a text is how many programs write a missing value.
pub fn marks_missing(text: &str) -> bool {
    convert::marks_missing(text)
}

/// The day of a spreadsheet's day number, in days since 1970-01-01.
pub fn serial_day(text: &str) -> Option<i32> {
    time::serial_day(text)
}
