//! `accolade compare`

use std::io::Write;
use std::path::{Path, PathBuf};

use accolade_engine::compare::{Comparison, RuleFilePair, SideInputs};
use accolade_engine::output::{FormulaText, OwnInputs};
use accolade_engine::session::PairSession;
use accolade_engine::{BadRows, FileSystem, InputOptions, Inputs, SavedCutOffs, output};
use rust_decimal::Decimal;

use crate::args::{BadRowsChoice, CompareArgs, DataArgs, OutputFormat};
use crate::credentials::Environment;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::own_inputs::refuse_input;
use crate::render::{comparison, diagnostics};
use crate::revision::Revision;
use crate::terminal;

/// The folder of the older side's rejected rows.
const OLD_REJECTS: &str = "old";

/// Shows who moves between classes, and why.
pub(crate) fn compare(arguments: &CompareArgs, extensions: &Extensions) -> Result<(), Failure> {
    let ComparedRuns { pair, old, new, found } = compare_runs(arguments, extensions)?;
    let head = comparison::ComparisonHead { pair: &pair, old, new };
    if let Some(path) = &arguments.output {
        let formulas = if arguments.guard_formulas { FormulaText::Guarded } else { FormulaText::Kept };
        output::replace_file(path, |sink| comparison::moves(&head, &found, formulas, sink))
            .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
    }
    let page = match arguments.format {
        OutputFormat::Text => comparison::text(&head, &found),
        OutputFormat::Json => format!("{}\n", comparison::json(&head, &found)),
    };
    write!(terminal::stdout(), "{page}")?;
    if arguments.format == OutputFormat::Text {
        diagnostics::show(&pair.files, &found.findings, OutputFormat::Text)?;
    }
    arguments.fail_if_moved.map_or(Ok(()), |limit| gate(&found, limit))
}

/// Fails if the newer side has lost a rule, or if more than this share of the customers of some rule moved.
fn gate(found: &Comparison, limit: Decimal) -> Result<(), Failure> {
    let lost = found.lost.iter().map(|lost| format!("the rule `{}` {}", lost.rule, lost.what));
    let exceeds = found.migrations.iter().filter(|m| Decimal::from(m.moved) > limit * Decimal::from(m.customers));
    let moved = exceeds.map(|m| {
        let limit = (limit * Decimal::ONE_HUNDRED).normalize();
        format!("`{}`: {} of {} customers moved, more than {limit}%", m.field, m.moved, m.customers)
    });
    let reasons: Vec<String> = lost.chain(moved).collect();
    for reason in &reasons {
        writeln!(terminal::stderr(), "{}", terminal::visible(reason))?;
    }
    if reasons.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

/// Two runs and what differs between them.
pub(super) struct ComparedRuns {
    pub(super) pair: RuleFilePair,
    /// The dates, in days since 1970-01-01.
    pub(super) old: i32,
    pub(super) new: i32,
    pub(super) found: Comparison,
}

/// The rule files of both sides, the older one perhaps from a revision.
struct RuleFiles<'a> {
    old: PathBuf,
    new: &'a Path,
    _revision: Option<Revision>,
}

impl RuleFiles<'_> {
    fn of(arguments: &CompareArgs) -> Result<RuleFiles<'_>, Failure> {
        let revision =
            arguments.old_rev.as_deref().map(|revision| Revision::of(&arguments.old, revision)).transpose()?;
        Ok(RuleFiles {
            old: revision.as_ref().map_or_else(|| arguments.old.clone(), |revision| revision.rules.clone()),
            new: arguments.new.as_ref().unwrap_or(&arguments.old),
            _revision: revision,
        })
    }
}

