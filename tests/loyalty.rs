//! What is asked of customers and how loyal they are: answers, listed values, and the rule kinds about them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use std::process::Command;

use accolade_engine::{FileSystem, Plugins, compile};
use support::file;

/// Customers with a club, and how their rules are read.
fn clubs(column: &str, rules: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers:\n    file: customers.csv\n    key: id\n    columns:\n      \
         id: text\n      club: {column}\nprofile: {{qualitative: {{club_now: club}}}}\nrules:\n{rules}\n"
    )
}

/// Every finding of a rule file: code, message and help.
fn findings(rules: &str) -> Vec<String> {
    let file = file(rules);
    let compilation = compile(file.path(), &FileSystem, &Plugins::standard());
    let shown = |d: &accolade_parser::Diagnostic| format!("{} {} [{}]", d.code, d.message, d.help.join(" "));
    compilation.diagnostics.0.iter().map(shown).collect()
}

#[test]
fn a_list_of_values_is_of_texts_that_differ() {
    let check = |column: &str, expected: &[&str]| assert_eq!(findings(&clubs(column, "  {}")), expected, "{column}");
    check("text in [gold, \"silver\"]", &[]);
    check("text? in [gold]", &[]);
    check("text in [gold, silver, gold]", &["E0106 the value is listed twice [leave one of the two out]"]);
    check(
        "text in [\"\", gold]",
        &["E0106 an empty text stands for a missing value [leave it out, and write `text?`]"],
    );
    check("text in [1, 2]", &["E0404 text cannot be written as `1` [write text in double quotes]"]);
    check(
        "integer in [1, 2]",
        &[
            "E0106 only a text column lists its values, not an integer [write a range, such as `integer 1..5`, or declare the column as text]",
        ],
    );
}

/// A matrix of clubs, by a field.
fn matrix(field: &str, cells: &str) -> String {
    format!(
        "  place: {{kind: matrix, rows: {{class: {field}}}, columns: {{class: half}}, cells: {{{cells}}}}}\n  \
         half: {{kind: segments, segments: {{known: club is not missing, unknown: rest}}}}"
    )
}

#[test]
fn listed_values_are_classes() {
    let cells = "gold: {known: g, unknown: none}, silver: {known: s, unknown: none}";
    for field in ["club", "club_now"] {
        assert_eq!(findings(&clubs("text? in [gold, silver]", &matrix(field, cells))), [""; 0]);
        let without = findings(&clubs("text? in [gold, silver]", &matrix(field, "gold: {known: g, unknown: none}")));
        assert_eq!(without, ["E0510 the cells of row `silver` are missing [add `silver: {…}`]"]);
        assert!(findings(&clubs("text?", &matrix(field, cells)))[0].contains("has no known classes"));
        let never = "  s: {kind: segments, segments: {a: FIELD = \"golf\", b: rest}}".replace("FIELD", field);
        let never = findings(&clubs("text? in [gold, silver]", &never));
        assert!(never.contains(&format!("E0301 `{field}` is never \"golf\" [did you mean `gold`?]")), "{never:?}");
    }
}

/// What the command line says in a folder with these files.
fn said(arguments: &[&str], files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, &str)| std::fs::write(folder.path().join(name), text).unwrap();
    files.iter().for_each(write);
    let run = |folder: &Path| {
        Command::new(env!("CARGO_BIN_EXE_accolade")).args(arguments).current_dir(folder).env("NO_COLOR", "1").output()
    };
    let output = run(folder.path()).unwrap();
    String::from_utf8(output.stdout).unwrap() + std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn the_data_of_a_test_has_listed_values_too() {
    let rules = clubs("text? in [gold, silver]", "  s: {kind: segments, segments: {a: club = \"gold\", b: rest}}");
    let tests = |club: &str| {
        let given = format!("given: {{customers: [{{id: x, club: {club}}}]}}, expect: {{customers: {{x: {{s: a}}}}}}");
        format!("cases:\n  one: {{{given}}}\n")
    };
    let said = |club: &str| said(&["test"], &[("rules.yaml", &rules), ("tests.yaml", &tests(club))]);
    assert!(said("gold").contains("1 passed, 0 failed"), "{}", said("gold"));
    let wrong = said("golf");
    assert!(wrong.contains("E0704") && wrong.contains("did you mean `gold`?"), "{wrong}");
}
