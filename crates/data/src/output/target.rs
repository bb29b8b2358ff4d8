//! Where results go: a file, or a table of a database.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use accolade_core::location::format::FileFormat;
use accolade_core::location::{Location, PostgresDatabase, is_url};

use super::{FORMATS, ResultFormat, Results, postgres, replace_file, sqlite};

/// A destination for results. A table without a name gets the name of the rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultTarget {
    /// A file.
    File(PathBuf, ResultFormat),
    /// A table of an SQLite database.
    Sqlite(PathBuf, Option<String>),
    /// A table of a PostgreSQL database.
    Postgres(PostgresDatabase, Option<String>),
    /// A folder with a Parquet file for the results of each date, which only [`append`](super::append) writes.
    Partitions(PathBuf),
}

impl ResultTarget {
    /// Parses a path or a URL. The part after `#` names a table.
    ///
    /// # Errors
    /// Fails for an unknown file ending, an invalid URL and an object store. The error is the message.
    pub fn parse(path: &Path) -> Result<ResultTarget, String> {
        let location = path.to_str().map_or_else(|| Ok(path.to_owned().into()), Location::parse);
        match location {
            Ok(Location::Path { path, part }) if FileFormat::from_ending(&path) == Some(FileFormat::Sqlite) => {
                Ok(ResultTarget::Sqlite(path, part))
            }
            Ok(Location::Postgres { server, table }) => Ok(ResultTarget::Postgres(server, table)),
            Ok(Location::Object(_)) => {
                Err("results are not written to an object store; write a file and copy it there".to_owned())
            }
            Ok(Location::Path { .. } | Location::Memory(_)) => match ResultFormat::of(path) {
                Some(format) => Ok(ResultTarget::File(path.to_owned(), format)),
                None => {
                    let endings: Vec<String> = FORMATS.iter().map(|(name, _)| format!(".{name}")).collect();
                    Err(format!(
                        "the format of `{}` is unknown; end it with {}, .sqlite or .db",
                        path.display(),
                        endings.join(", ")
                    ))
                }
            },
            Err(why) => Err(format!("the URL cannot be used: {why}")),
        }
    }
}

impl ResultTarget {
    /// Parses a path or a URL of a history: a table of a database, or a folder, which ends in `/` or is there.
    ///
    /// # Errors
    /// Fails as [`parse`](Self::parse), and for a file that holds the results of one run. The error is the message.
    pub fn parse_history(path: &Path) -> Result<ResultTarget, String> {
        let is_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/") || path.is_dir();
        if is_folder && !path.to_str().is_some_and(is_url) {
            return Ok(ResultTarget::Partitions(path.to_owned()));
        }
        match ResultTarget::parse(path) {
            Ok(ResultTarget::File(..)) => Err(format!(
                "`{}` holds the results of one run; append to a table, such as `crm.sqlite#rated` or \
                 `postgres://user@host/db#rated`, or to a folder of Parquet files, such as `history/`",
                path.display()
            )),
            target => target,
        }
    }

    /// The table of a database: the one named, else the rule set's.
    pub(super) fn table(&self, rule_set: &str) -> String {
        match self {
            ResultTarget::Sqlite(_, Some(table)) | ResultTarget::Postgres(_, Some(table)) => table.clone(),
            _ if rule_set.is_empty() => "customers".to_owned(),
            _ => rule_set.to_owned(),
        }
    }
}

impl fmt::Display for ResultTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResultTarget::File(path, _) | ResultTarget::Sqlite(path, None) | ResultTarget::Partitions(path) => {
                write!(f, "{}", path.display())
            }
            ResultTarget::Sqlite(path, Some(table)) => write!(f, "{}#{table}", path.display()),
            ResultTarget::Postgres(server, None) => write!(f, "{server}"),
            ResultTarget::Postgres(server, Some(table)) => write!(f, "{server}#{table}"),
        }
    }
}

/// Writes the results of the rule set of this name, all or nothing.
///
/// # Errors
/// Fails when the results cannot give their rows or the target cannot be written. The target is then unchanged.
pub fn save(rule_set: &str, results: &mut dyn Results, target: &ResultTarget) -> io::Result<()> {
    match target {
        ResultTarget::File(path, format) => replace_file(path, |sink| super::write(results, *format, sink)),
        ResultTarget::Sqlite(path, _) => sqlite::write(results, path, &target.table(rule_set)),
        ResultTarget::Postgres(server, _) => postgres::write(results, server, &target.table(rule_set)),
        ResultTarget::Partitions(_) => Err(io::Error::other("it is a folder, which results are only appended to")),
    }
}

/// Fails when an existing table has other columns, since its rows are then not results of these rules.
pub(super) fn same_columns<'a>(
    table: &str,
    existing: &[String],
    wanted: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    let wanted: Vec<&str> = wanted.collect();
    if existing == wanted {
        return Ok(());
    }
    let missing = wanted.iter().find(|name| existing.iter().all(|e| e != *name)).map(|n| format!("no column `{n}`"));
    let more = existing.iter().find(|name| !wanted.contains(&name.as_str())).map(|n| format!("another column `{n}`"));
    let why = missing.or(more).unwrap_or_else(|| "its columns in another order".to_owned());
    Err(io::Error::other(format!("the table `{table}` exists and has {why}; drop it, or name another after `#`")))
}
