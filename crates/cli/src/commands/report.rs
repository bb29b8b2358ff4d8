//! `accolade report`

use accolade_engine::session::Findings;
use accolade_engine::{RunOptions, Session, output, show};
use accolade_report::{FORMATS, ReportFormat, ReportOptions, RunComparison};

use super::compare;
use crate::args::{CompareArgs, OutputFormat, ReportArgs};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;
use crate::progress;

/// Writes a report of a run.
pub(crate) fn report(arguments: &ReportArgs, extensions: &Extensions) -> Result<(), Failure> {
    let path = &arguments.output;
    let format = ReportFormat::from_path(path).ok_or_else(|| {
        let endings: Vec<String> = FORMATS.iter().map(|(name, _)| format!(".{name}")).collect();
        let message = format!("the format of `{}` is unknown; end it with {}", path.display(), endings.join(", "));
        Failure::Message(message)
    })?;
    let opened = CommandSession::new(extensions, &arguments.data, OutputFormat::Text)?;
    opened.protect_inputs(arguments.cutoffs.as_deref(), Some(path))?;
    let compare = comparison(arguments);
    if let Some(sides) = &compare {
        compare::protect_inputs(sides, path, extensions)?;
    }
    let options = RunOptions { reasons: true, ..RunOptions::default() };
    let (inputs, outcome) = opened.run(arguments.cutoffs.as_deref(), options)?;
    let compared = compare.map(|sides| compared(&sides, extensions)).transpose()?;
    opened.show(&outcome.findings)?;
    // Nearest changes take long to compute, so they are computed only for formats that show them.
    let explain = if format.shows_nearest_changes() { arguments.explain } else { 0 };
    let options = ReportOptions { explain, threads: inputs.threads };
    let Session { set, files, warnings, .. } = opened.session;
    let make = || accolade_report::Report::new(set, files.clone(), &warnings, outcome, compared, options);
    let report = progress::step("explaining", "customers", make).map_err(|diagnostics| {
        Failure::Data(Box::new(Findings { diagnostics, files: files.clone() }), OutputFormat::Text)
    })?;
    let write = || output::replace_file(path, |sink| accolade_report::write(&report, format, sink));
    progress::step("writing", &path.display().to_string(), write)
        .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
    Ok(progress::note(format!("{} customers reported, written to {}", report.outcome.frame.rows, path.display()))?)
}

/// The arguments of the comparison with an older run, if one is named.
fn comparison(arguments: &ReportArgs) -> Option<CompareArgs> {
    let ReportArgs { data, compare_to, old_rev, old_as_of, old_data, old_sources, cutoffs, old_cutoffs, .. } =
        arguments;
    let is_other = compare_to.is_some() || old_rev.is_some() || old_as_of.is_some() || old_data.is_some();
    if !is_other && old_sources.is_empty() && old_cutoffs.is_none() {
        return None;
    }
    Some(CompareArgs {
        old: compare_to.as_ref().unwrap_or(&data.rules).clone(),
        new: compare_to.is_some().then(|| data.rules.clone()),
        old_rev: old_rev.clone(),
        as_of: data.as_of.clone(),
        old_as_of: old_as_of.clone(),
        data: None,
        old_data: old_data.clone(),
        sources: data.sources.clone(),
        old_sources: old_sources.clone(),
        cutoffs: cutoffs.clone(),
        old_cutoffs: old_cutoffs.clone(),
        bad_rows: data.bad_rows,
        threads: data.threads,
        memory_limit: data.memory_limit,
        fail_if_moved: None,
        output: None,
        guard_formulas: false,
        format: OutputFormat::Text,
    })
}

/// The comparison with an older run.
fn compared(sides: &CompareArgs, extensions: &Extensions) -> Result<RunComparison, Failure> {
    let sides = compare::compare_runs(sides, extensions)?;
    let cut_offs = sides.found.cut_offs[0].as_ref().map_or(String::new(), |origin| format!(", {origin}"));
    let old = format!("{} at {}{cut_offs}", sides.pair.old.name, show::date(sides.old));
    Ok(RunComparison { old, comparison: sides.found })
}
