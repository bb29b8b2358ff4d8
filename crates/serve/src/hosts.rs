//! The names by which a service without a token may be called.
//!
//! A page of the web can make a browser send requests to this machine, under a name of its own that it lets point here.
//! Such a request has that name as its host, or the page's address as its origin.

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};

use crate::problem::Problem;

/// The hosts that requests may name.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    listen: IpAddr,
    /// More names and addresses, in lower case.
    named: Vec<String>,
}

impl AllowedHosts {
    pub(crate) fn new(listen: SocketAddr, named: &[String]) -> AllowedHosts {
        AllowedHosts { listen: listen.ip(), named: named.iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Checks the host that a request is sent to, and the origin of the page that sends it.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        if !headers.contains_key(header::HOST) && uri.host().is_none() {
            return Err(forbidden("the request names no host; send `Host: localhost`".to_owned()));
        }
        let named = headers.get_all(header::HOST).iter().map(|host| host.as_bytes());
        for shown in named.chain(uri.authority().map(|target| target.as_str().as_bytes())) {
            if !host_of(shown).is_some_and(|host| self.allows(&host)) {
                let shown = String::from_utf8_lossy(shown);
                return Err(forbidden(format!(
                    "requests for the host `{shown}` are not answered; use `localhost`, or allow it with `--allow-host`"
                )));
            }
        }
        for origin in headers.get_all(header::ORIGIN) {
            let host = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
            if !host.as_ref().and_then(Uri::host).is_some_and(|host| self.allows(host)) {
                let shown = String::from_utf8_lossy(origin.as_bytes());
                return Err(forbidden(format!(
                    "requests from pages of `{shown}` are not answered; allow its host with `--allow-host`"
                )));
            }
        }
        Ok(())
    }

    fn allows(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&host);
        match address.parse::<IpAddr>() {
            Ok(ip) if ip.to_canonical().is_loopback() || ip == self.listen => true,
            Err(_) if host == "localhost" || host.ends_with(".localhost") => true,
            _ => self.named.iter().any(|name| name == address),
        }
    }
}

/// The host of a `Host` header without its port.
fn host_of(header: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(header).ok().filter(|text| !text.contains('@'))?;
    Some(text.parse::<Authority>().ok()?.host().to_owned())
}

fn forbidden(detail: String) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(host: &str, origin: Option<&str>) -> Result<(), String> {
        let hosts = AllowedHosts::new("127.0.0.1:8080".parse().unwrap(), &["Crm.Example".to_owned()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        hosts.check(&Uri::from_static("/rate"), &headers).map_err(|problem| problem.detail)
    }

    #[test]
    fn hosts_are_this_machine_or_named() {
        let check = |host: &str, expected: bool| assert_eq!(status(host, None).is_ok(), expected, "{host}");
        check("localhost", true);
        check("LOCALHOST:8080", true);
        check("localhost.", true);
        check("app.localhost:1", true);
        check("127.0.0.1:8080", true);
        check("127.8.0.1", true);
        check("[::1]:8080", true);
        check("[::ffff:127.0.0.1]", true);
        check("crm.example:443", true);
        check("evil.example", false);
        check("localhost.evil.example", false);
        check("evil-localhost", false);
        check("127.0.0.1.evil.example", false);
        check("localhost@evil.example", false);
        check("10.0.0.1", false);
        check("", false);
        check("a b", false);
    }

    #[test]
    fn origins_are_this_machine_or_named() {
        let check = |origin: &str, expected: bool| {
            assert_eq!(status("localhost", Some(origin)).is_ok(), expected, "{origin}");
        };
        check("http://localhost:3000", true);
        check("https://crm.example", true);
        check("http://[::1]:8080", true);
        check("https://evil.example", false);
        check("null", false);
        check("", false);
    }

    #[test]
    fn a_request_without_a_host_is_refused() {
        let hosts = AllowedHosts::new("127.0.0.1:8080".parse().unwrap(), &[]);
        let check = |target: &'static str, expected: bool| {
            assert_eq!(hosts.check(&Uri::from_static(target), &HeaderMap::new()).is_ok(), expected, "{target}");
        };
        check("/rate", false);
        check("http://localhost/rate", true);
        check("http://evil.example/rate", false);
    }
}
