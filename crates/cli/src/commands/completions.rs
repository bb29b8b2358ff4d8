//! `accolade completions`

use std::io::Write;

use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::complete::VARIABLE;
use crate::exit::Failure;

/// Prints the script with which a shell asks this program for completions.
pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let (shells, name) = (Shells::builtins(), shell.to_string());
    let Some(completer) = shells.completer(&name) else {
        return Err(Failure::Message(format!("there are no completions for `{name}`")));
    };
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "accolade", "accolade", "accolade", &mut script)?;
    Ok(std::io::stdout().write_all(&script)?)
}
