mod layout;
mod random;

use super::format;
use crate::span::SourceId;
use crate::syntax::KEYS;
use crate::syntax::key::{Key, Notation, Shape};

/// A kind to try rules with.
const KIND: &[Key] = &[
    Key::required("by", Shape::EXPRESSION, ""),
    Key::required("classes", Shape::MapByLabel(&Shape::Notation(Notation::ClassCut)), ""),
    Key::optional("bands", Shape::MapByNotation(Notation::Pattern, &Shape::NUMBER), ""),
];

fn kinds(name: &str) -> Option<&'static [Key]> {
    (name == "abc").then_some(KIND)
}

fn formatted(text: &str) -> String {
    format(SourceId(0), text, KEYS, &kinds).unwrap_or_else(|out| panic!("{text}\n{:?}", crate::testing::lines(&out)))
}

/// Asserts what a file looks like, and that it then stays so.
fn check(text: &str, expected: &str) {
    assert_eq!(formatted(text), expected);
    assert_eq!(formatted(expected), expected);
}
