//! Completion of keys: those that are possible at a place of a rule file or test file.

use accolade_engine::rules::analysis::{Key, Notation, RuleKind, Shape};
use accolade_parser::syntax::RULE_KEYS;
use lsp_types::CompletionItemKind;

use super::{Candidate, CompletionInput};
use crate::server::documents::DocumentKind;
use crate::server::names;
use crate::server::names::NamedItem;

/// The possible keys of a mapping.
pub(in crate::server) enum PossibleKeys {
    /// Keys of the language.
    Keys(Vec<Candidate>),
    /// Names or labels that are defined elsewhere.
    Names(Vec<Candidate>),
    /// The columns of the source's data.
    Columns,
}

/// The shapes that the value at a path can have.
pub(super) fn shapes(world: &CompletionInput, path: &[&str]) -> Vec<Shape> {
    let top = if world.document_kind == DocumentKind::Tests {
        accolade_testing::read::KEYS
    } else {
        accolade_parser::syntax::KEYS
    };
    let mut shapes = vec![Shape::Keys(top)];
    for (depth, step) in path.iter().enumerate() {
        let rule = depth.checked_sub(1).and_then(|at| path.get(at)).copied().unwrap_or_default();
        shapes =
            shapes.into_iter().flat_map(alternatives).filter_map(|shape| below(world, shape, step, rule)).collect();
    }
    shapes.into_iter().flat_map(alternatives).collect()
}

fn alternatives(shape: Shape) -> Vec<Shape> {
    match shape {
        Shape::Either(shapes) => shapes.iter().copied().flat_map(alternatives).collect(),
        shape => vec![shape],
    }
}

/// The shape of the value of a key, or of an item. `rule` is the name of the rule that the key belongs to.
fn below(world: &CompletionInput, shape: Shape, step: &str, rule: &str) -> Option<Shape> {
    match shape {
        Shape::Keys(keys) => keys.iter().find(|key| key.name == step).map(|key| key.shape),
        Shape::MapByName(shape) | Shape::MapByLabel(shape) | Shape::MapByNotation(_, shape) => Some(*shape),
        Shape::List(shape) => (step == "-").then_some(*shape),
        Shape::Rule => rule_keys(world, rule).into_iter().find(|key| key.name == step).map(|key| key.shape),
        _ => None,
    }
}

/// The keys that every rule has, and those of this rule's kind.
fn rule_keys(world: &CompletionInput, rule: &str) -> Vec<&'static Key> {
    let kind = value_in(world.text, &["rules", rule, "kind"]);
    let kind = world.plugins.kinds().iter().find(|known| Some(known.name) == kind.as_deref());
    RULE_KEYS.iter().chain(kind.into_iter().flat_map(|kind| kind.keys)).collect()
}

/// The keys of the mapping at a path.
pub(in crate::server) fn keys_at(world: &CompletionInput, path: &[&str]) -> PossibleKeys {
    match path {
        ["sources", _, "columns"] => return PossibleKeys::Columns,
        ["rules", rule, "cells"] => return PossibleKeys::Names(axis(world, rule, "rows")),
        ["rules", rule, "cells", _] => return PossibleKeys::Names(axis(world, rule, "columns")),
        ["script_limits"] => {
            let limits = accolade_engine::script::LIMITS.iter();
            return PossibleKeys::Names(limits.map(|(name, ..)| word(name, "")).collect());
        }
        _ if world.document_kind == DocumentKind::Tests => {
            if let Some(names) = of_tests(world, path) {
                return PossibleKeys::Names(names);
            }
        }
        _ => {}
    }
    let mut proposals = Vec::new();
    for shape in shapes(world, path) {
        let mut keys: Vec<&Key> = match shape {
            Shape::Keys(keys) => keys.iter().collect(),
            Shape::Rule => rule_keys(world, path.last().copied().unwrap_or_default()),
            Shape::MapByNotation(Notation::Pattern, _) => {
                return PossibleKeys::Names(vec![word("rest", "all other values"), word("missing", "no value")]);
            }
            _ => continue,
        };
        // Required keys come first.
        keys.sort_by_key(|key| !key.required);
        proposals.extend(keys.into_iter().map(|key| {
            let detail = if key.required { "required" } else { "" };
            Candidate::new(key.name, CompletionItemKind::PROPERTY, detail).doc(key.doc)
        }));
    }
    PossibleKeys::Keys(proposals)
}

