//! `accolade profile`

use std::ffi::OsStr;
use std::path::Path;

use accolade_engine::{RunOptions, explain};
use accolade_parser::count;

use super::deliver::deliver;
use crate::args::{Output, Profile, Sheet};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::Opened;
use crate::render::{explanation, profile};

/// The formats by file extension.
const ENDINGS: &[(&str, Sheet)] =
    &[("txt", Sheet::Text), ("md", Sheet::Markdown), ("html", Sheet::Html), ("json", Sheet::Json)];

/// Writes a page about each requested customer.
pub(crate) fn profile(arguments: &Profile, extensions: &Extensions) -> Result<(), Failure> {
    let target = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let format = match (arguments.format, target) {
        (Some(format), _) => format,
        (None, Some(path)) => by_ending(path)?,
        (None, None) => Sheet::Text,
    };
    let output = if format == Sheet::Json && target.is_none() { Output::Json } else { Output::Text };
    let opened = Opened::new(extensions, &arguments.data, output)?;
    let (inputs, outcome) = opened.run(arguments.cutoffs.as_deref(), RunOptions::default())?;
    let pages = opened
        .each_customer((&inputs, &outcome), &arguments.of.all(), |rater, row| explain::page(rater, &outcome, row))?;
    let head = explanation::Head::new(&opened.session, &outcome, arguments.cutoffs.as_deref());
    let document = match format {
        Sheet::Text => profile::text::document(&head, &pages),
        Sheet::Markdown => profile::markdown::document(&head, &pages),
        Sheet::Html => profile::html::document(&head, &pages),
        Sheet::Json => format!("{}\n", profile::data::document(&head, &pages)),
    };
    if output == Output::Text {
        opened.show(&outcome.findings)?;
    }
    deliver(&document, target, &count(pages.len(), "page"))
}

fn by_ending(path: &Path) -> Result<Sheet, Failure> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    ENDINGS.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format).ok_or_else(|| {
        let endings: Vec<String> = ENDINGS.iter().map(|(name, _)| format!(".{name}")).collect();
        let path = path.display();
        Failure::Io(format!("the format of `{path}` is unknown; end it with {}, or add `--format`", endings.join(", ")))
    })
}
