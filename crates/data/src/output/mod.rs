//! Writing results. A file or table is replaced as a whole or left unchanged.

mod csv;
mod formula;
mod history;
mod json;
mod own_input;
mod parquet;
mod postgres;
mod replace;
mod results;
mod sqlite;
mod target;
pub mod xlsx;

use std::fs::File;
use std::io;
use std::io::{Seek, Write};
use std::path::Path;

pub use self::formula::FormulaText;
pub use self::history::{AppendError, DATE_COLUMN, append};
pub use self::json::value as json_value;
pub use self::own_input::OwnInputs;
pub use self::replace::{remove_unfinished, replace_file};
pub use self::results::{OutputColumns, Results};
pub use self::target::{ResultTarget, save};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultFormat {
    /// Comma-separated values with a header.
    Csv(FormulaText),
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
    ("csv", ResultFormat::Csv(FormulaText::Kept)),
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
        ResultFormat::Csv(formulas) => csv::write(results, formulas, sink),
        ResultFormat::Parquet => parquet::write(results, sink).map(|_| ()),
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
