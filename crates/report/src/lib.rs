//! Reports of a run: a page for a browser, Markdown, a workbook.
//!
//! A [`Report`] holds what all of them show; each format is a file here and a line in [`FORMATS`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod html;
pub mod markdown;
pub mod markdown_report;
mod migration;
pub mod report;
pub mod workbook;

use std::io;
use std::io::Write;
use std::path::Path;

pub use self::report::{Finding, Report, ReportOptions, RunComparison};

/// The file format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// A self-contained HTML page.
    Html,
    /// A Markdown document.
    Markdown,
    /// An Excel workbook.
    Xlsx,
}

/// The formats by file extension.
pub const FORMATS: &[(&str, ReportFormat)] =
    &[("html", ReportFormat::Html), ("md", ReportFormat::Markdown), ("xlsx", ReportFormat::Xlsx)];

impl ReportFormat {
    /// The format of a path, by its extension.
    pub fn from_path(path: &Path) -> Option<ReportFormat> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        FORMATS.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format)
    }

    /// Whether reports of this format show the nearest changes of single customers.
    pub fn shows_nearest_changes(self) -> bool {
        self == ReportFormat::Html
    }
}

/// Writes a report to `sink`.
///
/// # Errors
/// Fails when the sink fails, or when a workbook cannot hold the customers.
pub fn write(report: &Report, format: ReportFormat, sink: &mut (dyn Write + Send)) -> io::Result<()> {
    match format {
        ReportFormat::Html => sink.write_all(html::page(report).as_bytes()),
        ReportFormat::Markdown => sink.write_all(markdown_report::render(report).as_bytes()),
        ReportFormat::Xlsx => workbook::write(report, sink),
    }
}
