//! How a command ends when it does not end well.

use std::io;
use std::process::ExitCode;

use accolade_engine::Files;
use accolade_parser::Diagnostics;

use crate::args::Output;
use crate::render::diagnostics;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The rule file has errors or a test failed, already shown.
    Findings,
    /// Data or cut-offs that cannot be used.
    Data(Box<Files>, Diagnostics, Output),
    /// Anything about files, in one line.
    Io(String),
    /// Output could not be written; a closed pipe is no failure.
    Write(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Write(error)
    }
}

impl Failure {
    /// Shows it and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Failure::Findings => ExitCode::from(1),
            Failure::Data(files, findings, output) => {
                // Nothing is left to do if standard error is closed too.
                let _ = diagnostics::show(&files, &findings, output);
                ExitCode::from(2)
            }
            Failure::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Failure::Write(error) => error_line(&format!("output cannot be written: {error}")),
            Failure::Io(message) => error_line(&message),
        }
    }
}

fn error_line(message: &str) -> ExitCode {
    let _ = io::Write::write_fmt(&mut anstream::stderr(), format_args!("error: {message}\n"));
    ExitCode::from(2)
}
