//! `accolade serve` on a free port.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::{Cli, accolade};

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running service with a copy of a rule set; it ends with this value.
pub struct Service {
    pub folder: TempDir,
    pub address: String,
    child: Option<Child>,
}

/// An answer.
#[derive(Debug)]
pub struct HttpResponse {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl HttpResponse {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// A run of the program without a token.
pub fn without_token(folder: &Path, arguments: &[&str]) -> Cli {
    Cli::new(folder).args(arguments).env_remove("ACCOLADE_TOKEN")
}

/// A copy of a shipped rule set with its cut-offs in `cutoffs.yaml`.
pub fn rule_set(name: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(name), folder.path());
    accolade(&folder, &["calibrate", "rules.yaml", "-o", "cutoffs.yaml", "--quiet"]).exits(0);
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in from.read_dir().unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Service {
    /// Serves a shipped rule set.
    pub fn of(name: &str, arguments: &[&str]) -> Service {
        Service::start(rule_set(name), arguments, &[])
    }

    pub fn start(folder: TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Service {
        let all = ["serve", "rules.yaml", "--cutoffs", "cutoffs.yaml", "--listen", "127.0.0.1:0"];
        let stderr = std::fs::File::create(folder.path().join("stderr")).unwrap();
        let mut child = without_token(folder.path(), &[&all[..], arguments].concat())
            .command()
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some((_, address)) = line.trim_end().split_once("listening on http://") else {
            let _ = child.wait();
            panic!("{line:?} {}", std::fs::read_to_string(folder.path().join("stderr")).unwrap());
        };
        Service { address: address.to_owned(), folder, child: Some(child) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn stderr(&self) -> String {
        std::fs::read_to_string(self.path("stderr")).unwrap()
    }

    pub fn get(&self, path: &str) -> HttpResponse {
        self.send("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, body: &Json) -> HttpResponse {
        self.send("POST", path, &[("content-type", "application/json")], &body.to_string())
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            "" if method != "POST" => agent.run(request.body(()).unwrap()).unwrap(),
            body => agent.run(request.body(body.to_owned()).unwrap()).unwrap(),
        };
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
        };
        HttpResponse {
            status: response.status().as_u16(),
            headers: response.headers().iter().map(header).collect(),
            body: response.body_mut().read_to_string().unwrap(),
        }
    }

    /// A request of which only the head has been sent; the service waits for its body.
    pub fn send_head(&self, path: &str, body: &Json) -> PendingRequest {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        PendingRequest { stream, body }
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Waits until the process has ended.
    pub fn ended(mut self) -> (ExitStatus, TempDir) {
        let mut child = self.child.take().unwrap();
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return (status, std::mem::replace(&mut self.folder, TempDir::new().unwrap()));
            }
            assert!(begun.elapsed() < PATIENCE, "the service does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A request under way.
pub struct PendingRequest {
    stream: TcpStream,
    body: String,
}

impl PendingRequest {
    /// Sends the body and reads the status and the body of the answer.
    pub fn finish(mut self) -> (u16, String) {
        self.stream.write_all(self.body.as_bytes()).unwrap();
        let mut text = String::new();
        self.stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

/// Repeats `ask` until it gives an answer.
pub fn wait_until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