/// Runs both sides and compares them.
pub(super) fn compare_runs(arguments: &CompareArgs, extensions: &Extensions) -> Result<ComparedRuns, Failure> {
    let plugins = extensions.plugins();
    let failure = |error| Failure::of(error, arguments.format);
    let files = RuleFiles::of(arguments)?;
    let session = PairSession::open(&files.old, files.new, &FileSystem, &plugins).map_err(failure)?;
    let (old, new) = options(arguments);
    let (old_inputs, new_inputs) = session.inputs(&old, &new, &Environment).map_err(failure)?;
    refuse_input(&own_inputs(arguments, &session, &old_inputs, &new_inputs)?, arguments.output.as_deref())?;
    [&new_inputs, &old_inputs].into_iter().for_each(input::record_threads);
    let read = |path: Option<&PathBuf>| path.map(|path| session.cut_offs(path)).transpose();
    let (old_path, new_path) =
        (arguments.old_cutoffs.as_ref().or(arguments.cutoffs.as_ref()), arguments.cutoffs.as_ref());
    let old_cut_offs: Option<SavedCutOffs> = read(old_path).map_err(failure)?;
    let new_cut_offs: Option<SavedCutOffs> = read(new_path).map_err(failure)?;
    let one_file = arguments.new.is_none() && arguments.old_rev.is_none();
    let one_input = old_inputs.as_of == new_inputs.as_of && old_inputs.locations == new_inputs.locations;
    if one_file && one_input && old_cut_offs == new_cut_offs {
        let message = "both sides are the same: name a second rule file, `--old-rev`, `--old-as-of`, `--old-data` or \
                       `--old-cutoffs`";
        return Err(Failure::Message(message.to_owned()));
    }
    let old = SideInputs { inputs: &old_inputs, cut_offs: old_cut_offs.as_ref() };
    let new = SideInputs { inputs: &new_inputs, cut_offs: new_cut_offs.as_ref() };
    let found = session.compare(old, new).map_err(failure)?;
    Ok(ComparedRuns { old: old_inputs.as_of, new: new_inputs.as_of, pair: session.pair, found })
}

/// Fails if the output is something that either side reads.
pub(super) fn protect_inputs(arguments: &CompareArgs, output: &Path, extensions: &Extensions) -> Result<(), Failure> {
    let plugins = extensions.plugins();
    let failure = |error| Failure::of(error, arguments.format);
    let files = RuleFiles::of(arguments)?;
    let session = PairSession::open(&files.old, files.new, &FileSystem, &plugins).map_err(failure)?;
    let (old, new) = options(arguments);
    let (old, new) = session.inputs(&old, &new, &Environment).map_err(failure)?;
    refuse_input(&own_inputs(arguments, &session, &old, &new)?, Some(output))
}

/// What both sides read, and the files of rejected rows, which must not replace any of it.
fn own_inputs(
    arguments: &CompareArgs,
    session: &PairSession,
    old: &Inputs,
    new: &Inputs,
) -> Result<OwnInputs, Failure> {
    let mut inputs = session.own_inputs(old, new);
    let cut_offs = arguments.cutoffs.iter().chain(&arguments.old_cutoffs);
    cut_offs.for_each(|path| inputs.add("the file of cut-offs", path));
    let (old, new) = options(arguments);
    let rejects = session.rejects(&old, &new);
    for (_, path) in &rejects {
        refuse_input(&inputs, Some(path))?;
    }
    rejects.into_iter().for_each(|(role, path)| inputs.add(role, &path));
    Ok(inputs)
}

/// The input options of the older and of the newer side.
fn options(arguments: &CompareArgs) -> (InputOptions, InputOptions) {
    let side = |as_of: Option<&String>, folder: &Option<PathBuf>, sources: &[String], rejects: &str| InputOptions {
        as_of: as_of.cloned(),
        folder: folder.clone(),
        sources: sources.to_vec(),
        bad_rows: match arguments.bad_rows {
            BadRowsChoice::Fail => BadRows::Fail,
            BadRowsChoice::Report => BadRows::Report(PathBuf::from(rejects)),
        },
        threads: input::threads(arguments.threads),
        memory_limit: arguments.memory_limit.map(|limit| limit.as_u64()),
        ..input::input_options(&DataArgs::of(PathBuf::new()))
    };
    let old_as_of = arguments.old_as_of.as_ref().or(arguments.as_of.as_ref());
    let old = side(old_as_of, &arguments.old_data, &arguments.old_sources, OLD_REJECTS);
    (old, side(arguments.as_of.as_ref(), &arguments.data, &arguments.sources, "."))
}
