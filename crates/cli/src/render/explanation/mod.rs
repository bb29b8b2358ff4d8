//! Explanations as text, Markdown and data.

pub(crate) mod data;
pub(crate) mod markdown;
pub(crate) mod parts;
pub(crate) mod text;

use accolade_engine::{CutOffsOrigin, Outcome, RuleSet, Session, SourceFiles, show};

/// What all explanations of a run share.
pub(crate) struct ExplanationHead<'a> {
    pub(crate) set: &'a RuleSet,
    pub(crate) files: &'a SourceFiles,
    pub(crate) as_of: String,
    /// Where the cut-offs came from, if they were not computed.
    pub(crate) cut_offs: Option<&'a CutOffsOrigin>,
}

impl<'a> ExplanationHead<'a> {
    /// The head for an outcome of the session.
    pub(crate) fn new(session: &'a Session, outcome: &'a Outcome) -> ExplanationHead<'a> {
        let cut_offs = outcome.cut_offs_origin.as_ref();
        ExplanationHead { set: &session.set, files: &session.files, as_of: show::date(outcome.as_of), cut_offs }
    }

    /// `b2b-accounts at 2026-01-01, amounts in EUR`
    pub(crate) fn line(&self) -> String {
        let currency = self.set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
        let cut_offs = self.cut_offs.map_or(String::new(), |origin| format!(", {origin}"));
        format!("{} at {}{currency}{cut_offs}", self.set.name, self.as_of)
    }
}
