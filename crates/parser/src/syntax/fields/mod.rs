//! Reading mappings and values whose shape is known. The rule kinds read their parameters with it.

use super::key::Key;
use super::names;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::quote::quote;
use crate::span::{Name, Span, Spanned};
use crate::yaml::node::{Mapping, Node, Scalar, Sequence};

/// A mapping with a fixed set of keys.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    mapping: &'a Mapping,
    owner: String,
}

impl<'a> Fields<'a> {
    /// Reports every key that is not one of `keys`. `owner` is what the mapping describes, with its
    /// article: `a rule of kind abc`.
    pub fn new(mapping: &'a Mapping, owner: &str, keys: &[Key], out: &mut Diagnostics) -> Fields<'a> {
        let allowed: Vec<&str> = keys.iter().map(|key| key.name).collect();
        for entry in &mapping.entries {
            let key = &entry.key;
            if allowed.contains(&key.text.as_str()) {
                continue;
            }
            let diagnostic =
                Diagnostic::new(Code::E0101, format!("unknown key {} in {owner}", quote(&key.text))).at(key.span);
            // A key that the mapping already has is not a candidate.
            let free = allowed.iter().copied().filter(|name| mapping.get(name).is_none());
            out.push(diagnostic.suggest_or_else(&key.text, free, |diagnostic| {
                diagnostic.help(format!("the keys of {owner} are {}", list(&allowed, "and")))
            }));
        }
        Fields { mapping, owner: owner.to_owned() }
    }

    /// The place of the mapping.
    pub fn span(&self) -> Span {
        self.mapping.span
    }

    /// The value of `key`, if it is there.
    pub fn optional(&self, key: &str) -> Option<&'a Node> {
        self.mapping.get(key)
    }

    /// The value of `key`; `None` after a diagnostic if it is missing.
    pub fn required(&self, key: &str, out: &mut Diagnostics) -> Option<&'a Node> {
        let node = self.mapping.get(key);
        if node.is_none() {
            let message = format!("the key `{key}` is missing in {}", self.owner);
            out.push(Diagnostic::new(Code::E0102, message).at(self.mapping.span));
        }
        node
    }
}

/// The text of a scalar. A key without a value is an error.
pub fn text<'a>(node: &'a Node, out: &mut Diagnostics) -> Option<&'a Scalar> {
    match node {
        Node::Scalar(scalar) if !scalar.is_null() => Some(scalar),
        other => wrong_shape("a text", other, out),
    }
}

/// A mapping.
pub fn mapping<'a>(node: &'a Node, out: &mut Diagnostics) -> Option<&'a Mapping> {
    match node {
        Node::Mapping(mapping) => Some(mapping),
        other => wrong_shape("a mapping", other, out),
    }
}

/// A mapping, moved out of its node.
pub(super) fn into_mapping(node: Node, out: &mut Diagnostics) -> Option<Mapping> {
    match node {
        Node::Mapping(mapping) => Some(mapping),
        other => wrong_shape("a mapping", &other, out),
    }
}

/// A list.
pub fn sequence<'a>(node: &'a Node, out: &mut Diagnostics) -> Option<&'a Sequence> {
    match node {
        Node::Sequence(sequence) => Some(sequence),
        other => wrong_shape("a list", other, out),
    }
}

/// `true` or `false`.
pub fn boolean(node: &Node, out: &mut Diagnostics) -> Option<Spanned<bool>> {
    match node {
        Node::Scalar(scalar) if scalar.text == "true" => Some(Spanned::new(true, scalar.span)),
        Node::Scalar(scalar) if scalar.text == "false" => Some(Spanned::new(false, scalar.span)),
        other => wrong_shape("`true` or `false`", other, out),
    }
}

/// A whole number.
pub fn integer(node: &Node, out: &mut Diagnostics) -> Option<Spanned<i64>> {
    let digits = match node {
        Node::Scalar(scalar) => scalar.text.replace('_', ""),
        _ => String::new(),
    };
    match digits.parse() {
        Ok(value) => Some(Spanned::new(value, node.span())),
        Err(_) => wrong_shape("a whole number", node, out),
    }
}

/// One of `words`, as its index.
pub fn choice(node: &Node, words: &[&str], out: &mut Diagnostics) -> Option<Spanned<usize>> {
    let scalar = text(node, out)?;
    if let Some(index) = words.iter().position(|word| *word == scalar.text) {
        return Some(Spanned::new(index, scalar.span));
    }
    let message = format!("expected {}, found {}", list(words, "or"), quote(&scalar.text));
    let diagnostic = Diagnostic::new(Code::E0106, message).at(scalar.span);
    out.push(diagnostic.suggest_or_else(&scalar.text, words.iter().copied(), |diagnostic| diagnostic));
    None
}

/// A name that expressions can refer to.
pub fn identifier(scalar: &Scalar, out: &mut Diagnostics) -> Option<Name> {
    Some(scalar.name()).filter(|name| check_identifier(name, out))
}

/// Whether expressions can use `name`. Reports an error if they cannot.
pub(super) fn check_identifier(name: &Name, out: &mut Diagnostics) -> bool {
    let Some(wrong) = names::check(&name.value) else { return true };
    let diagnostic = Diagnostic::new(Code::E0105, wrong.message).at(name.span).help(wrong.help);
    out.push(match wrong.suggestion {
        Some(better) => diagnostic.fix(name.span, better),
        None => diagnostic,
    });
    false
}

/// Reports that `node` is not what was `expected`.
fn wrong_shape<T>(expected: &str, node: &Node, out: &mut Diagnostics) -> Option<T> {
    let found = match node {
        Node::Scalar(scalar) if scalar.is_null() => "nothing".to_owned(),
        Node::Scalar(scalar) => quote(&scalar.text),
        Node::Sequence(_) => "a list".to_owned(),
        Node::Mapping(_) => "a mapping".to_owned(),
    };
    out.push(Diagnostic::new(Code::E0103, format!("expected {expected}, found {found}")).at(node.span()));
    None
}

/// "`a`, `b` or `c`"
fn list(words: &[&str], last_joint: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} {last_joint} {last}", others.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests;
