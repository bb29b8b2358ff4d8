//! `accolade completions`

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::exit::Failure;

/// Prints a script with which a shell completes commands and flags.
pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "accolade", &mut script);
    Ok(std::io::stdout().write_all(&script)?)
}
