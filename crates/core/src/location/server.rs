//! The address of a PostgreSQL database and the user to connect as.

use std::fmt;

use percent_encoding::percent_decode_str;

use super::Secret;

/// The address of a PostgreSQL database and the user to connect as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresDatabase {
    /// The URL as written, which may hold a password.
    url: Secret,
    pub(super) password: Option<Secret>,
    /// Host, port, database and user.
    identity: [String; 4],
}

/// An option of a URL and the values it takes.
type UrlOption = (&'static str, fn(&str) -> bool);

/// The options of a URL, as the client library of PostgreSQL takes them.
const OPTIONS: &[UrlOption] = &[
    ("user", |_| true),
    ("password", |_| true),
    ("dbname", |_| true),
    ("options", |_| true),
    ("application_name", |_| true),
    ("sslmode", |value| matches!(value, "disable" | "prefer" | "require")),
    ("sslnegotiation", |value| matches!(value, "postgres" | "direct")),
    ("host", |_| true),
    ("hostaddr", |value| value.split(',').all(|address| address.parse::<std::net::IpAddr>().is_ok())),
    ("port", |value| value.split(',').all(|port| port.is_empty() || port.parse::<u16>().is_ok())),
    ("connect_timeout", |value| value.parse::<i64>().is_ok()),
    ("tcp_user_timeout", |value| value.parse::<i64>().is_ok()),
    ("keepalives", |value| value.parse::<u64>().is_ok()),
    ("keepalives_idle", |value| value.parse::<i64>().is_ok()),
    ("keepalives_interval", |value| value.parse::<i64>().is_ok()),
    ("keepalives_retries", |value| value.parse::<u32>().is_ok()),
    ("target_session_attrs", |value| matches!(value, "any" | "read-write" | "read-only")),
    ("channel_binding", |value| matches!(value, "disable" | "prefer" | "require")),
    ("load_balance_hosts", |value| matches!(value, "disable" | "random")),
];

/// The parts of a URL, read as the client library of PostgreSQL reads them.
#[derive(Default)]
struct UrlParts {
    hosts: Vec<String>,
    ports: Vec<String>,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
}

impl PostgresDatabase {
    pub(super) fn parse(url: &str) -> Result<PostgresDatabase, String> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(format!("accolade does not read `{scheme}://`; use `postgres://` or `s3://`"));
        }
        let parts = UrlParts::of(rest)?;
        let host = match parts.hosts.first() {
            Some(folder) if folder.starts_with('/') => "localhost".to_owned(),
            Some(host) => host.clone(),
            None => return Err("it names no host".to_owned()),
        };
        let port = parts.ports.first().filter(|port| !port.is_empty()).map_or("5432", String::as_str).to_owned();
        let user = parts.user.unwrap_or_default();
        let database = parts.database.unwrap_or_else(|| user.clone());
        let password = parts.password.filter(|p| !p.is_empty()).map(Secret::new);
        Ok(PostgresDatabase { url: Secret::new(url), password, identity: [host, port, database, user] })
    }

    /// Whether a password is known.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The password, if it is known.
    pub fn password(&self) -> Option<&Secret> {
        self.password.as_ref()
    }

    /// Sets the password.
    pub fn set_password(&mut self, password: Secret) {
        self.password = Some(password);
    }

    /// Host, port, database and user, as password files name them.
    pub fn identity(&self) -> &[String; 4] {
        &self.identity
    }

    /// The URL as written.
    pub fn url(&self) -> &Secret {
        &self.url
    }
}

impl UrlParts {
    /// The parts of a URL after its scheme.
    fn of(rest: &str) -> Result<UrlParts, String> {
        let mut parts = UrlParts::default();
        let rest = match rest.split_once('@') {
            Some((credentials, rest)) => {
                let (user, password) = match credentials.split_once(':') {
                    Some((user, password)) => (user, Some(password)),
                    None => (credentials, None),
                };
                parts.user = Some(decoded(user)?);
                parts.password = password.map(|p| percent_decode_str(p).decode_utf8_lossy().into_owned());
                rest
            }
            None => rest,
        };
        let (hosts, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        for host in hosts.split(',').filter(|_| !hosts.is_empty()) {
            let (host, port) = host_and_port(host)?;
            parts.hosts.push(decoded(host)?);
            parts.set("port", &decoded(port.unwrap_or("5432"))?)?;
        }
        let rest = match rest.strip_prefix('/') {
            Some(rest) => {
                let (database, rest) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
                if !database.is_empty() {
                    parts.database = Some(decoded(database)?);
                }
                rest
            }
            None => rest,
        };
        let mut options = rest.strip_prefix('?').unwrap_or_default();
        while let Some((name, after)) = options.split_once('=') {
            let (value, after) = after.split_once('&').unwrap_or((after, ""));
            parts.set(&decoded(name)?, &decoded(value)?)?;
            options = after;
        }
        if options.is_empty() { Ok(parts) } else { Err(unlike()) }
    }

    /// Sets an option. Errors repeat only its name, since a value may be a password.
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some((_, takes)) = OPTIONS.iter().find(|(known, _)| *known == name) else {
            return Err(format!("it has an unknown option `{name}`"));
        };
        if !takes(value) {
            return Err(format!("its option `{name}` has a value that accolade does not know"));
        }
        match name {
            "user" => self.user = Some(value.to_owned()),
            "password" => self.password = Some(value.to_owned()),
            "dbname" => self.database = Some(value.to_owned()),
            "host" => self.hosts.push(value.to_owned()),
            "port" => self.ports.extend(value.split(',').map(str::to_owned)),
            _ => {}
        }
        Ok(())
    }
}

/// A host, which may be an address in brackets, and its port.
fn host_and_port(text: &str) -> Result<(&str, Option<&str>), String> {
    let Some(address) = text.strip_prefix('[') else {
        return Ok(text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))));
    };
    let wrong = || "its option `host` has a value that accolade does not know".to_owned();
    let (address, rest) = address.split_once(']').ok_or_else(wrong)?;
    match rest.strip_prefix(':') {
        Some(port) => Ok((address, Some(port))),
        None if rest.is_empty() => Ok((address, None)),
        None => Err(wrong()),
    }
}

fn decoded(text: &str) -> Result<String, String> {
    percent_decode_str(text).decode_utf8().map(|text| text.into_owned()).map_err(|_| unlike())
}

fn unlike() -> String {
    "it does not have the form `postgres://user@host/database`".to_owned()
}

impl fmt::Display for PostgresDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [host, port, database, _] = self.identity();
        let port = if port == "5432" { String::new() } else { format!(":{port}") };
        write!(f, "postgres://{host}{port}/{database}")
    }
}
