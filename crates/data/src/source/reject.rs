//! The file of rejected rows.

use std::io::{self, Write};

use super::OpenedSource;

/// The ending of files of rejected rows, which are not read as data by a folder or a pattern.
pub const REJECTS: &str = ".rejected.csv";

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RejectedRow {
    /// Its line or row number, preceded by its file where the source has several.
    pub(super) row: String,
    /// Every column of the file, as text.
    pub(super) fields: Vec<String>,
    /// What is wrong with it.
    pub(super) reason: String,
}

/// Writes rejected rows as CSV: their number, the reason, and all their fields.
pub struct RejectsWriter<'a> {
    writer: csv::Writer<&'a mut (dyn Write + Send)>,
}

impl<'a> RejectsWriter<'a> {
    /// Writes the header to `sink`.
    ///
    /// # Errors
    /// Fails when the header cannot be written.
    pub fn new(opened: &OpenedSource, sink: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(sink);
        writer.write_record(["row", "reason"].into_iter().chain(opened.header.iter().map(String::as_str)))?;
        Ok(RejectsWriter { writer })
    }

    pub(super) fn add(&mut self, reject: &RejectedRow) -> io::Result<()> {
        let fields = reject.fields.iter().map(String::as_str);
        Ok(self.writer.write_record([reject.row.as_str(), reject.reason.as_str()].into_iter().chain(fields))?)
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
