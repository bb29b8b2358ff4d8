//! `accolade docs`

use accolade_engine::describe;
use accolade_report::markdown;

use super::write_text::write_text;
use crate::args::{DataArgs, DocsArgs, OutputFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;

/// Describes a rule set in words.
pub(crate) fn docs(arguments: &DocsArgs, extensions: &Extensions) -> Result<(), Failure> {
    let data = DataArgs::of(arguments.rules.clone());
    let opened = CommandSession::new(extensions, &data, OutputFormat::Text)?;
    let session = &opened.session;
    let saved = arguments.cutoffs.as_deref().map(|path| session.matching_cut_offs(path)).transpose();
    let saved = saved.map_err(|error| opened.failure(error))?;
    let document = markdown::document(&describe::describe(&session.set, &session.files, saved.as_ref()));
    write_text(&document, arguments.output.as_deref(), "the rule set in words")
}
