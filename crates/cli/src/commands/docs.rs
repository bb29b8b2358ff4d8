//! `accolade docs`

use std::ffi::OsStr;
use std::path::Path;

use accolade_engine::describe;
use accolade_report::markdown;

use super::write_text::write_text;
use crate::args::{DataArgs, DocsArgs, OutputFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;

/// Describes a rule set in words.
pub(crate) fn docs(arguments: &DocsArgs, extensions: &Extensions) -> Result<(), Failure> {
    if let Some(path) = arguments.output.as_deref().filter(|path| *path != Path::new("-")) {
        check_format(path)?;
    }
    let data = DataArgs::of(arguments.rules.clone());
    let opened = CommandSession::new(extensions, &data, OutputFormat::Text)?;
    opened.protect_inputs(arguments.cutoffs.as_deref(), arguments.output.as_deref())?;
    let session = &opened.session;
    let saved = arguments.cutoffs.as_deref().map(|path| session.matching_cut_offs(path)).transpose();
    let saved = saved.map_err(|error| opened.failure(error))?;
    let young = saved.as_ref().zip(session.set.as_of).and_then(|(saved, as_of)| saved.younger_than(as_of));
    opened.show(&young.into_iter().collect())?;
    let document = markdown::document(&describe::describe(&session.set, &session.files, saved.as_ref()));
    write_text(&document, arguments.output.as_deref(), "the rule set in words")
}

/// Fails unless the ending is that of Markdown.
fn check_format(path: &Path) -> Result<(), Failure> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    if ["md", "markdown"].iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(Failure::Message(format!("`{}` is not written: the description is Markdown; end it with .md", path.display())))
}
