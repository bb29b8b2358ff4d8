//! The accolade command line: arguments in, text and exit codes out.
//!
//! Exit codes: 0 for success, 1 for findings such as errors in a rule file, 2 for usage, IO and data errors.
//!
//! A program with its own rule kinds and functions gets all commands:
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
mod complete;
mod credentials;
mod exit;
mod extensions;
mod input;
mod own_inputs;
mod passwords;
mod progress;
mod render;
mod revision;
mod signals;
mod stores;
mod terminal;
mod today;

use std::process::ExitCode;

pub use accolade_engine::Plugins;
use clap_complete::CompleteEnv;

use crate::args::Arguments;
use crate::extensions::Extensions;

/// Runs the command that the arguments of the process name.
///
/// `register` adds to the shipped rule kinds, functions and script host; it is called for each set of plugins that a
/// command makes.
pub fn main_with(register: impl Fn(&mut Plugins) + Send + Sync + 'static) -> ExitCode {
    let extensions = Extensions::new(register);
    let grammar = || complete::add_to(Arguments::grammar(), &extensions);
    CompleteEnv::with_factory(grammar).var(complete::VARIABLE).bin("accolade").complete();
    quiet_foreign_panics();
    let arguments = Arguments::of_process(Arguments::grammar());
    progress::start(&arguments.verbosity);
    let code = match commands::dispatch(arguments.command, &extensions) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    };
    progress::finish();
    code
}

/// Keeps the message of a panic from being printed where it becomes a finding about a damaged file.
fn quiet_foreign_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !accolade_engine::source::is_reading_foreign() {
            print(panic);
        }
    }));
}
