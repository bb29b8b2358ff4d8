//! `accolade run`

use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;

use accolade_engine::output::{AppendError, FormulaText, ResultFormat, ResultTarget};
use accolade_engine::{CalibratedRun, Outcome, RuleSet, RunOptions, output, show};
use accolade_parser::{count, did_you_mean, plural};

use super::cluster;
use crate::args::{OutputFormat, RunArgs};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;
use crate::own_inputs::refuse_role;
use crate::render::{json, summary};
use crate::terminal;
use crate::{passwords, progress};

/// Rates every customer and writes the results, or a summary of them.
pub(crate) fn run(arguments: &RunArgs, extensions: &Extensions) -> Result<(), Failure> {
    let formulas = if arguments.guard_formulas { FormulaText::Guarded } else { FormulaText::Kept };
    let target = arguments.output.as_deref().map(|path| target(path, arguments.append, formulas)).transpose()?;
    let opened = CommandSession::new(extensions, &arguments.data, arguments.format)?;
    let own_inputs = opened.own_inputs(arguments.cutoffs.as_deref())?;
    if let Some(Some(target)) = &target {
        let role = match target {
            ResultTarget::Partitions(_) => {
                let as_of = opened.session.as_of(arguments.data.as_of.as_deref());
                let as_of = as_of.map_err(|error| opened.failure(error))?;
                target.partition(as_of).and_then(|file| own_inputs.role(&file))
            }
            _ => own_inputs.role_of_target(target, &opened.session.set.name),
        };
        refuse_role(role, target)?;
    }
    check_parts(&opened.session.set, &arguments.show)?;
    let saved = opened.cut_offs(arguments.cutoffs.as_deref())?;
    let inputs = opened.inputs()?;
    let options = RunOptions { reasons: arguments.why && target.is_some(), ..RunOptions::default() };
    let CommandSession { session, .. } = &opened;
    let set = &session.set;
    let mut calibrated = match &arguments.cluster {
        None => session.calibrate(None, &inputs, saved.as_ref(), options),
        Some(scheduler) => {
            let shared = arguments.shared.as_deref();
            cluster::calibrate(scheduler, shared, session, &inputs, saved.as_ref(), options)
                .map_err(Failure::Message)?
        }
    }
    .map_err(|error| opened.failure(error))?;
    progress::cut_offs(calibrated.outcome());
    if let Some(target) = &target
        && !calibrated.has_failed()
    {
        // Customers are rated while they are written. If one cannot be rated, nothing is written.
        let written = write_results(&opened, &mut calibrated, target.as_ref(), arguments.append, formulas);
        if !calibrated.has_failed() {
            let Written { spooled, note } = written?;
            let findings = calibrated.findings();
            match target {
                Some(_) if arguments.format == OutputFormat::Json => {
                    let figures = json::figures(set, calibrated.outcome(), &session.files, &findings);
                    writeln!(terminal::stdout(), "{figures}")?;
                }
                _ => opened.show(&findings)?,
            }
            if let Some(target) = target {
                let customers = calibrated.outcome().frame.rows;
                progress::note(format!("{} rated, written to {target}{note}", count(customers, "customer")))?;
            }
            if let Some(mut spooled) = spooled {
                let mut out = terminal::data_stdout();
                io::copy(&mut spooled, &mut out)?;
                out.flush()?;
            }
            check_goals(arguments, calibrated.outcome())?;
            // The process ends here; freeing its memory first would only take time.
            std::mem::forget(calibrated);
            return Ok(());
        }
    }
    let outcome = calibrated.finish();
    if outcome.failures.has_errors() || target.is_some() {
        // A reader sees the partial results. A program gets none, since it could take them for complete.
        if target.is_none() && arguments.format == OutputFormat::Text {
            summary::show(set, &outcome, &arguments.show)?;
            opened.show(&outcome.findings)?;
        }
        return Err(opened.findings_failure(outcome.failures));
    }
    match arguments.format {
        OutputFormat::Json => {
            writeln!(terminal::stdout(), "{}", json::summary(set, &outcome, &session.files, &arguments.show))?
        }
        OutputFormat::Text => {
            summary::show(set, &outcome, &arguments.show)?;
            opened.show(&outcome.findings)?;
        }
    }
    check_goals(arguments, &outcome)
}

