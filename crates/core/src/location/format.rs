//! The formats of files, by their endings.

use std::path::Path;

/// The compression of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip
    Gzip,
    /// Zstandard
    Zstandard,
}

/// Compressions, by the ending of a file.
const PACKED: &[(&str, Compression)] = &[("gz", Compression::Gzip), ("zst", Compression::Zstandard)];

impl Compression {
    /// The compression that the file's ending names; `None` for a file that is not compressed.
    pub fn of(path: &Path) -> Option<Compression> {
        let ending = lower(path)?;
        PACKED.iter().find(|(name, _)| *name == ending).map(|(_, packing)| *packing)
    }
}

/// The ending that names the format of a file: `csv` of `orders.csv.gz`.
pub fn ending(path: &Path) -> Option<String> {
    if Compression::of(path).is_some() { lower(Path::new(path.file_stem()?)) } else { lower(path) }
}

fn lower(path: &Path) -> Option<String> {
    path.extension()?.to_str().map(str::to_ascii_lowercase)
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Delimited text.
    Csv,
    /// Typed columns.
    Parquet,
    /// A list of JSON objects.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// Sheets of a spreadsheet.
    Workbook,
    /// Tables of an SQLite database.
    Sqlite,
}

/// Formats by file ending.
const KINDS: &[(&str, FileFormat)] = &[
    ("csv", FileFormat::Csv),
    ("db", FileFormat::Sqlite),
    ("json", FileFormat::Json),
    ("jsonl", FileFormat::Ndjson),
    ("ndjson", FileFormat::Ndjson),
    ("ods", FileFormat::Workbook),
    ("parquet", FileFormat::Parquet),
    ("sqlite", FileFormat::Sqlite),
    ("sqlite3", FileFormat::Sqlite),
    ("tsv", FileFormat::Csv),
    ("xls", FileFormat::Workbook),
    ("xlsb", FileFormat::Workbook),
    ("xlsm", FileFormat::Workbook),
    ("xlsx", FileFormat::Workbook),
];

/// The names that a rule file uses for formats of files.
const NAMES: &[(&str, FileFormat)] = &[
    ("csv", FileFormat::Csv),
    ("parquet", FileFormat::Parquet),
    ("ndjson", FileFormat::Ndjson),
    ("json", FileFormat::Json),
];

impl FileFormat {
    /// The format that belongs to the file's ending.
    pub fn from_ending(path: &Path) -> Option<FileFormat> {
        let ending = ending(path)?;
        KINDS.iter().find(|(name, _)| *name == ending).map(|(_, kind)| *kind)
    }

    /// The format of a file, by its ending; `Csv` if the ending is unknown.
    pub fn from_path(path: &Path) -> FileFormat {
        FileFormat::from_ending(path).unwrap_or(FileFormat::Csv)
    }

    /// The format that a rule file names.
    pub fn from_name(name: &str) -> Option<FileFormat> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether files of the format are text, which may be compressed.
    pub fn is_text(self) -> bool {
        matches!(self, FileFormat::Csv | FileFormat::Ndjson | FileFormat::Json)
    }

    /// Whether files of the format hold several tables, so that one can be named after `#`.
    pub fn has_parts(self) -> bool {
        matches!(self, FileFormat::Workbook | FileFormat::Sqlite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_below_the_packing_counts() {
        for (path, expected, packed) in [
            ("a/orders.csv", Some("csv"), false),
            ("orders.CSV.GZ", Some("csv"), true),
            ("orders.2025.ndjson.zst", Some("ndjson"), true),
            ("orders.gz", None, true),
            ("orders", None, false),
        ] {
            assert_eq!(ending(Path::new(path)).as_deref(), expected, "{path}");
            assert_eq!(Compression::of(Path::new(path)).is_some(), packed, "{path}");
        }
    }
}
