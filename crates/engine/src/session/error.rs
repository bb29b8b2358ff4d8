//! The errors of a session, with the texts that their findings point into.

use accolade_core::files::SourceFiles;
use accolade_parser::Diagnostics;

/// Findings and the texts they point into.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The findings.
    pub diagnostics: Diagnostics,
    /// The texts.
    pub files: SourceFiles,
}

/// An error with everything that is needed to show it.
#[derive(Clone, Debug)]
pub enum Error {
    /// The rule file or a file that it includes has errors.
    Rules(Box<Findings>),
    /// The rule file cannot be read, or data, cut-offs or options cannot be used.
    Data(Box<Findings>),
    /// Another file cannot be read; the message names it.
    Io(String),
}

impl Error {
    /// The findings and their texts; `None` for [`Error::Io`], which has a message only.
    pub fn into_findings(self) -> Option<Findings> {
        match self {
            Error::Rules(findings) | Error::Data(findings) => Some(*findings),
            Error::Io(_) => None,
        }
    }

    /// The error of a rule file: [`Error::Data`] if its text cannot be read, else [`Error::Rules`].
    pub(super) fn of_rules(diagnostics: Diagnostics, files: SourceFiles) -> Error {
        let is_unread = files.all().is_empty();
        let findings = Box::new(Findings { diagnostics, files });
        if is_unread { Error::Data(findings) } else { Error::Rules(findings) }
    }

    /// The error of data, cut-offs or options.
    pub(super) fn of_data(diagnostics: Diagnostics, files: &SourceFiles) -> Error {
        Error::Data(Box::new(Findings { diagnostics, files: files.clone() }))
    }
}
