//! Writing results. A file or table is replaced as a whole or left unchanged.

mod csv;
mod json;
mod own_input;
mod parquet;
mod postgres;
mod results;
mod sqlite;
mod target;
pub mod xlsx;

use std::fs::File;
use std::io;
use std::io::{Seek, Write};
use std::path::Path;

pub use self::json::value as json_value;
pub use self::own_input::OwnInputs;
pub use self::results::{OutputColumns, Results};
pub use self::target::{ResultTarget, save};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultFormat {
    /// Comma-separated values with a header.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line.
    Ndjson,
    /// One JSON array of objects.
    Json,
    /// An Excel workbook.
    Xlsx,
}

/// Formats by file ending.
pub const FORMATS: &[(&str, ResultFormat)] = &[
    ("csv", ResultFormat::Csv),
    ("parquet", ResultFormat::Parquet),
    ("ndjson", ResultFormat::Ndjson),
    ("json", ResultFormat::Json),
    ("xlsx", ResultFormat::Xlsx),
];

impl ResultFormat {
    /// The format of a path's file ending, if there is one.
    pub fn of(path: &Path) -> Option<ResultFormat> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        FORMATS.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format)
    }
}

/// Writes results to `sink`.
///
/// # Errors
/// Fails when the results cannot give their rows or the sink cannot be written.
pub fn write(results: &mut dyn Results, format: ResultFormat, sink: &mut (dyn Write + Send)) -> io::Result<()> {
    match format {
        ResultFormat::Csv => csv::write(results, sink),
        ResultFormat::Parquet => parquet::write(results, sink),
        ResultFormat::Ndjson => json::write(results, false, sink),
        ResultFormat::Json => json::write(results, true, sink),
        ResultFormat::Xlsx => xlsx::write(results, sink),
    }
}

/// Writes results to an unnamed temporary file and returns it rewound.
///
/// # Errors
/// Fails when the results cannot give their rows or the file cannot be written.
pub fn spool(results: &mut dyn Results, format: ResultFormat) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let mut buffer = io::BufWriter::new(&mut file);
    write(results, format, &mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    file.rewind()?;
    Ok(file)
}

/// Replaces a file: writes a temporary file beside it, which is renamed to `path` once it is complete.
///
/// # Errors
/// Fails when `content` or the file system does. The file at `path` is then unchanged.
pub fn replace_file(path: &Path, content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".accolade-").tempfile_in(folder)?;
    {
        let mut buffer = io::BufWriter::new(temporary.as_file_mut());
        content(&mut buffer)?;
        buffer.flush()?;
    }
    keep_permissions(path, temporary.path())?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Gives the temporary file, which is private to its owner, the mode of the file it replaces, or that of a new file.
#[cfg(unix)]
fn keep_permissions(path: &Path, temporary: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_or(0o644, |m| m.permissions().mode() & 0o777);
    std::fs::set_permissions(temporary, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_permissions(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}
