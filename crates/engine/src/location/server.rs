//! A database of a PostgreSQL server.

use std::fmt;

use postgres::Config;
use postgres::config::Host;

use super::Secret;

/// A database of a PostgreSQL server, and whom to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// It may hold a password.
    url: Secret,
    pub(super) password: Option<Secret>,
    /// Host, port, database and user.
    identity: [String; 4],
}

impl Server {
    pub(super) fn parse(url: &str) -> Result<Server, String> {
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(format!("`{scheme}://` is not something that accolade reads; use `postgres://` or `s3://`"));
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
