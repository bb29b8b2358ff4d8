//! `accolade check`

use std::io::Write;

use accolade_engine::{FileSystem, compile};

use crate::args::{Check, Output};
use crate::exit::Failure;
use crate::input;
use crate::render::diagnostics;

/// Checks each file; fails if one has an error.
pub(crate) fn check(arguments: &Check) -> Result<(), Failure> {
    let plugins = input::plugins();
    let mut failure = None;
    for path in &arguments.files {
        let compiled = compile(path, &FileSystem, &plugins);
        diagnostics::show(&compiled.files, &compiled.diagnostics, arguments.format)?;
        match compiled.set {
            Some(set) if arguments.format == Output::Text => {
                let warnings = match compiled.diagnostics.0.len() {
                    0 => String::new(),
                    1 => ", 1 warning".to_owned(),
                    n => format!(", {n} warnings"),
                };
                let rules = set.steps.iter().filter(|s| matches!(s, accolade_engine::model::Step::Rule { .. })).count();
                let rules = if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") };
                writeln!(anstream::stdout(), "{}: ok, {rules}{warnings}", path.display())?;
            }
            Some(_) => {}
            // A file that cannot be read is worse than one with errors in it.
            None if compiled.files.all().is_empty() => {
                failure = Some(Failure::Io(format!("`{}` was not checked", path.display())))
            }
            None if failure.is_none() => failure = Some(Failure::Findings),
            None => {}
        }
    }
    failure.map_or(Ok(()), Err)
}
