//! Reading the text files of a session.

use std::io;
use std::path::Path;

use accolade_core::files::{Loader, io_error_reason};
use accolade_parser::Diagnostics;

use super::Error;
use crate::run::SavedCutOffs;

/// The text of a file.
pub(super) fn text(loader: &dyn Loader, path: &Path) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8");
    String::from_utf8(loader.load(path)?).map_err(invalid)
}

/// The cut-offs in a file, and its text.
///
/// # Errors
/// Fails when the file cannot be read, and with what `failed` makes of E0710 when it is not a cut-offs file.
pub(super) fn cut_offs(
    loader: &dyn Loader,
    path: &Path,
    failed: impl FnOnce(Diagnostics) -> Error,
) -> Result<(SavedCutOffs, String), Error> {
    let text = text(loader, path)
        .map_err(|error| Error::Io(format!("`{}` cannot be read: {}", path.display(), io_error_reason(&error))))?;
    let saved = SavedCutOffs::read(&path.display().to_string(), &text).map_err(failed)?;
    Ok((saved, text))
}
