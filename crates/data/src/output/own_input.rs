//! The files and tables that a command reads, which its output must not replace.

use std::path::{Path, PathBuf};

use accolade_core::location::Location;
use accolade_core::model::Source;

use super::ResultTarget;
use crate::source::{data_files, local_files, tables_read};

/// What a command reads, each with its role.
#[derive(Debug, Default)]
pub struct OwnInputs {
    files: Vec<(String, PathBuf)>,
    /// Tables of databases. A source in an SQLite database reads some of its tables, and others may be written.
    tables: Vec<(Source, Location)>,
}

impl OwnInputs {
    /// Adds a file. The role completes "it is …".
    pub fn add(&mut self, role: impl Into<String>, path: &Path) {
        self.files.push((role.into(), path.to_owned()));
    }

    /// Adds a file of data, a folder or a pattern.
    pub fn add_data(&mut self, role: &str, location: &Location) {
        let files = location.path().and_then(|path| data_files(path, None).ok());
        files.unwrap_or_default().iter().for_each(|path| self.add(role, path));
    }

    /// Adds the data of a source.
    pub fn add_source(&mut self, source: &Source, location: &Location) {
        match local_files(source, location) {
            Some(files) => files.iter().for_each(|path| self.add(data_of(source), path)),
            None => self.tables.push((source.clone(), location.clone())),
        }
    }

    /// The role of an output in what is read; nothing for one that may be written.
    pub fn role(&self, output: &Path) -> Option<String> {
        let database = |(source, location): &&(Source, Location)| {
            location.path().filter(|path| is_same_file(path, output)).map(|_| data_of(source))
        };
        self.role_of_file(output).or_else(|| self.tables.iter().find_map(|table| database(&table)))
    }

    /// The role of a target for results, where a table without a name is named like the rule set.
    pub fn role_of_target(&self, target: &ResultTarget, rule_set: &str) -> Option<String> {
        let of_file = match target {
            ResultTarget::File(path, _) => return self.role(path),
            ResultTarget::Sqlite(path, _) => self.role_of_file(path),
            ResultTarget::Postgres(..) | ResultTarget::Partitions(_) => None,
        };
        let table = target.table(rule_set);
        let is_read = |(source, location): &&(Source, Location)| {
            is_in_database(target, location) && tables_read(source, location).iter().any(|read| read.is(&table))
        };
        of_file.or_else(|| self.tables.iter().find(is_read).map(|(source, _)| data_of(source)))
    }

    fn role_of_file(&self, output: &Path) -> Option<String> {
        self.files.iter().find(|(_, path)| is_same_file(path, output)).map(|(role, _)| role.clone())
    }
}

/// Whether a target is a table of the database at a location.
fn is_in_database(target: &ResultTarget, location: &Location) -> bool {
    match (target, location) {
        (ResultTarget::Sqlite(path, _), Location::Path { path: read, .. }) => is_same_file(path, read),
        (ResultTarget::Postgres(server, _), Location::Postgres { server: read, .. }) => {
            server.identity()[..3] == read.identity()[..3]
        }
        _ => false,
    }
}

fn data_of(source: &Source) -> String {
    format!("the data of the source `{}`", source.name)
}

/// Whether two paths lead to the same file, through links too.
fn is_same_file(one: &Path, other: &Path) -> bool {
    canonical(one).is_some_and(|path| canonical(other) == Some(path)) || is_same_inode(one, other)
}

/// The path without links. The last part need not exist.
fn canonical(path: &Path) -> Option<PathBuf> {
    let folder = || path.parent().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    path.canonicalize().ok().or_else(|| Some(folder()?.canonicalize().ok()?.join(path.file_name()?)))
}

#[cfg(unix)]
fn is_same_inode(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = |path: &Path| path.metadata().ok().map(|about| (about.dev(), about.ino()));
    inode(one).is_some_and(|id| inode(other) == Some(id))
}

#[cfg(not(unix))]
fn is_same_inode(_: &Path, _: &Path) -> bool {
    false
}
