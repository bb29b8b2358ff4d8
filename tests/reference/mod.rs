//! The reference of the documentation site is generated from the tables that the program itself uses.
//!
//! `ACCOLADE_BLESS=1` writes the pages; otherwise an outdated page fails.

mod command_line;
mod diagnostics;
mod functions;
mod grammar;
mod kinds;
mod measures;
mod rule_file;

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Text inside a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[track_caller]
fn check(name: &str, made: &str) {
    let path = root().join("docs/reference").join(name);
    if std::env::var_os("ACCOLADE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = made.lines().zip(there.lines()).find(|(made, there)| made != there);
    assert!(made == there, "docs/reference/{name} is stale: run it with ACCOLADE_BLESS=1; first: {differs:?}");
}

#[test]
fn the_grammar_is_what_the_parser_reads() {
    check("grammar.md", &grammar::page());
}

#[test]
fn kinds_are_those_of_the_table() {
    check("kinds.md", &kinds::page());
}

#[test]
fn functions_are_those_of_the_tables() {
    check("functions.md", &functions::page());
}

#[test]
fn measures_are_those_of_the_table() {
    check("measures.md", &measures::page());
}

#[test]
fn diagnostics_are_those_of_the_table() {
    check("diagnostics.md", &diagnostics::page());
}

#[test]
fn commands_are_those_of_the_program() {
    check("command-line.md", &command_line::page());
}

#[test]
fn the_rule_file_has_the_keys_of_the_parser() {
    check("rule-file.md", &rule_file::page());
}
