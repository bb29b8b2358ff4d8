//! The formats of files, by their endings.

use std::path::Path;

use super::stream;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text in fields.
    Csv,
    /// Typed columns.
    Parquet,
    /// An object a line.
    Ndjson,
    /// Sheets of a spreadsheet.
    Workbook,
    /// Tables of an SQLite database.
    Sqlite,
}

/// Formats by file ending.
const KINDS: &[(&str, Kind)] = &[
    ("csv", Kind::Csv),
    ("db", Kind::Sqlite),
    ("jsonl", Kind::Ndjson),
    ("ndjson", Kind::Ndjson),
    ("ods", Kind::Workbook),
    ("parquet", Kind::Parquet),
    ("sqlite", Kind::Sqlite),
    ("sqlite3", Kind::Sqlite),
    ("tsv", Kind::Csv),
    ("xls", Kind::Workbook),
    ("xlsb", Kind::Workbook),
    ("xlsm", Kind::Workbook),
    ("xlsx", Kind::Workbook),
];

/// The names that a rule file uses for formats of files.
const NAMES: &[(&str, Kind)] = &[("csv", Kind::Csv), ("parquet", Kind::Parquet), ("ndjson", Kind::Ndjson)];

impl Kind {
    /// The format that the file's ending is known for.
    pub(crate) fn known(path: &Path) -> Option<Kind> {
        let ending = stream::ending(path)?;
        KINDS.iter().find(|(name, _)| *name == ending).map(|(_, kind)| *kind)
    }

    /// The format of a file; text in fields if its ending says nothing.
    pub(crate) fn of(path: &Path) -> Kind {
        Kind::known(path).unwrap_or(Kind::Csv)
    }

    /// The format that a rule file names.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether files of the format hold several tables, so that one can be named behind `#`.
    pub(crate) fn has_parts(self) -> bool {
        matches!(self, Kind::Workbook | Kind::Sqlite)
    }
}
