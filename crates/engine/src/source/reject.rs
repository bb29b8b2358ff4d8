//! Rows that cannot be used, in a file of their own.

use std::io;
use std::path::Path;

use super::Opened;
use crate::output::replace_file;

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reject {
    /// Its line or row number.
    pub(crate) row: u64,
    /// Every column of the file, as text.
    pub(crate) fields: Vec<String>,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Opened {
    /// Writes rejected rows as CSV: their number, the reason, and all they hold.
    ///
    /// # Errors
    /// What kept the file from being written.
    pub(crate) fn write_rejects(&self, path: &Path, rejects: &[Reject]) -> io::Result<()> {
        replace_file(path, |sink| {
            let mut writer = ::csv::WriterBuilder::new().flexible(true).from_writer(sink);
            let head = ["row".to_owned(), "reason".to_owned()];
            writer.write_record(head.iter().chain(&self.header))?;
            for reject in rejects {
                let (row, reason) = (reject.row.to_string(), &reject.reason);
                writer.write_record([&row, reason].into_iter().chain(&reject.fields))?;
            }
            writer.flush()
        })
    }
}
