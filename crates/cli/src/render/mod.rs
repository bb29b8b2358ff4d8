//! From plain data to text.

pub(crate) mod comparison;
pub(crate) mod diagnostics;
pub(crate) mod explanation;
mod figures;
pub(crate) mod json;
pub(crate) mod pages;
pub(crate) mod place;
pub(crate) mod profile;
mod secrets;
pub(crate) mod summary;

pub(crate) use accolade_engine::rules::present::cell;
