//! Where the data of a source is.

pub mod format;
mod object;
mod rows;
mod server;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::object::{StoreAccess, StoreObject};
pub use self::rows::MemoryTable;
pub use self::server::PostgresDatabase;
use crate::location::format::FileFormat;

/// A place that data is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file, a folder of files, or a pattern for their names.
    Path {
        /// As the user named it.
        path: PathBuf,
        /// The sheet of a spreadsheet or the table of a database, instead of the one that the rule file names.
        part: Option<String>,
    },
    /// A table of a PostgreSQL database.
    Postgres {
        /// The database.
        server: PostgresDatabase,
        /// The table, instead of the one that the rule file names.
        table: Option<String>,
    },
    /// Objects of an object store.
    Object(StoreObject),
    /// Rows in memory.
    Memory(Arc<MemoryTable>),
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Location::Path { path, part: None }
    }
}

impl From<&str> for Location {
    fn from(path: &str) -> Self {
        PathBuf::from(path).into()
    }
}

impl Location {
    /// Parses a path or a URL, which may name a sheet or a table after `#`.
    ///
    /// # Errors
    /// Fails with the reason if a URL is not valid.
    pub fn parse(text: &str) -> Result<Location, String> {
        if is_url(text) {
            return Location::url(text);
        }
        Ok(match text.rsplit_once('#') {
            Some((path, part)) if FileFormat::from_ending(Path::new(path)).is_some_and(FileFormat::has_parts) => {
                Location::Path { path: path.into(), part: Some(part.to_owned()) }
            }
            _ => PathBuf::from(text).into(),
        })
    }

    /// Parses the URL of an object, or of a database with a table after `#`.
    ///
    /// # Errors
    /// Fails with the reason if the URL is not valid.
    pub fn url(text: &str) -> Result<Location, String> {
        if let Some(object) = StoreObject::parse(text) {
            return object.map(Location::Object);
        }
        let (url, table) = match text.split_once('#') {
            Some((url, table)) => (url, Some(table.to_owned())),
            None => (text, None),
        };
        Ok(Location::Postgres { server: PostgresDatabase::parse(url)?, table })
    }

    /// The path on this machine, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Location::Path { path, .. } => Some(path),
            Location::Postgres { .. } | Location::Object(_) | Location::Memory(_) => None,
        }
    }
}

/// Whether a text is a URL and not a path.
pub fn is_url(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A password or a key, which `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, to be sent to the server only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> (String, Option<String>) {
        match Location::parse(text).unwrap() {
            Location::Path { path, part } => (path.display().to_string(), part),
            Location::Postgres { server, table } => (server.to_string(), table),
            Location::Object(object) => (object.to_string(), object.part().map(str::to_owned)),
            Location::Memory(rows) => panic!("`{text}` is no name of rows in memory: {rows:?}"),
        }
    }

    #[test]
    fn sheets_and_tables_are_behind_a_sign() {
        for (text, path, named) in [
            ("orders.csv", "orders.csv", None),
            ("a#b.csv", "a#b.csv", None),
            ("crm.xlsx#Orders", "crm.xlsx", Some("Orders")),
            ("crm.db#orders", "crm.db", Some("orders")),
            ("crm.db", "crm.db", None),
            ("postgres://me@db.example.com/crm#sales.orders", "postgres://db.example.com/crm", Some("sales.orders")),
            ("postgresql://me:secret@db:6543/crm", "postgres://db:6543/crm", None),
            ("s3://data/2025/orders.csv.gz", "s3://data/2025/orders.csv.gz", None),
            ("s3://data/crm.xlsx#Orders", "s3://data/crm.xlsx", Some("Orders")),
            ("s3://data/a#b.csv", "s3://data/a#b.csv", None),
        ] {
            assert_eq!(part(text), (path.to_owned(), named.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_password_is_shown_to_nobody() {
        let location = Location::parse("postgres://me:hunter2@db/crm").unwrap();
        assert!(!format!("{location:?}").contains("hunter2"));
        let Location::Postgres { server, .. } = location else { panic!() };
        assert_eq!(server.password.as_ref().map(Secret::reveal), Some("hunter2"));
        for wrong in
            ["postgres://me:hunter2@db:port/crm", "postgres://me:hunter2@db/crm?sslmode=hunter2", "mysql://a/b"]
        {
            let why = Location::parse(wrong).unwrap_err();
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
