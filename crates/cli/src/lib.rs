//! The accolade command line: arguments in, text and exit codes out.
//!
//! Exit codes: 0 fine, 1 findings (a rule file with errors), 2 usage, IO or data errors.
//!
//! A program with rule kinds and functions of its own has all commands too:
//!
//! ```no_run
//! # fn register(_: &mut accolade::Plugins) {}
//! fn main() -> std::process::ExitCode {
//!     accolade::main_with(|plugins| register(plugins))
//! }
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod args;
mod commands;
mod credentials;
mod exit;
mod extensions;
mod input;
mod passwords;
mod render;
mod stores;
mod talk;

use std::process::ExitCode;

pub use accolade_engine::Plugins;
use clap::Parser;

use crate::extensions::Extensions;

/// Runs the command that the arguments of the process name.
///
/// `register` adds to the shipped rule kinds, functions and script host; it is called for each set of plugins that a
/// command makes.
pub fn main_with(register: impl Fn(&mut Plugins) + Send + Sync + 'static) -> ExitCode {
    let arguments = args::Arguments::parse();
    talk::begin(&arguments.loudness);
    let code = match commands::dispatch(arguments.command, &Extensions::new(register)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    };
    talk::end();
    code
}
