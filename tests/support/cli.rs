//! The command line under test.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use super::pages::root;

/// The path of the program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_accolade");

/// A run of the program: its folder, arguments, environment and standard input. It prints no colours.
pub struct Cli {
    command: Command,
    stdin: Option<String>,
}

/// A run that has ended: its exit code and what it printed.
pub struct CommandOutput {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    command: String,
}

/// Runs the program in a folder.
pub fn accolade(folder: impl AsRef<Path>, arguments: &[&str]) -> CommandOutput {
    Cli::new(folder).args(arguments).run()
}

/// Runs the program in the folder of the repository.
pub fn at_root(arguments: &[&str]) -> CommandOutput {
    accolade(root(), arguments)
}

impl Cli {
    /// A run in this folder.
    pub fn new(folder: impl AsRef<Path>) -> Cli {
        let mut command = Command::new(PROGRAM);
        command.current_dir(folder).env("NO_COLOR", "1");
        Cli { command, stdin: None }
    }

    /// Adds arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Cli {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Cli {
        self.command.env(name, value);
        self
    }

    /// Removes a variable of the environment.
    pub fn env_remove(mut self, name: &str) -> Cli {
        self.command.env_remove(name);
        self
    }

    /// Sets the standard input, which is empty otherwise.
    pub fn stdin(mut self, text: &str) -> Cli {
        self.stdin = Some(text.to_owned());
        self
    }

    /// Runs the program to its end.
    pub fn run(mut self) -> CommandOutput {
        let input = if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = self.command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if let Some(text) = self.stdin {
            child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        }
        CommandOutput::of(&self.command, child.wait_with_output().unwrap())
    }

    /// The command, for a process that is watched or stopped while it runs.
    pub fn command(self) -> Command {
        self.command
    }
}

impl CommandOutput {
    /// The result of a command that was run elsewhere.
    pub fn of(command: &Command, output: Output) -> CommandOutput {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        CommandOutput {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
            command: format!("{command:?}"),
        }
    }

    /// Standard output, then standard error.
    pub fn output(&self) -> String {
        [self.out.as_str(), &self.err].concat()
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> CommandOutput {
        assert_eq!(self.code, Some(code), "{}\n{}", self.command, self.output());
        self
    }

    /// Asserts the exit code, and that each part is in what was printed.
    #[track_caller]
    pub fn says(self, code: i32, parts: &[&str]) -> CommandOutput {
        let ran = self.exits(code);
        for part in parts {
            assert!(ran.output().contains(part), "{}\nno `{part}` in\n{}", ran.command, ran.output());
        }
        ran
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|wrong| panic!("{}\n{wrong}\n{}", self.command, self.output()))
    }
}
