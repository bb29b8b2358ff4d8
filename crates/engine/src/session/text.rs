//! Reading a text file.

use std::io;
use std::path::Path;

use accolade_core::files::Loader;

/// The text of a file.
pub(super) fn text(loader: &dyn Loader, path: &Path) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8");
    String::from_utf8(loader.load(path)?).map_err(invalid)
}
