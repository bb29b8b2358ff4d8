//! Reports of a run: a page for a browser, Markdown, a workbook.
//!
//! A [`Report`] holds what all of them show; each format is a file here and a line in [`FORMATS`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod document;
pub mod html;
pub mod markdown;
mod migration;
pub mod report;
pub mod workbook;

use std::io;
use std::io::Write;
use std::path::Path;

pub use self::report::{Compared, Finding, Options, Report};

/// The file format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A self-contained HTML page.
    Html,
    /// A Markdown document.
    Markdown,
    /// An Excel workbook.
    Xlsx,
}

/// The formats by file extension.
pub const FORMATS: &[(&str, Format)] = &[("html", Format::Html), ("md", Format::Markdown), ("xlsx", Format::Xlsx)];

impl Format {
    /// The format of a path, by its extension.
    pub fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        FORMATS.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format)
    }

    /// Whether reports of this format show the nearest changes of single customers.
    pub fn explains(self) -> bool {
        self == Format::Html
    }
}

/// Writes a report to `sink`.
///
/// # Errors
/// Fails when the sink fails, or when a workbook cannot hold the customers.
pub fn write(report: &Report, format: Format, sink: &mut (dyn Write + Send)) -> io::Result<()> {
    match format {
        Format::Html => sink.write_all(html::page(report).as_bytes()),
        Format::Markdown => sink.write_all(document::document(report).as_bytes()),
        Format::Xlsx => workbook::write(report, sink),
    }
}
