//! `accolade compare`

use std::io::Write;
use std::path::{Path, PathBuf};

use accolade_engine::compare::{self, Comparison, Pair};
use accolade_engine::{FileSystem, Inputs, Location, RuleSet, output};
use accolade_parser::Diagnostics;
use rust_decimal::Decimal;

use crate::args::{Compare, Data, Output};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::render::{comparison, diagnostics};

/// Shows who moves between classes, and why.
pub(crate) fn compare(arguments: &Compare, extensions: &Extensions) -> Result<(), Failure> {
    let Sides { pair, old, new, found } = sides(arguments, extensions)?;
    let head = comparison::Head { pair: &pair, old, new };
    if let Some(path) = &arguments.output {
        output::replace_file(path, |sink| comparison::moves(&found, sink))
            .map_err(|error| Failure::Io(format!("`{}` cannot be written: {error}", path.display())))?;
    }
    let page = match arguments.format {
        Output::Text => comparison::text(&head, &found),
        Output::Json => format!("{}\n", comparison::json(&head, &found)),
    };
    write!(anstream::stdout(), "{page}")?;
    let limit = arguments.fail_if_moved;
    if limit.is_some_and(|limit| beyond(&found, limit)) { Err(Failure::Findings) } else { Ok(()) }
}

/// Two runs and what differs between them.
pub(super) struct Sides {
    pub(super) pair: Pair,
    /// The dates, in days since 1970-01-01.
    pub(super) old: i32,
    pub(super) new: i32,
    pub(super) found: Comparison,
}

/// Runs both sides and compares them.
pub(super) fn sides(arguments: &Compare, extensions: &Extensions) -> Result<Sides, Failure> {
    let plugins = extensions.plugins();
    let new = arguments.new.as_ref().unwrap_or(&arguments.old);
    let pair = match compare::pair(&arguments.old, new, &FileSystem, &plugins) {
        Ok(pair) => pair,
        Err(wrong) => {
            let (findings, files) = *wrong;
            if files.all().is_empty() {
                return Err(Failure::Data(Box::new(files), findings, arguments.format));
            }
            diagnostics::show(&files, &findings, arguments.format)?;
            return Err(Failure::Findings);
        }
    };
    let failed = |findings| Failure::Data(Box::new(pair.files.clone()), findings, arguments.format);
    let (old_inputs, new_inputs) = inputs(arguments, &pair).map_err(failed)?;
    if arguments.new.is_none() && old_inputs.as_of == new_inputs.as_of && old_inputs.files == new_inputs.files {
        let message = "both sides are the same: name a second rule file, `--old-as-of` or `--old-data`";
        return Err(Failure::Io(message.to_owned()));
    }
    let failed = |findings| Failure::Data(Box::new(pair.files.clone()), findings, arguments.format);
    let found = compare::compare(&pair, &old_inputs, &new_inputs, &FileSystem, &plugins).map_err(failed)?;
    Ok(Sides { old: old_inputs.as_of, new: new_inputs.as_of, pair, found })
}

/// Whether more than this share of the customers of some rule moved.
fn beyond(found: &Comparison, limit: Decimal) -> bool {
    found.migrations.iter().any(|m| Decimal::from(m.moved) > limit * Decimal::from(m.customers))
}

/// What each side reads. The older side reads the newer side's data unless it is told otherwise.
fn inputs(arguments: &Compare, pair: &Pair) -> Result<(Inputs, Inputs), Diagnostics> {
    let data = |sources: Vec<String>, as_of: Option<&String>| Data {
        as_of: as_of.cloned(),
        sources,
        ..Data::of(PathBuf::new())
    };
    let mut sources = in_folder(&pair.new, arguments.data.as_deref());
    sources.extend(arguments.sources.iter().cloned());
    let new = input::inputs(&pair.new, &pair.files, &data(sources, arguments.as_of.as_ref()))?;
    let mut sources = in_folder(&pair.old, arguments.old_data.as_deref());
    sources.extend(arguments.old_sources.iter().cloned());
    let names = pair.new.sources.iter().map(|source| source.name.as_str());
    let shared: Vec<(&str, &Location)> = match arguments.old_data {
        Some(_) => Vec::new(),
        None => names.zip(&new.files).collect(),
    };
    let as_of = arguments.old_as_of.as_ref().or(arguments.as_of.as_ref());
    let old = input::sharing(&pair.old, &pair.files, &data(sources, as_of), &shared)?;
    Ok((old, new))
}

/// Each source's file, looked for in another folder.
fn in_folder(set: &RuleSet, folder: Option<&Path>) -> Vec<String> {
    let Some(folder) = folder else { return Vec::new() };
    let file = |source: &accolade_engine::model::Source| {
        let name = Path::new(source.file.as_ref()?).file_name()?;
        Some(format!("{}={}", source.name, folder.join(name).display()))
    };
    set.sources.iter().filter_map(file).collect()
}
