//! Where the data of a source is.

use std::fmt;
use std::path::{Path, PathBuf};

use postgres::Config;
use postgres::config::Host;

use crate::source::Kind;

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
        server: Server,
        /// The table, instead of the one that the rule file names.
        table: Option<String>,
    },
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
    /// What a user means by a path or a URL; behind `#` is the sheet or the table.
    ///
    /// # Errors
    /// What is wrong with a URL.
    pub fn parse(text: &str) -> Result<Location, String> {
        if is_url(text) {
            return Location::url(text);
        }
        Ok(match text.rsplit_once('#') {
            Some((path, part)) if Kind::known(Path::new(path)).is_some_and(Kind::has_parts) => {
                Location::Path { path: path.into(), part: Some(part.to_owned()) }
            }
            _ => PathBuf::from(text).into(),
        })
    }

    /// The database, and the table behind `#`, of a URL.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn url(text: &str) -> Result<Location, String> {
        let (url, table) = match text.split_once('#') {
            Some((url, table)) => (url, Some(table.to_owned())),
            None => (text, None),
        };
        Ok(Location::Postgres { server: Server::parse(url)?, table })
    }

    /// The path on this machine, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Location::Path { path, .. } => Some(path),
            Location::Postgres { .. } => None,
        }
    }
}

/// Whether a text is a URL and not a path.
pub fn is_url(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A password, shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for the server alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A database of a PostgreSQL server, and whom to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// It may hold a password.
    url: Secret,
    password: Option<Secret>,
    /// Host, port, database and user.
    identity: [String; 4],
}

impl Server {
    fn parse(url: &str) -> Result<Server, String> {
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(format!("`{scheme}://` is not a kind of database that accolade reads; use `postgres://`"));
        }
        let config: Config = url.parse().map_err(|error| wrong(&error))?;
        let host = match config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(_)) => "localhost".to_owned(),
            None => return Err("it names no host".to_owned()),
        };
        let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
        let user = config.get_user().unwrap_or_default().to_owned();
        let database = config.get_dbname().map_or_else(|| user.clone(), str::to_owned);
        let password = config.get_password().filter(|p| !p.is_empty());
        let password = password.map(|p| Secret::new(String::from_utf8_lossy(p)));
        Ok(Server { url: Secret::new(url), password, identity: [host, port, database, user] })
    }

    /// Whether a password is known.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Sets the password.
    pub fn set_password(&mut self, password: Secret) {
        self.password = Some(password);
    }

    /// Host, port, database and user, as files of passwords name them.
    pub fn identity(&self) -> &[String; 4] {
        &self.identity
    }

    /// How to connect.
    pub(crate) fn config(&self) -> Result<Config, String> {
        let mut config: Config = self.url.reveal().parse().map_err(|error| wrong(&error))?;
        config.application_name("accolade");
        if let Some(password) = &self.password {
            config.password(password.reveal());
        }
        Ok(config)
    }
}

/// What is wrong with a URL. The reader's words may repeat a part of it, so only the name of an option is passed on.
fn wrong(error: &postgres::Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match source.split('`').nth(1) {
        Some(option) if source.starts_with("unknown option") => format!("it has an unknown option `{option}`"),
        Some(option) if source.starts_with("invalid value") => {
            format!("its option `{option}` has a value that accolade does not know")
        }
        _ => "it is not like `postgres://user@host/database`".to_owned(),
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [host, port, database, _] = self.identity();
        let port = if port == "5432" { String::new() } else { format!(":{port}") };
        write!(f, "postgres://{host}{port}/{database}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> (String, Option<String>) {
        match Location::parse(text).unwrap() {
            Location::Path { path, part } => (path.display().to_string(), part),
            Location::Postgres { server, table } => (server.to_string(), table),
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
