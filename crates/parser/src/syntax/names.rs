//! Valid names, and mappings whose keys are names.

use indexmap::IndexMap;

use super::fields;
use crate::diagnostic::Diagnostics;
use crate::expr::{is_identifier, is_keyword};
use crate::quote::quote;
use crate::span::{Name, Spanned};
use crate::yaml::node::{Entry, Node};

/// What is wrong with a name, and what to do about it.
pub struct InvalidName {
    /// In one line.
    pub message: String,
    /// The rule for names.
    pub help: String,
    /// A valid name like it, if there is one.
    pub suggestion: Option<String>,
}

/// What is wrong with `text` as a name, if anything is.
pub fn check(text: &str) -> Option<InvalidName> {
    if is_identifier(text) {
        return None;
    }
    if is_keyword(text) {
        let message = format!("`{text}` is a word of the language and cannot be a name");
        let help = format!("call it `{text}_` or something else");
        return Some(InvalidName { message, help, suggestion: Some(format!("{text}_")) });
    }
    let message = format!("{} is not a valid name", quote(text));
    let rule = "a name has letters, digits and `_`, and does not start with a digit";
    let better = Some(corrected(text)).filter(|better| is_identifier(better));
    let help = better.as_ref().map_or_else(|| rule.to_owned(), |better| format!("{rule}, as in `{better}`"));
    Some(InvalidName { message, help, suggestion: better })
}

/// The valid name nearest to `text`.
pub fn to_valid_name(text: &str) -> String {
    let better = corrected(text);
    match better.as_str() {
        _ if is_identifier(&better) => better,
        _ if is_keyword(&better) => format!("{better}_"),
        _ => format!("_{}", better.replace(|c: char| !c.is_ascii_alphanumeric(), "_")),
    }
}

/// `text` with `_` for each character that a name cannot have.
fn corrected(text: &str) -> String {
    let fitting: String = text.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if fitting.starts_with(|c: char| c.is_ascii_digit()) { format!("_{fitting}") } else { fitting }
}

/// The entries of a mapping whose keys are names. An entry with an invalid name is reported and left out, but `read`
/// still reads its value, to report the errors in it. `read` returns `None` for a value that is not usable.
pub(super) fn entries<T>(
    node: &Node,
    out: &mut Diagnostics,
    read: impl FnMut(Name, &Node, &mut Diagnostics) -> Option<T>,
) -> IndexMap<String, T> {
    fields::mapping(node, out)
        .map(|mapping| read_entries(names_and_values(&mapping.entries), out, read))
        .unwrap_or_default()
}

/// As [`entries`], but moves the values out of the mapping.
pub(super) fn into_entries<T>(
    node: Node,
    out: &mut Diagnostics,
    read: impl FnMut(Name, Node, &mut Diagnostics) -> Option<T>,
) -> IndexMap<String, T> {
    let Some(mapping) = fields::into_mapping(node, out) else { return IndexMap::new() };
    let each = mapping.entries.into_iter().map(|entry| (Spanned::new(entry.key.text, entry.key.span), entry.value));
    read_entries(each, out, read)
}

/// Names and their values.
pub(super) fn names_and_values(entries: &[Entry]) -> impl Iterator<Item = (Name, &Node)> {
    entries.iter().map(|entry| (entry.key.name(), &entry.value))
}

/// As [`entries`], from an iterator.
pub(super) fn read_entries<N, T>(
    entries: impl Iterator<Item = (Name, N)>,
    out: &mut Diagnostics,
    mut read: impl FnMut(Name, N, &mut Diagnostics) -> Option<T>,
) -> IndexMap<String, T> {
    let mut found = IndexMap::new();
    for (name, value) in entries {
        let (valid, key) = (fields::check_identifier(&name, out), name.value.clone());
        if let Some(value) = read(name, value, out).filter(|_| valid) {
            found.insert(key, value);
        }
    }
    found
}