fn word(word: &str, what: &str) -> Candidate {
    Candidate::new(word, CompletionItemKind::KEYWORD, what)
}

/// The names that can be keys at a path of a test file. `None` where keys of the language are expected.
fn of_tests(world: &CompletionInput, path: &[&str]) -> Option<Vec<Candidate>> {
    let file = world.written();
    let names = |wanted: fn(&NamedItem) -> bool| {
        let all = file.into_iter().flat_map(names::all).filter(|(_, named)| wanted(named));
        all.map(|(name, _)| Candidate::new(name, CompletionItemKind::VARIABLE, "")).collect::<Vec<_>>()
    };
    Some(match path {
        ["cases", _, "given"] | ["defaults"] => {
            let mut tables = names(|named| matches!(named, NamedItem::Source(_)));
            tables.push(word("profile", "fields of the record"));
            tables
        }
        ["cases", _, "given", "profile", ..] | ["defaults", "profile"] => {
            names(|named| matches!(named, NamedItem::Field(_) | NamedItem::Column(..)))
        }
        ["cases", _, "given", source, ..] | ["defaults", source] => super::expression::columns(world, source),
        ["cases", _, "expect", "customers", _] => super::expression::fields(world),
        ["cases", _, "expect", "customers", _, "decided_by"] => names(|named| matches!(named, NamedItem::Rule(_))),
        ["cases", _, "expect", "measures"] => names(|named| matches!(named, NamedItem::Measure(_))),
        ["cases", _, "expect", "programmes"] => names(|named| matches!(named, NamedItem::Programme(_))),
        ["cases", _, "expect", "goals"] => names(|named| matches!(named, NamedItem::Goal(_))),
        _ => return None,
    })
}

/// A value by its path, read from the text alone; the last key is on a line of its own or in a flow mapping.
pub(super) fn value_in(text: &str, path: &[&str]) -> Option<String> {
    let mut lines =
        text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).peekable();
    let mut limit: Option<usize> = None;
    for (depth, key) in path.iter().enumerate() {
        let last = depth + 1 == path.len();
        loop {
            let line = lines.next()?;
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            if limit.is_some_and(|limit| indent <= limit) || depth == 0 && indent > 0 && limit.is_some() {
                return None;
            }
            let Some(rest) = trimmed.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')) else { continue };
            let value = rest.trim();
            if last {
                return Some(plain(value));
            }
            limit = Some(indent);
            if let (Some(flow), true) = (value.strip_prefix('{'), depth + 2 == path.len()) {
                let wanted = format!("{}:", path[depth + 1]);
                let at = flow.find(&wanted)?;
                return Some(plain(flow[at + wanted.len()..].split([',', '}']).next().unwrap_or_default()));
            }
            break;
        }
    }
    None
}

/// A scalar without quotes and comment.
fn plain(value: &str) -> String {
    value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
}

/// The labels of an axis of a matrix.
fn axis(world: &CompletionInput, rule: &str, axis: &str) -> Vec<Candidate> {
    let label = |label: &str| Candidate::new(label, CompletionItemKind::ENUM_MEMBER, "");
    if let Some(class) = value_in(world.text, &["rules", rule, axis, "class"]) {
        return super::expression::labels(world, &class).iter().map(|text| label(text)).collect();
    }
    let labels = world.text.lines().filter(|line| line.trim_start().starts_with(axis) || line.contains("labels:"));
    let listed = labels.filter_map(|line| line.split_once("labels:")?.1.trim().strip_prefix('[')?.split(']').next());
    listed.flat_map(|list| list.split(',')).map(|text| label(text.trim())).collect()
}

/// The documentation of a kind and its keys, as Markdown.
pub(in crate::server) fn kind_doc(kind: &RuleKind) -> String {
    let key = |key: &Key| {
        let required = if key.required { " (required)" } else { "" };
        format!("- `{}`{required}: {}\n", key.name, key.doc)
    };
    format!("**{}** {}\n\n{}", kind.name, kind.summary, kind.keys.iter().map(key).collect::<String>())
}
