//! Reports of a run: a page for a browser, Markdown, a workbook.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod markdown;
