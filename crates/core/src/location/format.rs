//! The formats of files, by their endings.

use std::path::Path;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// gzip
    Gzip,
    /// Zstandard
    Zstandard,
}

/// Ways of packing, by the ending of a file.
const PACKED: &[(&str, Packing)] = &[("gz", Packing::Gzip), ("zst", Packing::Zstandard)];

impl Packing {
    /// The way that the file's ending names; none for a file that is not packed.
    pub fn of(path: &Path) -> Option<Packing> {
        let ending = lower(path)?;
        PACKED.iter().find(|(name, _)| *name == ending).map(|(_, packing)| *packing)
    }
}

/// The ending that names the format of a file: `csv` of `orders.csv.gz`.
pub fn ending(path: &Path) -> Option<String> {
    if Packing::of(path).is_some() { lower(Path::new(path.file_stem()?)) } else { lower(path) }
}

fn lower(path: &Path) -> Option<String> {
    path.extension()?.to_str().map(str::to_ascii_lowercase)
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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
    pub fn known(path: &Path) -> Option<Kind> {
        let ending = ending(path)?;
        KINDS.iter().find(|(name, _)| *name == ending).map(|(_, kind)| *kind)
    }

    /// The format of a file; text in fields if its ending says nothing.
    pub fn of(path: &Path) -> Kind {
        Kind::known(path).unwrap_or(Kind::Csv)
    }

    /// The format that a rule file names.
    pub fn named(name: &str) -> Option<Kind> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether files of the format hold several tables, so that one can be named behind `#`.
    pub fn has_parts(self) -> bool {
        matches!(self, Kind::Workbook | Kind::Sqlite)
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
            assert_eq!(Packing::of(Path::new(path)).is_some(), packed, "{path}");
        }
    }
}
