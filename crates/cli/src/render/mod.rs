//! From plain data to text.

pub(crate) mod cell;
pub(crate) mod diagnostics;
pub(crate) mod json;
pub(crate) mod pages;
pub(crate) mod summary;
