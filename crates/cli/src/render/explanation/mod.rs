//! Explanations as text, Markdown and data.

pub(crate) mod data;
pub(crate) mod markdown;
mod parts;
pub(crate) mod text;

use std::path::Path;

use accolade_engine::{Files, RuleSet};

/// What all explanations of a run share.
pub(crate) struct Head<'a> {
    pub(crate) set: &'a RuleSet,
    pub(crate) files: &'a Files,
    pub(crate) as_of: String,
    /// The file the cut-offs came from, if they were not computed.
    pub(crate) saved: Option<&'a Path>,
}
