//! The accolade command line: arguments in, text and exit codes out.
//!
//! Exit codes: 0 fine, 1 findings (a rule file with errors), 2 usage, IO or data errors.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod args;
mod commands;
mod exit;
mod input;
mod locations;
mod passwords;
mod render;
mod stores;
mod talk;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    talk::begin(&arguments.loudness);
    let code = match commands::dispatch(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    };
    talk::end();
    code
}
