//! Where a rule file holds numbers and comparisons: in the scalars of its rules, metrics, periods, measures, programmes and goals.

use accolade_engine::rules::analysis::{Key, Kind};
use accolade_parser::yaml::node::{Entry, Mapping, Node, Scalar};
use accolade_parser::{Diagnostics, SourceId, Span, yaml};

/// A number or comparison and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) span: Span,
}

/// Tokens that change together, with the way to them.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The names on the way, such as `rules.account_rating.criteria.cooperation.weight`.
    pub(super) path: String,
    pub(super) tokens: Vec<Token>,
}

/// Sections whose scalars are looked at.
const SECTIONS: [&str; 6] = ["periods", "profile", "rules", "measures", "programmes", "goals"];
/// Keys whose value is text for a reader, or a name.
const SKIPPED: [&str; 6] = ["description", "kind", "script", "none", "labels", "cells"];

/// Every spot of a rule file whose rules are of these kinds, in file order.
pub(super) fn spots(text: &str, kinds: &[&Kind]) -> Vec<Spot> {
    let mut spots = Vec::new();
    let Some(Node::Mapping(file)) = yaml::parse(SourceId(0), text, &mut Diagnostics::new()) else { return spots };
    for entry in file.entries.iter().filter(|e| SECTIONS.contains(&e.key.text.as_str())) {
        visit(&entry.value, &entry.key.text, kinds, &mut spots);
    }
    spots
}

fn visit(node: &Node, path: &str, kinds: &[&Kind], spots: &mut Vec<Spot>) {
    match node {
        Node::Scalar(scalar) => single(scalar, path, spots),
        Node::Sequence(items) => items.items.iter().for_each(|item| visit(item, path, kinds, spots)),
        Node::Mapping(mapping) => {
            if path.ends_with(".bands") || path.ends_with(".steps") {
                return bands(mapping, path, spots);
            }
            let kind = mapping.get("kind").and_then(|kind| match kind {
                Node::Scalar(name) => kinds.iter().find(|kind| kind.name == name.text),
                _ => None,
            });
            for Entry { key, value } in &mapping.entries {
                let key = &key.text;
                // No case can tell apart what decides no result.
                let is_shown = |known: &Key| known.name == key && !known.decides;
                let shown = kind.is_some_and(|kind| kind.keys.iter().any(is_shown));
                if !shown && !SKIPPED.contains(&key.as_str()) {
                    visit(value, &format!("{path}.{key}"), kinds, spots);
                }
            }
        }
    }
}

fn single(scalar: &Scalar, path: &str, spots: &mut Vec<Spot>) {
    spots.extend(tokens(scalar).into_iter().map(|token| Spot { path: path.to_owned(), tokens: vec![token] }));
}

/// The ends of bands: where one band ends the next begins, so equal ends change together.
fn bands(mapping: &Mapping, path: &str, spots: &mut Vec<Spot>) {
    let mut ends: Vec<Spot> = Vec::new();
    for token in mapping.entries.iter().flat_map(|entry| tokens(&entry.key)).filter(|t| is_number(&t.text)) {
        match ends.iter_mut().find(|end| end.tokens[0].text == token.text) {
            Some(end) => end.tokens.push(token),
            None => ends.push(Spot { path: path.to_owned(), tokens: vec![token] }),
        }
    }
    spots.extend(ends);
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// The numbers and comparisons of a scalar; texts in quotes and words are passed over.
fn tokens(scalar: &Scalar) -> Vec<Token> {
    let text = &scalar.text;
    let (bytes, mut at, mut found) = (text.as_bytes(), 0, Vec::new());
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b if b.is_ascii_digit() => {
                while at < bytes.len() && (word(bytes[at]) || fraction(bytes, at)) {
                    at += 1;
                }
                let date = bytes.get(at) == Some(&b'-') && at - start == 4;
                if date {
                    // A date such as 2026-01-31: shifting one of its parts is not a small change.
                    while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'-') {
                        at += 1;
                    }
                } else {
                    at += usize::from(bytes.get(at) == Some(&b'%'));
                    found.push(start..at);
                }
            }
            b if word(b) => {
                while at < bytes.len() && word(bytes[at]) {
                    at += 1;
                }
            }
            b'<' | b'>' => {
                at += 1 + usize::from(bytes.get(at + 1) == Some(&b'='));
                // `..<` is the end of a range.
                if !text[..start].ends_with("..") {
                    found.push(start..at);
                }
            }
            _ => at += 1,
        }
        at = at.max(start + 1);
    }
    found.into_iter().map(|range| Token { text: text[range.clone()].to_owned(), span: scalar.place(range) }).collect()
}

/// Whether a point between two digits is at `at`.
fn fraction(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) && at > 0 && bytes[at - 1].is_ascii_digit()
}
