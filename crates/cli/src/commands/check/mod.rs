//! `accolade check`

mod targets;

use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

use accolade_engine::rules::compile::read_file;
use accolade_engine::rules::programmes::KIND as PROGRAMME;
use accolade_engine::rules::set::Step;
use accolade_engine::script::ScriptExecution;
use accolade_engine::session::Error;
use accolade_engine::{FileSystem, Plugins, RuleSet, Session, SourceFiles};
use accolade_parser::{Code, Diagnostic, Diagnostics, count};

use self::targets::{Target, is_same};
use crate::args::{CheckArgs, OutputFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::progress;
use crate::render::{diagnostics, place};
use crate::terminal;

/// Prints how each script of a rule set is run.
fn print_scripts(set: &RuleSet, files: &SourceFiles) -> io::Result<()> {
    for (name, _, lowering) in set.scripts() {
        let how = match lowering {
            ScriptExecution::Columns(_) => "over whole columns".to_owned(),
            ScriptExecution::Interpreted(why, at) => {
                let at = at.and_then(|at| place::line(at, files)).map_or(String::new(), |at| format!(" ({at})"));
                format!("record by record: {why}{at}")
            }
        };
        writeln!(terminal::stdout(), "  {name}: {how}")?;
    }
    Ok(())
}

/// The contents of a rule set in numbers: `8 rules, 2 goals`.
fn contents(set: &RuleSet) -> String {
    let rules = set.steps.iter().filter(|step| matches!(step, Step::Rule { kind, .. } if *kind != PROGRAMME)).count();
    let others = [("measure", set.measures.len()), ("programme", set.programmes.len()), ("goal", set.goals.len())];
    let counted = |(what, n): (&str, usize)| count(n, what);
    let others = others.into_iter().filter(|(_, n)| *n > 0).map(counted);
    std::iter::once(counted(("rule", rules))).chain(others).collect::<Vec<_>>().join(", ")
}

/// Checks each file, and the rule files of each folder; fails if one has an error.
///
/// A fragment is checked with the rule files that include it.
pub(crate) fn check(arguments: &CheckArgs, extensions: &Extensions) -> Result<(), Failure> {
    let plugins = extensions.plugins();
    let (mut failure, mut checked) = (None, Vec::new());
    for target in targets::of(&arguments.files)? {
        let found = match &target {
            Target::Whole(path) => one(arguments, path, &plugins, &mut checked)?,
            Target::Fragment(path, includers) => {
                let found = includers.iter().map(|path| one(arguments, path, &plugins, &mut checked));
                let found: Vec<Option<Failure>> = found.collect::<Result<_, _>>()?;
                if arguments.format == OutputFormat::Text {
                    let names: Vec<String> = includers.iter().map(|path| path.display().to_string()).collect();
                    writeln!(terminal::stdout(), "{}: a fragment, checked in {}", path.display(), names.join(", "))?;
                }
                found.into_iter().flatten().next()
            }
            Target::Alone(path) => alone(arguments, path)?,
        };
        // A file that cannot be read is worse than one with errors in it.
        failure = match (failure, found) {
            (_, Some(io @ Failure::Message(_))) => Some(io),
            (first, found) => first.or(found),
        };
    }
    failure.map_or(Ok(()), Err)
}

/// Checks a rule file, unless it was checked before; returns the failure it makes.
fn one(
    arguments: &CheckArgs,
    path: &Path,
    plugins: &Plugins,
    checked: &mut Vec<PathBuf>,
) -> Result<Option<Failure>, Failure> {
    if checked.iter().any(|known| is_same(known, path)) {
        return Ok(None);
    }
    checked.push(path.to_owned());
    Ok(match Session::open(path, &FileSystem, plugins) {
        Ok(session) => {
            show_passed(arguments, path, session)?;
            None
        }
        Err(Error::Data(found)) => {
            diagnostics::show(&found.files, &found.diagnostics, arguments.format)?;
            Some(Failure::Message(format!("`{}` was not checked", path.display())))
        }
        Err(Error::Rules(found)) => {
            diagnostics::show(&found.files, &found.diagnostics, arguments.format)?;
            Some(Failure::Reported)
        }
        Err(_) => Some(Failure::Reported),
    })
}

/// Checks what can be checked of a fragment that no rule file includes: its form, not its names.
fn alone(arguments: &CheckArgs, path: &Path) -> Result<Option<Failure>, Failure> {
    let (mut files, mut findings) = (SourceFiles::default(), Diagnostics::new());
    read_file(path, &FileSystem, &mut files, &mut findings);
    let failure = findings.has_errors().then_some(Failure::Reported);
    let message = format!("no rule file includes `{}`, so only its form was checked, not its names", path.display());
    let help = "a rule file that is run needs `sources:`; a fragment is checked in the rule file that includes it";
    findings.push(Diagnostic::new(Code::W0505, message).help(help));
    diagnostics::show(&files, &findings, arguments.format)?;
    Ok(failure)
}

/// Shows the warnings of a rule file without errors, and its contents in numbers.
fn show_passed(arguments: &CheckArgs, path: &Path, session: Session) -> io::Result<()> {
    diagnostics::show(&session.files, &session.warnings, arguments.format)?;
    if arguments.format == OutputFormat::Text {
        let warnings = match session.warnings.len() {
            0 => String::new(),
            n => format!(", {}", count(n, "warning")),
        };
        let contents = contents(&session.set);
        writeln!(terminal::stdout(), "{}: ok, {contents}{warnings}", path.display())?;
        if progress::is_verbose() {
            print_scripts(&session.set, &session.files)?;
        }
    }
    // The process ends soon; freeing a thousand rules would take a tenth of its time.
    std::mem::forget(session);
    Ok(())
}
