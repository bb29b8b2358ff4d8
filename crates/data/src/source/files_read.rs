//! The files and the tables of databases that a source reads.

use std::path::PathBuf;

use accolade_core::location::Location;
use accolade_core::location::format::FileFormat;
use accolade_core::model::Source;

use super::{pattern, sqlite};

/// The files of a source on this machine; `None` if it reads tables of a database. Files that cannot be found are
/// reported when the source is opened.
pub fn local_files(source: &Source, location: &Location) -> Option<Vec<PathBuf>> {
    let named = source.format.format.as_ref().and_then(|f| FileFormat::from_name(&f.value));
    match location {
        Location::Path { path, .. } if named.unwrap_or_else(|| FileFormat::from_path(path)) == FileFormat::Sqlite => {
            None
        }
        Location::Path { path, .. } => Some(pattern::files(path, named).unwrap_or_default()),
        Location::Object(_) | Location::Memory(_) => Some(Vec::new()),
        Location::Postgres { .. } => None,
    }
}

/// A table of a database that a source reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableRead {
    /// A table of an SQLite database, whose names ignore the case of letters.
    Sqlite(String),
    /// A table of a PostgreSQL database.
    Postgres(String),
    /// A query of a PostgreSQL database, which may read every table that it mentions.
    PostgresQuery(String),
}

/// The tables that a source in a database reads.
pub fn tables_read(source: &Source, location: &Location) -> Vec<TableRead> {
    match location {
        Location::Path { path, part } => {
            let tables = sqlite::tables_read(path, part.as_deref(), &source.part);
            tables.into_iter().map(TableRead::Sqlite).collect()
        }
        Location::Postgres { table, .. } => match (table.as_ref().or(source.part.table.as_ref()), &source.part.query) {
            (Some(table), _) => vec![TableRead::Postgres(table.clone())],
            (None, Some(query)) => vec![TableRead::PostgresQuery(query.clone())],
            (None, None) => Vec::new(),
        },
        Location::Object(_) | Location::Memory(_) => Vec::new(),
    }
}

impl TableRead {
    /// Whether a target of this name is the table.
    pub fn is(&self, target: &str) -> bool {
        match self {
            TableRead::Sqlite(table) => table.eq_ignore_ascii_case(target),
            TableRead::Postgres(table) => in_public(table) == in_public(target),
            TableRead::PostgresQuery(query) => {
                let table = target.rsplit('.').next().unwrap_or(target);
                query.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word.eq_ignore_ascii_case(table))
            }
        }
    }
}

/// The name of a table as it is in the schema `public`.
fn in_public(table: &str) -> &str {
    table.strip_prefix("public.").unwrap_or(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: TableRead, target: &str, expected: bool) {
        assert_eq!(read.is(target), expected, "{read:?} {target}");
    }

    #[test]
    fn a_target_is_a_table_that_is_read() {
        check(TableRead::Sqlite("Orders".to_owned()), "orders", true);
        check(TableRead::Postgres("public.orders".to_owned()), "orders", true);
        check(TableRead::Postgres("sales.orders".to_owned()), "orders", false);
        check(TableRead::PostgresQuery("SELECT * FROM sales.orders o".to_owned()), "sales.orders", true);
        check(TableRead::PostgresQuery("SELECT * FROM sales.orders_2025".to_owned()), "sales.orders", false);
    }

    #[test]
    fn an_sqlite_source_reads_tables_behind_views_and_in_queries() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let database = rusqlite::Connection::open(&path).unwrap();
        database.execute_batch("CREATE TABLE a(x); CREATE TABLE b(x); CREATE VIEW v AS SELECT x FROM a").unwrap();
        for (table, query, expected) in [
            (Some("a"), None, &["a"][..]),
            (Some("v"), None, &["a"]),
            (None, Some("SELECT a.x FROM b, a"), &["b", "a"]),
        ] {
            let text = |text: Option<&str>| text.map(str::to_owned);
            let part = accolade_core::model::SourcePart { sheet: None, table: text(table), query: text(query) };
            assert_eq!(sqlite::tables_read(&path, None, &part), expected, "{table:?} {query:?}");
        }
    }
}
