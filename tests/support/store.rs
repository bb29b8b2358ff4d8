//! An object store: the S3 of moto, a Python package.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::installed;

/// A running store; it ends with this value.
pub struct ObjectStore {
    process: Child,
    port: u16,
}

impl ObjectStore {
    /// Starts a store.
    pub fn start() -> ObjectStore {
        let program = installed::moto().expect("moto is not installed (`pip install 'moto[server]'`)");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let store = ObjectStore { process, port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the store does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        store
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes a bucket, or an object `bucket/key`. moto needs no credentials.
    pub fn put(&self, path: &str, content: &[u8]) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = content.len();
        let head = "HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request\r\nConnection: close\r\n";
        write!(stream, "PUT /{path} {head}Content-Length: {length}\r\n\r\n").unwrap();
        stream.write_all(content).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
}

impl Drop for ObjectStore {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
