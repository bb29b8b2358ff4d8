//! Words of boolean columns.

use std::sync::Arc;

use accolade_core::location::{Location, MemoryTable};

use super::Case;

const METRICS: &str =
    "\n    active: count(people where people.on)\n    off: count(people where not people.on)\n    n: count(people)\n";

/// A source of people with these words for whether they are active.
fn people(values: &str, texts: &[&str]) -> Case {
    let rows: String = texts.iter().map(|text| format!("a,{text}\n")).collect();
    let source = format!(
        "\n  people: {{file: p.csv, customer: id, missing: ['-'], values: {values}, columns: {{id: text, on: boolean?}}}}"
    );
    Case::new(&source, METRICS, &[("p.csv", format!("id,on\n{rows}").as_bytes())])
}

#[test]
fn a_source_adds_words_for_true_and_false() {
    let values = "{Actief: true, Inactief: false, 'x': true}";
    let case = people(values, &["Actief", " INACTIEF ", "\"actief\u{a0}\"", "x", "-", "", "ja", "0"]);
    assert_eq!(case.table(&case.base()), ["a|4|2|8"]);
    let errors = people(values, &["Actie"]).errors();
    assert!(errors.starts_with("E0703 p.csv:2 on: `Actie` is not a boolean"), "{errors}");
    assert!(errors.contains("`values: {\"Actie\": true}`"), "{errors}");
}

#[test]
fn a_word_of_a_source_comes_before_the_known_ones() {
    let case = people("{0: true, n: true}", &["0", "N", "no", "1"]);
    assert_eq!(case.table(&case.base()), ["a|3|1|4"]);
}

#[test]
fn rows_in_memory_have_the_words_of_their_source() {
    let mut case = people("{Actief: true}", &[]);
    let rows = vec![vec![Some("a".to_owned()), Some("Actief".to_owned())]];
    let header = vec!["id".to_owned(), "on".to_owned()];
    case.inputs.locations = vec![Location::Memory(Arc::new(MemoryTable { name: "given".to_owned(), header, rows }))];
    assert_eq!(case.table(&case.base()), ["a|1|0|1"]);
}