fn check_parts(set: &RuleSet, asked: &[String]) -> Result<(), Failure> {
    let parts = summary::parts(set);
    let Some(unknown) = asked.iter().find(|name| !parts.contains(&name.as_str())) else { return Ok(()) };
    let hint = did_you_mean(unknown, parts.iter().copied(), "it has");
    Err(Failure::Message(format!("the summary has no part `{unknown}`; {hint}")))
}

/// With `--enforce`, fails unless every goal is met, and reports which are not.
fn check_goals(arguments: &RunArgs, outcome: &Outcome) -> Result<(), Failure> {
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
    writeln!(terminal::stderr(), "{} of {} goals: {}", missed.len(), outcome.goals.len(), missed.join(", "))?;
    Err(Failure::GoalsMissed)
}

/// The target of the results. Standard output is `None`.
fn target(path: &Path, append: bool, formulas: FormulaText) -> Result<Option<ResultTarget>, Failure> {
    let parse = if append { ResultTarget::parse_history } else { ResultTarget::parse };
    if path == Path::new("-") && !append {
        return Ok(None);
    }
    let mut target = parse(path).map_err(Failure::Message)?;
    match &mut target {
        ResultTarget::File(_, ResultFormat::Csv(of_file)) => *of_file = formulas,
        _ if formulas == FormulaText::Guarded => {
            let message = format!(
                "`--guard-formulas` is for CSV, and `{target}` is not: text in it is never taken for a formula"
            );
            return Err(Failure::Message(message));
        }
        _ => {}
    }
    if let ResultTarget::Postgres(server, _) = &mut target
        && !server.has_password()
    {
        let password = passwords::find_password(server).map_err(|(path, error)| {
            Failure::Message(format!("the password file `{}` cannot be read: {error}", path.display()))
        })?;
        password.into_iter().for_each(|password| server.set_password(password));
    }
    Ok(Some(target))
}

/// What writing gave besides the output.
struct Written {
    /// The temporary file of what goes to standard output.
    spooled: Option<File>,
    /// What is added to the note of the output.
    note: String,
}

/// Writes the results to the target, or for standard output to a temporary file.
fn write_results(
    opened: &CommandSession,
    results: &mut CalibratedRun,
    target: Option<&ResultTarget>,
    append: bool,
    formulas: FormulaText,
) -> Result<Written, Failure> {
    let rule_set = &opened.session.set.name;
    let Some(target) = target else {
        let spool = || output::spool(results, ResultFormat::Csv(formulas));
        let spooled = Some(progress::step("writing", "standard output", spool)?);
        return Ok(Written { spooled, note: String::new() });
    };
    let failed = |error| Failure::Message(format!("`{target}` cannot be written: {error}"));
    if !append {
        progress::step("writing", &target.to_string(), || output::save(rule_set, results, target)).map_err(failed)?;
        return Ok(Written { spooled: None, note: String::new() });
    }
    let as_of = results.outcome().as_of;
    let write = || output::append(rule_set, results, target, as_of);
    let added = progress::step("writing", &target.to_string(), write).map_err(|error| match error {
        AppendError::Refused(finding) => opened.findings_failure((*finding).into()),
        AppendError::Io(error) => failed(error),
    })?;
    let columns = match added.len() {
        0 => String::new(),
        new => format!("; new {}: {}", plural(new, "column"), added.join(", ")),
    };
    Ok(Written { spooled: None, note: format!(" as of {}{columns}", show::date(as_of)) })
}
