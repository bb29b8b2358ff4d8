//! `accolade compare`

use std::io::Write;
use std::path::{Path, PathBuf};

use accolade_engine::compare::{Comparison, RuleFilePair};
use accolade_engine::session::PairSession;
use accolade_engine::{FileSystem, InputOptions, output};
use rust_decimal::Decimal;

use crate::args::{CompareArgs, DataArgs, OutputFormat};
use crate::credentials::Environment;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::own_inputs::refuse_input;
use crate::render::comparison;
use crate::terminal;

/// Shows who moves between classes, and why.
pub(crate) fn compare(arguments: &CompareArgs, extensions: &Extensions) -> Result<(), Failure> {
    let ComparedRuns { pair, old, new, found } = compare_runs(arguments, extensions)?;
    let head = comparison::ComparisonHead { pair: &pair, old, new };
    if let Some(path) = &arguments.output {
        output::replace_file(path, |sink| comparison::moves(&found, sink))
            .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
    }
    let page = match arguments.format {
        OutputFormat::Text => comparison::text(&head, &found),
        OutputFormat::Json => format!("{}\n", comparison::json(&head, &found)),
    };
    write!(terminal::stdout(), "{page}")?;
    let limit = arguments.fail_if_moved;
    if limit.is_some_and(|limit| exceeds(&found, limit)) { Err(Failure::Reported) } else { Ok(()) }
}

/// Two runs and what differs between them.
pub(super) struct ComparedRuns {
    pub(super) pair: RuleFilePair,
    /// The dates, in days since 1970-01-01.
    pub(super) old: i32,
    pub(super) new: i32,
    pub(super) found: Comparison,
}

/// Runs both sides and compares them.
pub(super) fn compare_runs(arguments: &CompareArgs, extensions: &Extensions) -> Result<ComparedRuns, Failure> {
    let plugins = extensions.plugins();
    let new = arguments.new.as_ref().unwrap_or(&arguments.old);
    let failure = |error| Failure::of(error, arguments.format);
    let session = PairSession::open(&arguments.old, new, &FileSystem, &plugins).map_err(failure)?;
    let (old, new) = options(arguments);
    let (old_inputs, new_inputs) = session.inputs(&old, &new, &Environment).map_err(failure)?;
    refuse_input(&session.own_inputs(&old_inputs, &new_inputs), arguments.output.as_deref())?;
    [&new_inputs, &old_inputs].into_iter().for_each(input::record_threads);
    if arguments.new.is_none() && old_inputs.as_of == new_inputs.as_of && old_inputs.locations == new_inputs.locations {
        let message = "both sides are the same: name a second rule file, `--old-as-of` or `--old-data`";
        return Err(Failure::Message(message.to_owned()));
    }
    let found = session.compare(&old_inputs, &new_inputs).map_err(failure)?;
    Ok(ComparedRuns { old: old_inputs.as_of, new: new_inputs.as_of, pair: session.pair, found })
}

/// Fails if the output is something that either side reads.
pub(super) fn protect_inputs(arguments: &CompareArgs, output: &Path, extensions: &Extensions) -> Result<(), Failure> {
    let plugins = extensions.plugins();
    let new = arguments.new.as_ref().unwrap_or(&arguments.old);
    let failure = |error| Failure::of(error, arguments.format);
    let session = PairSession::open(&arguments.old, new, &FileSystem, &plugins).map_err(failure)?;
    let (old, new) = options(arguments);
    let (old, new) = session.inputs(&old, &new, &Environment).map_err(failure)?;
    refuse_input(&session.own_inputs(&old, &new), Some(output))
}

/// Whether more than this share of the customers of some rule moved.
fn exceeds(found: &Comparison, limit: Decimal) -> bool {
    found.migrations.iter().any(|m| Decimal::from(m.moved) > limit * Decimal::from(m.customers))
}

/// The input options of the older and of the newer side.
fn options(arguments: &CompareArgs) -> (InputOptions, InputOptions) {
    let side = |as_of: Option<&String>, folder: &Option<PathBuf>, sources: &[String]| InputOptions {
        as_of: as_of.cloned(),
        folder: folder.clone(),
        sources: sources.to_vec(),
        ..input::input_options(&DataArgs::of(PathBuf::new()))
    };
    let old_as_of = arguments.old_as_of.as_ref().or(arguments.as_of.as_ref());
    let old = side(old_as_of, &arguments.old_data, &arguments.old_sources);
    (old, side(arguments.as_of.as_ref(), &arguments.data, &arguments.sources))
}
