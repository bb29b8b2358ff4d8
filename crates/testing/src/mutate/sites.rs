//! Finds the numbers and comparisons in the scalars of a rule file's rules, metrics, periods, measures, programmes and
//! goals, and in the conditions on its sources.

use accolade_engine::rules::analysis::{Key, RuleKind};
use accolade_parser::expr::token::{Token, TokenKind, tokens};
use accolade_parser::yaml::node::{Entry, Mapping, Node, Scalar};
use accolade_parser::{Diagnostics, SourceId, Span, yaml};

/// A number or comparison and its span.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    pub(super) text: String,
    pub(super) span: Span,
}

/// Literals that change together, and the path to them.
#[derive(Clone, Debug)]
pub(super) struct MutationSite {
    /// The keys on the path, such as `rules.account_rating.criteria.cooperation.weight`.
    pub(super) path: String,
    pub(super) literals: Vec<Literal>,
}

/// Sections whose scalars are searched.
const SECTIONS: [&str; 6] = ["periods", "profile", "rules", "measures", "programmes", "goals"];
/// Keys whose value is a name or a text for readers.
const SKIPPED: [&str; 6] = ["description", "kind", "script", "none", "labels", "cells"];

/// Every spot of a rule file whose rules are of these kinds, in file order.
pub(super) fn mutation_sites(text: &str, kinds: &[&RuleKind]) -> Vec<MutationSite> {
    let mut spots = Vec::new();
    let Some(Node::Mapping(file)) = yaml::parse(SourceId(0), text, &mut Diagnostics::new()) else { return spots };
    for entry in &file.entries {
        match entry.key.text.as_str() {
            "sources" => conditions(&entry.value, &mut spots),
            section if SECTIONS.contains(&section) => visit(&entry.value, section, kinds, &mut spots),
            _ => {}
        }
    }
    spots
}

fn visit(node: &Node, path: &str, kinds: &[&RuleKind], spots: &mut Vec<MutationSite>) {
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
                // A key that does not affect results cannot be tested.
                let is_shown = |known: &Key| known.name == key && !known.affects_results;
                let shown = kind.is_some_and(|kind| kind.keys.iter().any(is_shown));
                if !shown && !SKIPPED.contains(&key.as_str()) {
                    visit(value, &format!("{path}.{key}"), kinds, spots);
                }
            }
        }
    }
}

/// Adds the conditions that the rows of sources meet.
fn conditions(sources: &Node, spots: &mut Vec<MutationSite>) {
    let Node::Mapping(sources) = sources else { return };
    for source in &sources.entries {
        if let Node::Mapping(keys) = &source.value
            && let Some(Node::Scalar(condition)) = keys.get("where")
        {
            single(condition, &format!("sources.{}.where", source.key.text), spots);
        }
    }
}

fn single(scalar: &Scalar, path: &str, spots: &mut Vec<MutationSite>) {
    spots.extend(
        literals(scalar).into_iter().map(|literal| MutationSite { path: path.to_owned(), literals: vec![literal] }),
    );
}

/// Adds the ends of bands. Where one band ends the next begins, so equal ends change together.
fn bands(mapping: &Mapping, path: &str, spots: &mut Vec<MutationSite>) {
    let mut ends: Vec<MutationSite> = Vec::new();
    for literal in mapping.entries.iter().flat_map(|entry| literals(&entry.key)).filter(|l| is_number(&l.text)) {
        match ends.iter_mut().find(|end| end.literals[0].text == literal.text) {
            Some(end) => end.literals.push(literal),
            None => ends.push(MutationSite { path: path.to_owned(), literals: vec![literal] }),
        }
    }
    spots.extend(ends);
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// The numbers and comparisons of a scalar.
fn literals(scalar: &Scalar) -> Vec<Literal> {
    let (text, mut after_date) = (&scalar.text, 0);
    let found = tokens(text).filter(|token| match token.kind {
        _ if token.start < after_date => false,
        TokenKind::Number => {
            after_date = end_of_date(text, token).unwrap_or_default();
            after_date == 0
        }
        TokenKind::Symbol => matches!(token.text, "<" | "<=" | ">" | ">="),
        _ => false,
    });
    found.map(|token| Literal { text: token.text.to_owned(), span: scalar.place(token.range()) }).collect()
}

/// Where a date such as 2026-01-31 ends that begins with this number: shifting one of its parts is not a small change.
fn end_of_date(text: &str, year: &Token) -> Option<usize> {
    let rest = &text[year.range().end..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
    (year.text.len() == 4 && rest.starts_with('-')).then_some(year.range().end + end)
}
