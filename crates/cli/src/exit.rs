//! Failures of commands, and their exit codes.

use std::io;
use std::process::ExitCode;

use accolade_engine::session::{Error, Findings};

use crate::args::OutputFormat;
use crate::render::diagnostics;
use crate::terminal;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A rule file has errors or a test failed, already shown.
    Reported,
    /// Goals are missed and the results are written; already shown.
    GoalsMissed,
    /// The rule file has errors.
    Rules(Box<Findings>, OutputFormat),
    /// Data or cut-offs that cannot be used.
    Data(Box<Findings>, OutputFormat),
    /// Any other error, in one line.
    Message(String),
    /// Output could not be written; a closed pipe is no failure.
    Write(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Write(error)
    }
}

impl Failure {
    /// The failure of a session's error.
    pub(crate) fn of(error: Error, output: OutputFormat) -> Failure {
        match error {
            Error::Rules(findings) => Failure::Rules(findings, output),
            Error::Data(findings) => Failure::Data(findings, output),
            Error::Io(message) => Failure::Message(message),
        }
    }

    /// Shows the failure and returns its exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Failure::Reported => ExitCode::from(1),
            Failure::GoalsMissed => ExitCode::from(3),
            Failure::Rules(found, output) => match diagnostics::show(&found.files, &found.diagnostics, output) {
                Ok(()) => ExitCode::from(1),
                Err(error) => Failure::Write(error).report(),
            },
            Failure::Data(found, output) => {
                // Nothing is left to do if standard error is closed too.
                let _ = diagnostics::show(&found.files, &found.diagnostics, output);
                ExitCode::from(2)
            }
            Failure::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Failure::Write(error) => error_line(&format!("output cannot be written: {error}")),
            Failure::Message(message) => error_line(&message),
        }
    }
}

fn error_line(message: &str) -> ExitCode {
    let _ = io::Write::write_fmt(&mut terminal::stderr(), format_args!("error: {}\n", terminal::visible(message)));
    ExitCode::from(2)
}
