//! The help of each command: one line of what it does, its options, and examples that work.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::support::pages::{copy, root};
use crate::support::{Cli, accolade, at_root};

/// The commands, from the help of the program.
fn commands() -> Vec<String> {
    let help = at_root(&["--help"]).exits(0).out;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.split_whitespace().next().map(str::to_owned));
    names.filter(|name| name != "help").collect()
}

/// The examples in the help of a command.
fn examples(command: &str) -> Vec<String> {
    let help = at_root(&[command, "--help"]).exits(0).out;
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    lines.map(|line| line.trim().to_owned()).collect()
}

/// A folder with a rule set, its data and tests, cut-offs, a second rule file and a token.
fn shop(folder: &Path) {
    copy(&root().join("rules/webshop-rfm"), folder);
    std::fs::copy(folder.join("rules.yaml"), folder.join("new.yaml")).unwrap();
    std::fs::write(folder.join("token.txt"), "0123456789abcdef0123456789abcdef\n").unwrap();
    accolade(folder, &["calibrate", "rules.yaml", "-o", "cutoffs.yaml"]).exits(0);
}

/// Runs an example; a service is stopped once it says where it listens.
fn run(example: &str, folder: &Path) {
    let words: Vec<&str> = example.split_whitespace().skip(1).collect();
    if words[0] == "serve" {
        let address = words.iter().position(|word| *word == "--listen").map(|at| at + 1);
        let mut words: Vec<&str> =
            words.iter().enumerate().filter(|(i, _)| Some(*i) != address).map(|(_, w)| *w).collect();
        words.retain(|word| *word != "--listen");
        words.extend(["--listen", "127.0.0.1:0"]);
        let mut command = Cli::new(folder).args(words).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next();
        child.kill().unwrap();
        child.wait().unwrap();
        let line = line.unwrap().unwrap();
        assert!(line.contains("http://127.0.0.1:"), "{example}: {line}");
    } else if words[0] == "lsp" {
        // No editor is there to answer.
        accolade(folder, &words).says(2, &["the connection to the editor is lost"]);
    } else if ["scheduler", "executor"].contains(&words[0]) {
        // Their own tests run them, with the feature `cluster`.
        if !cfg!(feature = "cluster") {
            accolade(folder, &words).says(2, &["cluster"]);
        }
    } else {
        // A proposal does not replace a rule file.
        if words[0] == "init" {
            std::fs::remove_file(folder.join("rules.yaml")).unwrap();
        }
        accolade(folder, &words).exits(0);
    }
}

#[test]
fn every_command_has_two_examples_that_work() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    let files = tempfile::tempdir().unwrap();
    shop(files.path());
    for command in commands {
        let examples = examples(&command);
        assert_eq!(examples.len(), 2, "{command}");
        for example in examples {
            assert!(example.starts_with(&format!("accolade {command}")), "{example}");
            let folder = tempfile::tempdir().unwrap();
            copy(files.path(), folder.path());
            run(&example, folder.path());
        }
    }
}

#[test]
fn the_help_of_a_command_begins_with_one_line() {
    for command in commands() {
        let help = at_root(&[&command, "--help"]).exits(0).out;
        let summary: Vec<&str> = help.lines().take_while(|line| !line.is_empty()).collect();
        assert!(summary.len() == 1 && summary[0].chars().count() <= 100, "{command}: {summary:?}");
    }
}
