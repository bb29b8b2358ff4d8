//! Connections and the messages of their errors.

use std::error::Error;
use std::time::Duration;

use accolade_core::location::{PostgresDatabase, Secret};
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};

use super::ReasonAndHelp;

/// The timeout for connecting, if the URL has none.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Settings that fix the order of rows and the notation of values.
const SETTINGS: &str = "SET synchronize_seqscans = off; SET max_parallel_workers_per_gather = 0; \
                        SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET extra_float_digits = 1";

/// Connects to a server.
///
/// # Errors
/// Fails when the server cannot be reached or refuses the connection. The error is the reason and an optional help.
pub fn connect(server: &PostgresDatabase) -> Result<Client, ReasonAndHelp> {
    let mut config = config(server).map_err(|error| (error_message(&error), None))?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    let [_, _, database, user] = server.identity();
    let mut client = config.connect(NoTls).map_err(|error| match error.code() {
        Some(code) if *code == SqlState::INVALID_PASSWORD && !server.has_password() => {
            let help = "set `PGPASSWORD`, add a line to `~/.pgpass`, or name a file with `password_file:`";
            ("the server asks for a password".to_owned(), Some(help.to_owned()))
        }
        Some(code) if *code == SqlState::INVALID_PASSWORD => {
            (format!("the server refuses the password of `{user}`"), Some("correct the password".to_owned()))
        }
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            (format!("the server has no database `{database}`"), Some("correct the URL".to_owned()))
        }
        Some(_) => (error_message(&error), hint(&error)),
        None if error_message(&error).contains("TLS") => {
            let why = "the server or the URL asks for TLS, which this accolade was built without".to_owned();
            (why, Some("go through a tunnel (`ssh -L`) or a local pooler, with `sslmode=disable`".to_owned()))
        }
        None => (
            format!("the server cannot be reached: {}", error_message(&error)),
            Some("is the server running, and the URL right?".to_owned()),
        ),
    })?;
    client.batch_execute(SETTINGS).map_err(|error| (error_message(&error), hint(&error)))?;
    Ok(client)
}

/// The configuration of the client.
fn config(server: &PostgresDatabase) -> Result<Config, postgres::Error> {
    let mut config: Config = server.url().reveal().parse()?;
    config.application_name("accolade");
    if let Some(password) = server.password() {
        config.password(password.reveal());
    }
    Ok(config)
}

/// The message of an error in one line: that of the server, if the error comes from it.
pub fn error_message(error: &postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return error.message().to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().lines().next().unwrap_or_default().to_owned()
}

/// The server's hint.
pub(super) fn hint(error: &postgres::Error) -> Option<String> {
    error.as_db_error()?.hint().map(str::to_owned)
}

/// Reads a password from the lines of a password file, `host:port:database:user:password`, where `*` matches anything
/// and `\` escapes a character.
pub fn find_password(lines: &str, server: &PostgresDatabase) -> Option<Secret> {
    let identity = server.identity();
    lines.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [of @ .., password] = fields.as_slice() else { return None };
        let fits = of.len() == 4 && of.iter().zip(identity).all(|(field, own)| field == "*" || field == own);
        fits.then(|| Secret::new(password.clone()))
    })
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match sign {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields.last_mut().into_iter().for_each(|field| field.extend(signs.next())),
            sign => fields.last_mut().into_iter().for_each(|field| field.push(sign)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_core::location::Location;

    #[test]
    fn a_line_of_the_password_file_is_found() {
        let Ok(Location::Postgres { server, .. }) = Location::parse("postgres://me@db:6543/crm") else { panic!() };
        for (lines, expected) in [
            ("db:6543:crm:me:secret", Some("secret")),
            ("# db:6543:crm:me:old\nother:*:*:*:x\n*:*:*:me:a\\:b\\\\c", Some("a:b\\c")),
            ("db:5432:crm:me:secret", None),
            ("db:6543:crm:me", None),
            ("*:*:*:*:with:colon", Some("with:colon")),
        ] {
            assert_eq!(find_password(lines, &server).as_ref().map(Secret::reveal), expected, "{lines}");
        }
    }

    #[test]
    fn a_url_is_read_as_the_client_reads_it() {
        for url in [
            "postgres://me@db/crm",
            "postgresql://me:secret@db:6543/crm",
            "postgres://me:se%63ret@db/c%20rm",
            "postgres://db",
            "postgres://me@/crm",
            "postgres://[::1]:6543/crm",
            "postgres://[::1/crm",
            "postgres://[::1]x/crm",
            "postgres://me@a:1,b:2/crm",
            "postgres://me@db:port/crm",
            "postgres://me@db:/crm",
            "postgres://me@db:70000/crm",
            "postgres://%2Fvar%2Frun/crm",
            "postgres://me@db/crm?sslmode=disable&connect_timeout=5",
            "postgres://me@db/crm?sslmode=often",
            "postgres://me@db/crm?what=ever",
            "postgres://me@db/crm?sslmode",
            "postgres:///crm?host=db&port=6543&user=me",
            "postgres://me@db/crm?keepalives=1&target_session_attrs=any&load_balance_hosts=random",
            "postgres://me@db/crm?hostaddr=10.0.0.1",
            "postgres://me@db/crm?hostaddr=ten",
            "postgres://m%ff@db/crm",
        ] {
            let theirs = url.parse::<Config>().ok().filter(|config| !config.get_hosts().is_empty());
            let Ok(Location::Postgres { server, .. }) = Location::parse(url) else {
                assert!(theirs.is_none(), "{url} is read by the client alone");
                continue;
            };
            let theirs = theirs.unwrap_or_else(|| panic!("{url} is not read by the client"));
            let [_, port, database, user] = server.identity();
            assert_eq!(theirs.get_ports().first().map_or("5432".to_owned(), u16::to_string), *port, "{url}");
            assert_eq!(theirs.get_user().unwrap_or_default(), user, "{url}");
            assert_eq!(theirs.get_dbname().unwrap_or(user), database, "{url}");
            let password = server.password().map(|secret| secret.reveal().as_bytes());
            assert_eq!(theirs.get_password().filter(|secret| !secret.is_empty()), password, "{url}");
        }
    }
}
