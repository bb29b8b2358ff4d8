//! `accolade fmt`: every shipped file is in canonical form, and formatting keeps the meaning of a file.

use std::path::{Path, PathBuf};

use accolade_parser::format::format;
use accolade_parser::syntax::key::Key;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Diagnostics, SourceId, parse_rule_file, syntax, yaml};

use crate::support::console::blocks;
use crate::support::{Cli, CommandOutput, accolade};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn fmt(folder: &Path, arguments: &[&str]) -> CommandOutput {
    accolade(folder, &[&["fmt"], arguments].concat())
}

/// Every rule file and test file in examples: those of the documentation, which nobody formatted.
fn examples() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["docs/diagnostics", "docs/guides", "."] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "md") {
                let page = std::fs::read_to_string(&path).unwrap();
                let yaml = blocks(&page).into_iter().filter(|b| b.info.starts_with("yaml"));
                found.extend(yaml.map(|block| (path.clone(), block.text)));
            }
        }
    }
    found
}

/// The syntax tree of a rule file, without spans and without parameters, whose notations only their kinds know.
fn meaning(text: &str) -> Option<String> {
    let (file, out) = parse_rule_file(SourceId(0), text);
    if out.has_errors() {
        return None;
    }
    let mut file = file;
    file.rules.values_mut().for_each(|rule| rule.parameters.entries.clear());
    let mut said = String::new();
    for (i, part) in format!("{file:?}").split("Span {").enumerate() {
        let part = if i == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) };
        // The way back from a scalar to the file.
        let part = match part.split_once("offsets: [") {
            Some((before, after)) => before.to_owned() + after.split_once(']').map_or("", |(_, rest)| rest),
            None => part.to_owned(),
        };
        said += &part;
    }
    Some(said.replace("DoubleQuoted", "Plain").replace("SingleQuoted", "Plain"))
}

/// Every scalar, whatever the spelling of expressions.
fn scalars(node: &Node, out: &mut Vec<String>) {
    let squashed = |text: &str| text.replace([' ', '\n', '_', '"', '\'', '(', ')'], "");
    match node {
        Node::Scalar(scalar) => out.push(squashed(&scalar.text)),
        Node::Sequence(sequence) => sequence.items.iter().for_each(|item| scalars(item, out)),
        Node::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            out.push(squashed(&entry.key.text));
            scalars(&entry.value, out);
        }),
    }
}

fn said(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    yaml::parse(SourceId(0), text, &mut Diagnostics::new()).iter().for_each(|node| scalars(node, &mut out));
    out
}

#[test]
fn examples_mean_the_same_afterwards() {
    let plugins = accolade_engine::plugins();
    let kinds = |kind: &str| plugins.keys(kind);
    let mut formatted = 0;
    for (path, text) in examples() {
        let keys: &[Key] = if text.contains("cases:") { accolade_testing::read::KEYS } else { syntax::KEYS };
        let Ok(once) = format(SourceId(0), &text, keys, &kinds) else { continue };
        let again = format(SourceId(0), &once, keys, &kinds).unwrap_or_else(|out| panic!("{once}\n{out:?}"));
        assert_eq!(once, again, "{}", path.display());
        assert_eq!(said(&text), said(&once), "{}:\n{text}\n{once}", path.display());
        assert_eq!(meaning(&text), meaning(&once), "{}:\n{text}\n{once}", path.display());
        formatted += 1;
    }
    assert!(formatted > 100, "{formatted}");
}

#[test]
fn shipped_files_are_in_canonical_form() {
    fmt(&root(), &["--check", "rules", "crates/bench"]).exits(0);
}

#[test]
fn files_are_written_only_if_they_change() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    write("rules.yaml", "accolade:   1   # first\nprofile: {quantitative: {a: x+1}}\n");
    write("tests.yaml", "cases:\n    a: {expect: {population: [count( a )=1]}}\n");
    write("cutoffs.yaml", "a:    {b:  c}\n");
    write("good.yaml", "accolade: 1\n");

    let checked = fmt(folder.path(), &["--check"]).exits(1);
    let listed = "./rules.yaml: not in canonical form\n./tests.yaml: not in canonical form\n";
    assert_eq!(checked.out, listed);
    assert!(read("rules.yaml").contains("x+1"));

    let written = fmt(folder.path(), &[]).exits(0);
    assert_eq!(written.out, "./rules.yaml: formatted\n./tests.yaml: formatted\n");
    assert_eq!(read("rules.yaml"), "accolade: 1  # first\nprofile: {quantitative: {a: x + 1}}\n");
    assert_eq!(read("tests.yaml"), "cases:\n  a: {expect: {population: [count(a) = 1]}}\n");
    assert_eq!(read("cutoffs.yaml"), "a:    {b:  c}\n");
    assert_eq!(fmt(folder.path(), &[]).out, "");
}

#[test]
fn a_file_with_errors_is_left_alone_and_they_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.yaml");
    let wrong = "accolade:  1\nprofile: {quantitative: {a: x +}}\n";
    std::fs::write(&path, wrong).unwrap();
    fmt(folder.path(), &["rules.yaml"]).says(1, &["error[E0201]", "rules.yaml:2"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), wrong);
    fmt(folder.path(), &["none.yaml"]).exits(2);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let ran = Cli::new(root()).args(["fmt", "-"]).stdin("accolade:  1\r\nname: 'a'").run().exits(0);
    assert_eq!(ran.out, "accolade: 1\nname: a\n");
}
