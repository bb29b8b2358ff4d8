//! `accolade check`

use std::io;
use std::io::Write;
use std::path::Path;

use accolade_engine::rules::programmes::KIND as PROGRAMME;
use accolade_engine::rules::set::Step;
use accolade_engine::script::Lowering;
use accolade_engine::session::Error;
use accolade_engine::{FileSystem, Files, RuleSet, Session};

use crate::args::{Check, Output};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::render::{diagnostics, place};
use crate::talk;

/// How each script of a rule set is run.
fn scripts(set: &RuleSet, files: &Files) -> io::Result<()> {
    for (name, _, lowering) in set.scripts() {
        let how = match lowering {
            Lowering::Columns(_) => "over whole columns".to_owned(),
            Lowering::Interpreted(why, at) => {
                let at = at.and_then(|at| place::line(at, files)).map_or(String::new(), |at| format!(" ({at})"));
                format!("record by record: {why}{at}")
            }
        };
        writeln!(anstream::stdout(), "  {name}: {how}")?;
    }
    Ok(())
}

/// How much there is of everything: `8 rules, 2 goals`.
fn contents(set: &RuleSet) -> String {
    let rules = set.steps.iter().filter(|step| matches!(step, Step::Rule { kind, .. } if *kind != PROGRAMME)).count();
    let others = [("measure", set.measures.len()), ("programme", set.programmes.len()), ("goal", set.goals.len())];
    let counted = |(what, n): (&str, usize)| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    let others = others.into_iter().filter(|(_, n)| *n > 0).map(counted);
    std::iter::once(counted(("rule", rules))).chain(others).collect::<Vec<_>>().join(", ")
}

/// Checks each file; fails if one has an error.
pub(crate) fn check(arguments: &Check, extensions: &Extensions) -> Result<(), Failure> {
    let plugins = extensions.plugins();
    let mut failure = None;
    for path in &arguments.files {
        match Session::open(path, &FileSystem, &plugins) {
            Ok(session) => passed(arguments, path, session)?,
            // A file that cannot be read is worse than one with errors in it.
            Err(Error::Data(found)) => {
                diagnostics::show(&found.files, &found.diagnostics, arguments.format)?;
                failure = Some(Failure::Io(format!("`{}` was not checked", path.display())));
            }
            Err(error) => {
                if let Error::Rules(found) = &error {
                    diagnostics::show(&found.files, &found.diagnostics, arguments.format)?;
                }
                failure = failure.or(Some(Failure::Findings));
            }
        }
    }
    failure.map_or(Ok(()), Err)
}

/// Shows the warnings of a rule file without errors, and how much is in it.
fn passed(arguments: &Check, path: &Path, session: Session) -> io::Result<()> {
    diagnostics::show(&session.files, &session.warnings, arguments.format)?;
    if arguments.format == Output::Text {
        let warnings = match session.warnings.len() {
            0 => String::new(),
            1 => ", 1 warning".to_owned(),
            n => format!(", {n} warnings"),
        };
        let contents = contents(&session.set);
        writeln!(anstream::stdout(), "{}: ok, {contents}{warnings}", path.display())?;
        if talk::is_verbose() {
            scripts(&session.set, &session.files)?;
        }
    }
    // The process ends soon; to take a thousand rules apart first would take a tenth of the time.
    std::mem::forget(session);
    Ok(())
}
