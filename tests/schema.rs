//! The schemas of rule files and test files agree with the reader about the shape of files.

use std::path::{Path, PathBuf};

use accolade_editor::schema;
use accolade_testing::{find_files, is_test_file};
use jsonschema::Validator;
use serde_json::Value;

use crate::support::accolade;
use crate::support::console::blocks;

/// Codes of which every example has a shape that a schema refuses.
const SEEN: [&str; 5] = ["E0101", "E0102", "E0103", "E0104", "E0601"];

/// Codes whose examples have a shape that is refused although the code is also given for what a schema cannot see.
const ALSO_SEEN: [&str; 4] = ["E0001", "E0004", "E0105", "E0106"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rule_files() -> Validator {
    jsonschema::validator_for(&schema::of_rule_files(&accolade_engine::plugins())).unwrap()
}

fn test_files() -> Validator {
    jsonschema::validator_for(&schema::of_test_files()).unwrap()
}

/// What a YAML editor makes of a text.
fn value(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok()
}

fn faults(validator: &Validator, text: &str) -> Vec<String> {
    match value(text) {
        Some(value) => validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect(),
        None => vec!["not YAML".to_owned()],
    }
}

#[test]
fn the_schemas_are_schemas() {
    for schema in [schema::of_rule_files(&accolade_engine::plugins()), schema::of_test_files()] {
        assert!(jsonschema::meta::is_valid(&schema), "{schema:#}");
    }
}

#[test]
fn shipped_files_are_valid() {
    let yaml = |path: &Path| path.extension().is_some_and(|ending| ending == "yaml");
    let found = find_files(&root().join("rules"), &yaml).unwrap();
    let (mut rules, mut tests) = (0, 0);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        let validator = if is_test_file(&path) {
            tests += 1;
            test_files()
        } else if text.contains("accolade: 1") {
            rules += 1;
            rule_files()
        } else {
            continue;
        };
        assert_eq!(faults(&validator, &text), [""; 0], "{}", path.display());
    }
    assert!(rules > 4 && tests > 4, "{rules} rule files, {tests} test files");
}

#[test]
fn examples_of_wrong_shapes_are_refused_and_no_others() {
    let (rules, tests) = (rule_files(), test_files());
    let mut wrong = Vec::new();
    for code in accolade_parser::code::CODES.iter().map(|(code, _)| code.id()) {
        let page = std::fs::read_to_string(root().join(format!("docs/diagnostics/{code}.md"))).unwrap();
        let example = page.split("\n## Mended\n").next().unwrap();
        let mut faults_of: Vec<String> = Vec::new();
        for block in blocks(example) {
            let name = block.info.split_once("file=").map_or("rules.yaml", |(_, name)| name);
            let ours = block.info.starts_with("yaml") && block.text.contains(['\n']);
            if ours && is_test_file(Path::new(name)) {
                faults_of.extend(faults(&tests, &block.text));
            } else if ours && (name == "rules.yaml" || block.text.starts_with("accolade:")) {
                faults_of.extend(faults(&rules, &block.text));
            }
        }
        let seen = SEEN.contains(&code) || ALSO_SEEN.contains(&code);
        if seen == faults_of.is_empty() {
            wrong.push(format!("{code}: {}", faults_of.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_wrong_is_said() {
    let rules = rule_files();
    let check = |rule: &str, expected: &str| {
        let text = format!("accolade: 1\nrules:\n  r: {{{rule}}}\n");
        let found = faults(&rules, &text);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{rule}: {found:?}");
    };
    check("kind: abd", "\"abd\" is not one of");
    check("kind: abc, by: revenue", "\"classes\" is a required property");
    check("kind: abc, by: revenue, classes: {A: rest}, boundry: exclude", "'boundry' was unexpected");
    check("kind: abc, by: revenue, classes: {A: rest}, boundary: out", "\"out\" is not one of");
    check("kind: rating, scale: 0..10, criteria: {a: {weight: 100%, vale: x}}", "'vale' was unexpected");
    assert_eq!(faults(&rules, "accolade: 1\nrules:\n  r: {kind: abc, by: 1, classes: {A: 100, B: rest}}\n"), [""; 0]);
}

#[test]
fn the_command_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| accolade(&folder, &[&["schema"], arguments].concat()).exits(0);
    let shown = run(&[]).json();
    assert_eq!(shown["title"], "accolade rule file");
    assert_eq!(shown["$defs"]["rule"]["properties"]["kind"]["enum"][0], "abc");
    run(&["--tests", "-o", "tests.schema.json"]);
    let written = std::fs::read_to_string(folder.path().join("tests.schema.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap()["required"][0], "cases");
}
