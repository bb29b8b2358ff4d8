//! `accolade docs`

use accolade_engine::words;
use accolade_report::markdown;

use super::deliver::deliver;
use crate::args::{Data, Docs, Output};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::Opened;

/// Describes a rule set in words.
pub(crate) fn docs(arguments: &Docs, extensions: &Extensions) -> Result<(), Failure> {
    let data = Data::of(arguments.rules.clone());
    let opened = Opened::new(extensions, &data, Output::Text)?;
    let session = &opened.session;
    let saved = arguments.cutoffs.as_deref().map(|path| session.own_cut_offs(path)).transpose();
    let saved = saved.map_err(|error| opened.failure(error))?;
    let document = markdown::document(&words::describe(&session.set, &session.files, saved.as_ref()));
    deliver(&document, arguments.output.as_deref(), "the rule set in words")
}
