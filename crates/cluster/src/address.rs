//! The address of a scheduler, and waiting until it is ready.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use std::{fmt, io};

/// The default port of a scheduler.
const PORT: u16 = 50050;

/// How long a scheduler may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an executor may take to join a scheduler, and a scheduler to come up for an executor.
const STARTUP_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(200);

/// The address of a scheduler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "df://{}:{}", self.host, self.port)
    }
}

impl Address {
    /// Parses `df://host:port`.
    ///
    /// # Errors
    /// Fails with a message when the text is not such an address.
    pub fn parse(text: &str) -> Result<Address, String> {
        let wrong = || format!("`{text}` is not the address of a scheduler; write it as df://host:{PORT}");
        let rest = text.strip_prefix("df://").ok_or_else(wrong)?.trim_end_matches('/');
        // A colon within brackets belongs to an IPv6 address.
        let (host, port) = match rest.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (rest, PORT),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err(wrong());
        }
        Ok(Address { host: host.to_owned(), port })
    }

    /// The URL that Ballista connects to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }

    /// Waits until an executor has joined the scheduler.
    ///
    /// # Errors
    /// Fails with a one-line message when the scheduler cannot be reached or none joins in time.
    pub(crate) fn wait_for_executors(&self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            match self.ask() {
                Ok(SchedulerStatus::NoExecutors) if begun.elapsed() < STARTUP_TIMEOUT => std::thread::sleep(PAUSE),
                answer => return self.ready(answer),
            }
        }
    }

    /// Checks once whether the scheduler has executors.
    ///
    /// # Errors
    /// Fails with a one-line message when the scheduler cannot be reached or has none.
    pub(crate) fn check_ready(&self) -> Result<(), String> {
        self.ready(self.ask())
    }

    fn ready(&self, answer: io::Result<SchedulerStatus>) -> Result<(), String> {
        match answer.map_err(|e| self.unreachable(&e))? {
            SchedulerStatus::Ready => Ok(()),
            SchedulerStatus::NoExecutors => {
                let start = format!("start one with `accolade executor --scheduler {self}`");
                Err(format!("no executor has joined the scheduler at {self}; {start}"))
            }
            SchedulerStatus::NotAScheduler => Err(self.not_a_scheduler()),
        }
    }

    /// Waits until the scheduler answers.
    ///
    /// # Errors
    /// Fails with a one-line message when it does not answer in time or is no scheduler.
    pub(crate) fn wait_for_scheduler(&self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            match self.ask() {
                Ok(SchedulerStatus::Ready | SchedulerStatus::NoExecutors) => return Ok(()),
                Ok(SchedulerStatus::NotAScheduler) => return Err(self.not_a_scheduler()),
                Err(error) if begun.elapsed() > STARTUP_TIMEOUT => return Err(self.unreachable(&error)),
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    }

    fn not_a_scheduler(&self) -> String {
        format!("the server at {self} is not an accolade scheduler")
    }

    fn unreachable(&self, error: &io::Error) -> String {
        let why = error.to_string().to_lowercase();
        format!("the scheduler at {self} cannot be reached: {why}; start one with `accolade scheduler`")
    }

    /// Asks whether the scheduler is ready for jobs.
    fn ask(&self) -> io::Result<SchedulerStatus> {
        let host = self.host.trim_matches(['[', ']']);
        let addresses: Vec<SocketAddr> = (host, self.port).to_socket_addrs()?.collect();
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            match TcpStream::connect_timeout(&address, ANSWER_TIMEOUT) {
                Ok(stream) => return self.ask_through(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn ask_through(&self, mut stream: TcpStream) -> io::Result<SchedulerStatus> {
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
        let host = &self.host;
        stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())?;
        let mut answer = Vec::new();
        stream.take(1 << 16).read_to_end(&mut answer)?;
        Ok(SchedulerStatus::read(&String::from_utf8_lossy(&answer)))
    }
}

/// The answer of a scheduler to `/readyz`.
#[derive(Debug, PartialEq, Eq)]
enum SchedulerStatus {
    /// It has executors.
    Ready,
    /// It has no executors.
    NoExecutors,
    /// The answer is not from a scheduler.
    NotAScheduler,
}

impl SchedulerStatus {
    fn read(answer: &str) -> SchedulerStatus {
        let mut lines = answer.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
        let is_ballista = |line: &str| line.to_ascii_lowercase().starts_with("server: ballista/");
        match status {
            _ if !lines.take_while(|line| !line.is_empty()).any(is_ballista) => SchedulerStatus::NotAScheduler,
            "200" => SchedulerStatus::Ready,
            "503" => SchedulerStatus::NoExecutors,
            _ => SchedulerStatus::NotAScheduler,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, host, port) in [
            ("df://localhost:1234", "localhost", 1234),
            ("df://10.0.0.7", "10.0.0.7", 50050),
            ("df://[::1]:9/", "[::1]", 9),
            ("df://[::1]", "[::1]", 50050),
        ] {
            assert_eq!(Address::parse(text), Ok(Address { host: host.to_owned(), port }), "{text}");
        }
        for wrong in ["localhost:50050", "http://a:1", "df://", "df://:1", "df://a:port", "df://a b:1", "df://a:70000"]
        {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn answers_are_told_apart() {
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\nserver: ballista/55.0.0\r\n\r\nready", SchedulerStatus::Ready),
            ("HTTP/1.1 503 Service Unavailable\r\nServer: ballista/55.0.0\r\n\r\n", SchedulerStatus::NoExecutors),
            ("HTTP/1.1 200 OK\r\nserver: nginx\r\n\r\nserver: ballista/", SchedulerStatus::NotAScheduler),
            ("SSH-2.0-OpenSSH_9.2\r\n", SchedulerStatus::NotAScheduler),
            ("", SchedulerStatus::NotAScheduler),
        ] {
            assert_eq!(SchedulerStatus::read(answer), expected, "{answer}");
        }
    }

    #[test]
    fn a_port_where_nobody_listens_is_told() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = Address { host: "127.0.0.1".to_owned(), port };
        assert_eq!(address.ask().unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}
