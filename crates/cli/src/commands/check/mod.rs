//! `accolade check`

mod fragments;

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

use self::fragments::is_same;
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
/// A fragment is checked with the rule files that include it, after the others.
pub(crate) fn check(arguments: &CheckArgs, extensions: &Extensions) -> Result<(), Failure> {
    let paths = fragments::paths(&arguments.files)?;
    let mut checks = Checks { arguments, plugins: extensions.plugins(), checked: Vec::new(), failure: None };
    let mut left = Vec::new();
    for path in &paths {
        if !checks.one(path, true)? {
            left.push(path);
        }
    }
    for fragment in left {
        let includers = fragments::includers(fragment, &paths);
        if includers.is_empty() {
            checks.alone(fragment)?;
            continue;
        }
        for path in &includers {
            checks.one(path, false)?;
        }
        if arguments.format == OutputFormat::Text {
            let names: Vec<String> = includers.iter().map(|path| path.display().to_string()).collect();
            writeln!(terminal::stdout(), "{}: a fragment, checked in {}", fragment.display(), names.join(", "))?;
        }
    }
    checks.failure.map_or(Ok(()), Err)
}

/// The checks of a command, and what came of them.
struct Checks<'a> {
    arguments: &'a CheckArgs,
    plugins: Plugins,
    checked: Vec<PathBuf>,
    failure: Option<Failure>,
}

impl Checks<'_> {
    /// Checks a rule file, unless it was checked before; false if it is left because it is a fragment.
    fn one(&mut self, path: &Path, leave_fragments: bool) -> Result<bool, Failure> {
        if self.checked.iter().any(|known| is_same(known, path)) {
            return Ok(true);
        }
        match Session::open(path, &FileSystem, &self.plugins) {
            Ok(session) => show_passed(self.arguments, path, session)?,
            // A fragment has no sources, which is an error in a rule file.
            Err(Error::Rules(_)) if leave_fragments && fragments::is_fragment(path) => return Ok(false),
            Err(Error::Data(found)) => {
                diagnostics::show(&found.files, &found.diagnostics, self.arguments.format)?;
                // A file that cannot be read is worse than one with errors in it.
                self.failure = Some(Failure::Message(format!("`{}` was not checked", path.display())));
            }
            Err(error) => {
                if let Error::Rules(found) = &error {
                    diagnostics::show(&found.files, &found.diagnostics, self.arguments.format)?;
                }
                self.failure.get_or_insert(Failure::Reported);
            }
        }
        self.checked.push(path.to_owned());
        Ok(true)
    }

    /// Checks what can be checked of a fragment that no rule file includes: its form, not its names.
    fn alone(&mut self, path: &Path) -> Result<(), Failure> {
        let (mut files, mut findings) = (SourceFiles::default(), Diagnostics::new());
        read_file(path, &FileSystem, &mut files, &mut findings);
        if findings.has_errors() {
            self.failure.get_or_insert(Failure::Reported);
        }
        let message =
            format!("no rule file includes `{}`, so only its form was checked, not its names", path.display());
        let help = "a rule file that is run needs `sources:`; a fragment is checked in the rule file that includes it";
        findings.push(Diagnostic::new(Code::W0505, message).help(help));
        Ok(diagnostics::show(&files, &findings, self.arguments.format)?)
    }
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
