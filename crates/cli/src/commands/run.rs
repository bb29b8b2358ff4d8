//! `accolade run`

use std::io::{self, Write};
use std::path::Path;

use accolade_engine::output::{self, Format, Target, Whole};
use accolade_engine::{Calibrated, Outcome, RuleSet, calibrate, explain};
use accolade_parser::suggest;

use super::cluster;
use crate::args::{Output, Run};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::passwords;
use crate::render::{diagnostics, json, summary};
use crate::talk;

/// Rates every customer and writes the results, or a summary of them.
pub(crate) fn run(arguments: &Run, extensions: &Extensions) -> Result<(), Failure> {
    let target = arguments.output.as_deref().map(target).transpose()?;
    let (mut set, files) = input::rule_set(extensions, &arguments.data, arguments.format)?;
    known_parts(&set, &arguments.show)?;
    let failed = |findings| Failure::Data(Box::new(files.clone()), findings, arguments.format);
    let saved = arguments.cutoffs.as_deref().map(|path| input::cut_offs(path, &failed)).transpose()?;
    let inputs = input::inputs(&set, &files, &arguments.data).map_err(&failed)?;
    let reasons = if arguments.why && target.is_some() { explain::add_reason_slots(&mut set) } else { Vec::new() };
    let mut calibrated = match &arguments.cluster {
        None => calibrate(None, &set, &inputs, saved.as_ref()),
        Some(scheduler) => {
            let shared = arguments.shared.as_deref();
            cluster::calibrate(scheduler, shared, &set, &files, &inputs, saved.as_ref()).map_err(Failure::Io)?
        }
    }
    .map_err(&failed)?;
    calibrated.give_reasons(reasons);
    talk::cut_offs(calibrated.outcome(), arguments.cutoffs.as_deref());
    if let Some(Some(target)) = &target
        && !calibrated.has_failed()
    {
        // Customers are rated while they are written; if one cannot be, nothing is.
        let written = save(&set, &mut calibrated, target);
        if !calibrated.has_failed() {
            diagnostics::show(&files, &calibrated.findings(), arguments.format)?;
            talk::note(format!("{} customers rated, written to {target}", written?))?;
            enforced(arguments, calibrated.outcome())?;
            // The process ends here; giving back its memory piece by piece first would only take time.
            std::mem::forget(calibrated);
            return Ok(());
        }
    }
    let outcome = calibrated.finish();
    if outcome.failures.has_errors() {
        // What could be computed is shown to a reader, but never taken for the whole by a program.
        if target.is_none() && arguments.format == Output::Text {
            summary::show(&set, &outcome, &arguments.show)?;
            diagnostics::show(&files, &outcome.findings, arguments.format)?;
        }
        return Err(failed(outcome.failures));
    }
    match target {
        Some(_) => {
            diagnostics::show(&files, &outcome.findings, arguments.format)?;
            let mut sink = io::BufWriter::new(io::stdout());
            output::write(&mut Whole::new(&set, &outcome.frame), Format::Csv, &mut sink)?;
        }
        None if arguments.format == Output::Json => {
            let document = json::summary(&set, &outcome, &files);
            writeln!(anstream::stdout(), "{document}")?;
        }
        None => {
            summary::show(&set, &outcome, &arguments.show)?;
            diagnostics::show(&files, &outcome.findings, arguments.format)?;
        }
    }
    enforced(arguments, &outcome)
}

fn known_parts(set: &RuleSet, asked: &[String]) -> Result<(), Failure> {
    let parts = summary::parts(set);
    let Some(unknown) = asked.iter().find(|name| !parts.contains(&name.as_str())) else { return Ok(()) };
    let hint = match suggest(unknown, parts.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("it has {}", parts.join(", ")),
    };
    Err(Failure::Io(format!("the summary has no part `{unknown}`; {hint}")))
}

/// With `--enforce`, fails unless every goal is met, and says which are not.
fn enforced(arguments: &Run, outcome: &Outcome) -> Result<(), Failure> {
    if !arguments.enforce {
        return Ok(());
    }
    let missed = outcome.goals.iter().filter(|goal| goal.met != Some(true));
    let missed: Vec<String> = missed
        .map(|goal| format!("`{}` is {}", goal.name, if goal.met.is_some() { "not met" } else { "without data" }))
        .collect();
    if missed.is_empty() {
        return Ok(());
    }
    writeln!(anstream::stderr(), "{} of {} goals: {}", missed.len(), outcome.goals.len(), missed.join(", "))?;
    Err(Failure::Findings)
}

/// Where results go; standard output is `None`.
fn target(path: &Path) -> Result<Option<Target>, Failure> {
    if path == Path::new("-") {
        return Ok(None);
    }
    let mut target = Target::parse(path).map_err(Failure::Io)?;
    if let Target::Postgres(server, _) = &mut target
        && !server.has_password()
    {
        let password = passwords::of(server).map_err(|(path, error)| {
            Failure::Io(format!("the password file `{}` cannot be read: {error}", path.display()))
        })?;
        password.into_iter().for_each(|password| server.set_password(password));
    }
    Ok(Some(target))
}

/// Writes the results and tells of how many customers they are.
fn save(set: &RuleSet, results: &mut Calibrated, target: &Target) -> Result<usize, Failure> {
    talk::during("writing", &target.to_string(), || output::save(set, results, target))
        .map_err(|error| Failure::Io(format!("`{target}` cannot be written: {error}")))?;
    Ok(results.outcome().frame.rows)
}
