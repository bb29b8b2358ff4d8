//! Writes a text to a file or to standard output.

use std::io::Write;
use std::path::Path;

use accolade_engine::output::replace_file;

use crate::exit::Failure;
use crate::progress;
use crate::terminal;

/// Writes a text to a file or to standard output. For a file, a note on standard error reports that `what` was written.
pub(crate) fn write_text(text: &str, path: Option<&Path>, what: &str) -> Result<(), Failure> {
    let Some(path) = path.filter(|path| *path != Path::new("-")) else {
        return Ok(write!(terminal::stdout(), "{text}")?);
    };
    replace_file(path, |sink| sink.write_all(text.as_bytes()))
        .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
    Ok(progress::note(format!("{what} written to {}", path.display()))?)
}
