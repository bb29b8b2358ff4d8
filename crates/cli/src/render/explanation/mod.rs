//! Explanations as text, Markdown and data.

pub(crate) mod data;
pub(crate) mod markdown;
pub(crate) mod parts;
pub(crate) mod text;

use std::path::Path;

use accolade_engine::{Outcome, RuleSet, Session, SourceFiles, show};

/// What all explanations of a run share.
pub(crate) struct ExplanationHead<'a> {
    pub(crate) set: &'a RuleSet,
    pub(crate) files: &'a SourceFiles,
    pub(crate) as_of: String,
    /// The file the cut-offs came from, if they were not computed.
    pub(crate) saved: Option<&'a Path>,
}

impl<'a> ExplanationHead<'a> {
    /// The head for an outcome of the session.
    pub(crate) fn new(session: &'a Session, outcome: &Outcome, saved: Option<&'a Path>) -> ExplanationHead<'a> {
        ExplanationHead { set: &session.set, files: &session.files, as_of: show::date(outcome.as_of), saved }
    }

    /// `b2b-accounts at 2026-01-01, amounts in EUR`
    pub(crate) fn line(&self) -> String {
        let currency = self.set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
        let saved = self.saved.map_or(String::new(), |path| format!(", cut-offs of {}", path.display()));
        format!("{} at {}{currency}{saved}", self.set.name, self.as_of)
    }
}
