//! `accolade profile`

use std::ffi::OsStr;
use std::path::Path;

use accolade_engine::{RunOptions, explain};
use accolade_parser::count;

use super::write_text::write_text;
use crate::args::{OutputFormat, PageFormat, ProfileArgs};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;
use crate::render::{explanation, profile};

/// The formats by file extension.
const ENDINGS: &[(&str, PageFormat)] =
    &[("txt", PageFormat::Text), ("md", PageFormat::Markdown), ("html", PageFormat::Html), ("json", PageFormat::Json)];

/// Writes a page about each requested customer.
pub(crate) fn profile(arguments: &ProfileArgs, extensions: &Extensions) -> Result<(), Failure> {
    let target = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let format = match (arguments.format, target) {
        (Some(format), _) => format,
        (None, Some(path)) => by_ending(path)?,
        (None, None) => PageFormat::Text,
    };
    let output = if format == PageFormat::Json && target.is_none() { OutputFormat::Json } else { OutputFormat::Text };
    let opened = CommandSession::new(extensions, &arguments.data, output)?;
    opened.protect_inputs(arguments.cutoffs.as_deref(), target)?;
    let (inputs, outcome) = opened.run(arguments.cutoffs.as_deref(), RunOptions::default())?;
    let pages = opened.each_customer((&inputs, &outcome), &arguments.of.all(), |rater, row| {
        explain::page(rater, &outcome, row, outcome.beyond_cut_offs())
    })?;
    let head = explanation::ExplanationHead::new(&opened.session, &outcome);
    let document = match format {
        PageFormat::Text => profile::text::document(&head, &pages),
        PageFormat::Markdown => profile::markdown::document(&head, &pages),
        PageFormat::Html => profile::html::document(&head, &pages),
        PageFormat::Json => format!("{}\n", profile::data::document(&head, &pages)),
    };
    if output == OutputFormat::Text {
        opened.show(&outcome.findings)?;
    }
    write_text(&document, target, &count(pages.len(), "page"))
}

fn by_ending(path: &Path) -> Result<PageFormat, Failure> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    ENDINGS.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format).ok_or_else(|| {
        let endings: Vec<String> = ENDINGS.iter().map(|(name, _)| format!(".{name}")).collect();
        let path = path.display();
        Failure::Message(format!(
            "the format of `{path}` is unknown; end it with {}, or add `--format`",
            endings.join(", ")
        ))
    })
}
