//! A PostgreSQL server in a temporary folder.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::installed;

/// A running server; it ends with this value.
pub struct PostgresServer {
    folder: TempDir,
    process: Child,
    port: u16,
    pub password: String,
}

/// A command as a user that PostgreSQL lets run a server, which root is not.
fn command(program: &Path, folder: &Path) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "nobody", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

impl PostgresServer {
    /// Starts a server.
    pub fn start() -> PostgresServer {
        let programs = installed::postgres().expect("PostgreSQL is not installed");
        let folder = TempDir::new().unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let password = "correct horse".to_owned();
        std::fs::write(folder.path().join("password"), &password).unwrap();
        let data = folder.path().join("data");
        let made = command(&programs.join("initdb"), folder.path())
            .args([
                "-U",
                "accolade",
                "--auth=scram-sha-256",
                "--pwfile=password",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
                "-D",
            ])
            .arg(&data)
            .status()
            .unwrap();
        assert!(made.success(), "initdb");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = command(&programs.join("postgres"), folder.path())
            .args(["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p"])
            .arg(port.to_string())
            .arg("-D")
            .arg(&data)
            .spawn()
            .unwrap();
        let server = PostgresServer { folder, process, port, password };
        let begun = Instant::now();
        while server.client().is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    /// Its URL, without the password.
    pub fn url(&self) -> String {
        format!("postgres://accolade@127.0.0.1:{}/postgres", self.port)
    }

    fn client(&self) -> Result<postgres::Client, postgres::Error> {
        let mut config: postgres::Config = self.url().parse().unwrap();
        config.password(&self.password).connect(postgres::NoTls)
    }

    /// A connection.
    pub fn connect(&self) -> postgres::Client {
        self.client().unwrap()
    }

    /// Ends the server at once, as a crash would.
    pub fn kill(&self) {
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap();
        // An immediate shutdown, which drops all connections.
        Command::new("kill").args(["-QUIT", pid]).status().unwrap();
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            self.kill();
        }
        let _ = self.process.wait();
    }
}
