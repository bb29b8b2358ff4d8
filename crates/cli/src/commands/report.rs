//! `accolade report`

use accolade_engine::session::Findings;
use accolade_engine::{RunOptions, Session, output, show};
use accolade_report::{Compared, FORMATS, Format, Options};

use super::compare;
use crate::args::{Compare, Output, Report};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::Opened;
use crate::talk;

/// Writes a report of a run.
pub(crate) fn report(arguments: &Report, extensions: &Extensions) -> Result<(), Failure> {
    let path = &arguments.output;
    let format = Format::of(path).ok_or_else(|| {
        let endings: Vec<String> = FORMATS.iter().map(|(name, _)| format!(".{name}")).collect();
        let message = format!("the format of `{}` is unknown; end it with {}", path.display(), endings.join(", "));
        Failure::Io(message)
    })?;
    let opened = Opened::new(extensions, &arguments.data, Output::Text)?;
    let options = RunOptions { reasons: true, ..RunOptions::default() };
    let (inputs, outcome) = opened.run(arguments.cutoffs.as_deref(), options)?;
    let compared = compared(arguments, extensions)?;
    opened.show(&outcome.findings)?;
    // Nearest changes take long to compute, so they are computed only for formats that show them.
    let explain = if format.explains() { arguments.explain } else { 0 };
    let options = Options { explain, threads: inputs.threads };
    let Session { set, files, warnings, .. } = opened.session;
    let make = || accolade_report::Report::new(set, files.clone(), &warnings, outcome, compared, options);
    let report = talk::during("explaining", "customers", make)
        .map_err(|diagnostics| Failure::Data(Box::new(Findings { diagnostics, files: files.clone() }), Output::Text))?;
    let write = || output::replace_file(path, |sink| accolade_report::write(&report, format, sink));
    talk::during("writing", &path.display().to_string(), write)
        .map_err(|error| Failure::Io(format!("`{}` cannot be written: {error}", path.display())))?;
    Ok(talk::note(format!("{} customers reported, written to {}", report.outcome.frame.rows, path.display()))?)
}

/// The comparison with an older run, if one is named.
fn compared(arguments: &Report, extensions: &Extensions) -> Result<Option<Compared>, Failure> {
    let Report { data, compare_to, old_as_of, old_data, old_sources, .. } = arguments;
    if compare_to.is_none() && old_as_of.is_none() && old_data.is_none() && old_sources.is_empty() {
        return Ok(None);
    }
    let sides = Compare {
        old: compare_to.as_ref().unwrap_or(&data.rules).clone(),
        new: compare_to.is_some().then(|| data.rules.clone()),
        as_of: data.as_of.clone(),
        old_as_of: old_as_of.clone(),
        data: None,
        old_data: old_data.clone(),
        sources: data.sources.clone(),
        old_sources: old_sources.clone(),
        fail_if_moved: None,
        output: None,
        format: Output::Text,
    };
    let sides = compare::sides(&sides, extensions)?;
    let old = format!("{} at {}", sides.pair.old.name, show::date(sides.old));
    Ok(Some(Compared { old, found: sides.found }))
}
