//! Passwords of PostgreSQL servers, from the places where PostgreSQL's own programs look.

use std::path::PathBuf;
use std::{env, io};

use accolade_engine::files::read_text;
use accolade_engine::location::PostgresDatabase;
use accolade_engine::{Secret, password_of};

/// `PGPASSWORD`, or the line for the server in the file `PGPASSFILE` or `~/.pgpass`.
///
/// # Errors
/// Fails when the password file exists but cannot be read.
pub(crate) fn find_password(server: &PostgresDatabase) -> Result<Option<Secret>, (PathBuf, io::Error)> {
    if let Some(password) = env::var("PGPASSWORD").ok().filter(|p| !p.is_empty()) {
        return Ok(Some(Secret::new(password)));
    }
    let at_home = || env::home_dir().map(|home| home.join(".pgpass"));
    let Some(path) = env::var_os("PGPASSFILE").map(PathBuf::from).or_else(at_home) else { return Ok(None) };
    match read_text(&path) {
        Ok(lines) => Ok(password_of(&lines, server)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err((path, error)),
    }
}
