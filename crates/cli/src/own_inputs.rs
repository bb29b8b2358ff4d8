//! Outputs that a command reads itself are refused, before data is read or anything is written.

use std::fmt::Display;
use std::path::Path;

use accolade_engine::output::OwnInputs;

use crate::exit::Failure;

/// Fails if the output is one of the inputs. Standard output, `-`, never is.
pub(crate) fn refuse_input(inputs: &OwnInputs, output: Option<&Path>) -> Result<(), Failure> {
    let output = output.filter(|path| *path != Path::new("-"));
    output.map_or(Ok(()), |path| refuse_role(inputs.role(path), path.display()))
}

/// Fails if the output has the role of an input.
pub(crate) fn refuse_role(role: Option<String>, output: impl Display) -> Result<(), Failure> {
    let Some(role) = role else { return Ok(()) };
    let message = format!("`{output}` is not replaced: it is {role}, which this command needs; name another output");
    Err(Failure::Message(message))
}
