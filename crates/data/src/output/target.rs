//! Where results go: a file, or a table of a database.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use accolade_core::location::format::Kind;
use accolade_core::location::{Location, Server};

use super::{FORMATS, Format, Results, postgres, replace_file, sqlite};

/// A place for results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file.
    File(PathBuf, Format),
    /// A table of an SQLite database.
    Sqlite(PathBuf, Option<String>),
    /// A table of a PostgreSQL database.
    Postgres(Server, Option<String>),
}

impl Target {
    /// What a user means by a path or a URL; behind `#` is the table.
    ///
    /// # Errors
    /// Why it does not say how results are written.
    pub fn parse(path: &Path) -> Result<Target, String> {
        let location = path.to_str().map_or_else(|| Ok(path.to_owned().into()), Location::parse);
        match location {
            Ok(Location::Path { path, part }) if Kind::known(&path) == Some(Kind::Sqlite) => {
                Ok(Target::Sqlite(path, part))
            }
            Ok(Location::Postgres { server, table }) => Ok(Target::Postgres(server, table)),
            Ok(Location::Object(_)) => {
                Err("results are not written to an object store; write a file and copy it there".to_owned())
            }
            Ok(Location::Path { .. } | Location::Rows(_)) => match Format::of(path) {
                Some(format) => Ok(Target::File(path.to_owned(), format)),
                None => {
                    let endings: Vec<String> = FORMATS.iter().map(|(name, _)| format!(".{name}")).collect();
                    Err(format!(
                        "`{}` does not say its format; end it with {}, .sqlite or .db",
                        path.display(),
                        endings.join(", ")
                    ))
                }
            },
            Err(why) => Err(format!("the URL cannot be used: {why}")),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::File(path, _) | Target::Sqlite(path, None) => write!(f, "{}", path.display()),
            Target::Sqlite(path, Some(table)) => write!(f, "{}#{table}", path.display()),
            Target::Postgres(server, None) => write!(f, "{server}"),
            Target::Postgres(server, Some(table)) => write!(f, "{server}#{table}"),
        }
    }
}

/// Writes the results of the rule set of this name as a whole, or leaves what is there as it is.
///
/// # Errors
/// What kept them from being written.
pub fn save(rule_set: &str, results: &mut dyn Results, target: &Target) -> io::Result<()> {
    let name = |table: &Option<String>| match table {
        Some(table) => table.clone(),
        None if rule_set.is_empty() => "customers".to_owned(),
        None => rule_set.to_owned(),
    };
    match target {
        Target::File(path, format) => replace_file(path, |sink| super::write(results, *format, sink)),
        Target::Sqlite(path, table) => sqlite::write(results, path, &name(table)),
        Target::Postgres(server, table) => postgres::write(results, server, &name(table)),
    }
}

/// Fails if a table that is there already has other columns: its rows are not results of these rules.
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
    Err(io::Error::other(format!("the table `{table}` is there and has {why}; drop it, or name another behind `#`")))
}
