//! `accolade docs`

use accolade_engine::words;
use accolade_parser::Diagnostics;
use accolade_report::markdown;

use super::deliver::deliver;
use crate::args::{Data, Docs, Output};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;

/// Describes a rule set in words.
pub(crate) fn docs(arguments: &Docs, extensions: &Extensions) -> Result<(), Failure> {
    let (set, files) = input::rule_set(extensions, &Data::of(arguments.rules.clone()), Output::Text)?;
    let failed = |findings: Diagnostics| Failure::Data(Box::new(files.clone()), findings, Output::Text);
    let saved = arguments.cutoffs.as_deref().map(|path| input::cut_offs(path, &failed)).transpose()?;
    if let Some(saved) = &saved {
        saved.check_rule_set(&set).map_err(failed)?;
    }
    let document = markdown::document(&words::describe(&set, &files, saved.as_ref()));
    deliver(&document, arguments.output.as_deref(), "the rule set in words")
}
