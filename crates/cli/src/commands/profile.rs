//! `accolade profile`

use std::ffi::OsStr;
use std::path::Path;

use accolade_engine::explain::Page;
use accolade_engine::{Event, RunOptions, explain, show};

use super::deliver::deliver;
use crate::args::{Output, Profile, Sheet};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::input::Opened;
use crate::render::{explanation, profile};

/// Formats by file ending.
const ENDINGS: &[(&str, Sheet)] =
    &[("txt", Sheet::Text), ("md", Sheet::Markdown), ("html", Sheet::Html), ("json", Sheet::Json)];

/// Writes a page about each of the customers that are asked for.
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
    let set = &opened.session.set;
    let mut pages: Vec<Page> = Vec::new();
    let rater = outcome.rater(set);
    let working = inputs.observer.working();
    for (done, key) in arguments.customers.iter().enumerate() {
        inputs.observer.tell(Event::Step { work: "explaining", name: key, done, of: arguments.customers.len() });
        let row = input::customer(&outcome, key)?;
        pages.push(explain::page(&rater, &outcome, row).map_err(|findings| opened.failed(findings))?);
    }
    drop(working);
    let head = explanation::Head {
        set,
        files: &opened.session.files,
        as_of: show::date(outcome.as_of),
        saved: arguments.cutoffs.as_deref(),
    };
    let document = match format {
        Sheet::Text => profile::text::document(&head, &pages),
        Sheet::Markdown => profile::markdown::document(&head, &pages),
        Sheet::Html => profile::html::document(&head, &pages),
        Sheet::Json => format!("{}\n", profile::data::document(&head, &pages)),
    };
    if output == Output::Text {
        opened.show(&outcome.findings)?;
    }
    let count = if pages.len() == 1 { "1 page".to_owned() } else { format!("{} pages", pages.len()) };
    deliver(&document, target, &count)
}

fn by_ending(path: &Path) -> Result<Sheet, Failure> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    ENDINGS.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format).ok_or_else(|| {
        let endings: Vec<String> = ENDINGS.iter().map(|(name, _)| format!(".{name}")).collect();
        let path = path.display();
        Failure::Io(format!("`{path}` does not say its format; end it with {}, or add `--format`", endings.join(", ")))
    })
}
