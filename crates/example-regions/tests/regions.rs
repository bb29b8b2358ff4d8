//! Tests that every command of the program knows the kind of this crate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const RULES: &str = "accolade: 1
name: regions
as_of: 2026-01-01

sources:
  customers:
    file: customers.csv
    key: id
    columns: {id: text, region: text?, revenue: money}

profile:
  administrative: [region]
  quantitative: [revenue]

rules:
  class: {kind: regional_abc, within: region, by: revenue, classes: {A: top 80%, B: rest}}
";

const CUSTOMERS: &str = "id,region,revenue
C1,North,900
C2,North,60
C3,South,50
C4,South,10
C5,,5
";

const TESTS: &str = "rules: rules.yaml

cases:
  each region has its own best customer:
    given:
      customers:
        - {id: C1, region: North, revenue: 900}
        - {id: C2, region: North, revenue: 60}
        - {id: C3, region: South, revenue: 50}
        - {id: C4, region: South, revenue: 10}
        - {id: C5, region: South, revenue: 0}
    expect:
      customers:
        C1: {class: A}
        C2: {class: B}
        C3: {class: A}
        C4: {class: B}
        C5: {class: none}
";

fn folder(rules: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("rules.yaml", rules), ("customers.csv", CUSTOMERS), ("tests.yaml", TESTS)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn regions(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regions"));
    command.args(arguments).current_dir(folder.path()).env("NO_COLOR", "1").output().unwrap()
}

/// Standard output and errors of a command that ends with this code.
#[track_caller]
fn output_of(folder: &TempDir, arguments: &[&str], code: i32) -> String {
    let output = regions(folder, arguments);
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{text}");
    text
}

#[test]
fn customers_are_classed_in_their_region() {
    let folder = folder(RULES);
    let output = regions(&folder, &["run", "rules.yaml", "-o", "-", "--why"]);
    let rated = String::from_utf8(output.stdout).unwrap();
    let classes: Vec<(&str, &str)> = rated
        .lines()
        .skip(1)
        .map(|line| line.split(','))
        .map(|mut fields| (fields.next().unwrap(), fields.nth(2).unwrap()))
        .collect();
    assert_eq!(classes, [("C1", "A"), ("C2", "B"), ("C3", "A"), ("C4", "B"), ("C5", "A")], "{rated}");
    assert!(output_of(&folder, &["run", "rules.yaml"], 0).contains("class"));
    let saved = output_of(&folder, &["calibrate", "rules.yaml", "-o", "cutoffs.yaml"], 0);
    let cut_offs = std::fs::read_to_string(folder.path().join("cutoffs.yaml")).unwrap_or(saved);
    assert!(cut_offs.contains("North/A") && cut_offs.contains("South/A"), "{cut_offs}");
}

#[test]
fn a_customer_is_explained_by_the_cut_offs_of_its_region() {
    let folder = folder(RULES);
    let text = output_of(&folder, &["explain", "rules.yaml", "--customer", "C4"], 0);
    // South's class A begins at 50, North's at 900.
    assert!(text.contains("50.00") && !text.contains("900"), "{text}");
    let nearest = output_of(&folder, &["explain", "rules.yaml", "--customer", "C4", "--format", "json"], 0);
    assert!(nearest.contains("\"A\""), "{nearest}");
}

#[test]
fn tests_count_its_branches() {
    let folder = folder(RULES);
    let text = output_of(&folder, &["test", ".", "--coverage"], 0);
    assert!(text.contains("3 of 3 (100.0%)"), "{text}");
}

#[test]
fn commands_for_authors_know_it() {
    let folder = folder(RULES);
    output_of(&folder, &["check", "rules.yaml"], 0);
    output_of(&folder, &["fmt", "--check", "rules.yaml"], 0);
    assert!(output_of(&folder, &["schema"], 0).contains("regional_abc"));
    assert!(output_of(&folder, &["docs", "rules.yaml"], 0).contains("In each `region` by itself:"));
    assert!(output_of(&folder, &["sql", "rules.yaml", "--dialect", "duckdb"], 2).contains("E0901"));
    output_of(&folder, &["report", "rules.yaml", "-o", "report.html"], 0);
    assert!(std::fs::read_to_string(folder.path().join("report.html")).unwrap().contains("regional_abc"));
}

#[test]
fn what_is_no_region_is_refused() {
    let folder = folder(&RULES.replace("within: region", "within: revenue"));
    assert!(output_of(&folder, &["check", "rules.yaml"], 1).contains("E0406"));
}

/// The body of the next message.
fn read_message(from: &mut impl BufRead) -> String {
    let mut length = 0;
    loop {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        match line.trim().strip_prefix("Content-Length: ") {
            Some(text) => length = text.parse().unwrap(),
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

/// The diagnostics that the language server publishes for a rule file.
fn published_diagnostics(rules: &str) -> String {
    let folder = folder(rules);
    let mut command = Command::new(env!("CARGO_BIN_EXE_regions"));
    command.arg("lsp").current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let uri = format!("file://{}", folder.path().join("rules.yaml").display());
    let text = rules.replace('"', "\\\"").replace('\n', "\\n");
    let mut to = server.stdin.take().unwrap();
    for body in [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#.to_owned(),
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"{uri}","languageId":"yaml","version":1,"text":"{text}"}}}}}}"#
        ),
    ] {
        write!(to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
    to.flush().unwrap();
    let mut from = BufReader::new(server.stdout.take().unwrap());
    let found = loop {
        let body = read_message(&mut from);
        if body.contains("textDocument/publishDiagnostics") && body.contains("rules.yaml") {
            break body;
        }
    };
    server.kill().unwrap();
    server.wait().unwrap();
    found
}

#[test]
fn the_language_server_checks_its_rules() {
    let sound = published_diagnostics(RULES);
    assert!(sound.contains(r#""diagnostics":[]"#), "{sound}");
    let wrong = published_diagnostics(&RULES.replace("within: region", "within: revenue"));
    assert!(wrong.contains("E0406"), "{wrong}");
}
