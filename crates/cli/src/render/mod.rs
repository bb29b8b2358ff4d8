//! Results, explanations and diagnostics as text and data.

pub(crate) mod code_pages;
pub(crate) mod comparison;
pub(crate) mod diagnostics;
pub(crate) mod explanation;
mod figures;
pub(crate) mod json;
pub(crate) mod place;
pub(crate) mod profile;
mod secrets;
pub(crate) mod summary;
mod table;

pub(crate) use accolade_engine::rules::present::cell;

/// A number of rows of a source. A source is named in the plural, which one row is not.
pub(crate) fn rows_of(number: &str, source: &str) -> String {
    if number == "1" { format!("1 row of {source}") } else { format!("{number} {source}") }
}
