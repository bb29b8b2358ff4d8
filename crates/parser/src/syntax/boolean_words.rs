//! `values:` of a source, the words of its `boolean` columns.

use super::fields;
use super::file::BooleanWord;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{Name, Spanned};
use crate::yaml::node::Node;

/// The words in the order they are written. `missing` are the texts that stand for a missing value.
pub(super) fn read(node: &Node, missing: &[Name], out: &mut Diagnostics) -> Vec<BooleanWord> {
    let mut words: Vec<BooleanWord> = Vec::new();
    let Some(mapping) = fields::mapping(node, out) else { return words };
    for entry in &mapping.entries {
        let Some(value) = fields::boolean(&entry.value, out) else { continue };
        let text = entry.key.text.trim();
        let wrong = if text.is_empty() {
            Some(("an empty text stands for a missing value", "leave it out"))
        } else if missing.iter().any(|marker| marker.value.trim() == text) {
            Some(("the word is also listed in `missing`", "leave it out in one of the two"))
        } else if words.iter().any(|word| word.is(text)) {
            Some(("the word is listed twice; capitals make no difference", "leave one of the two out"))
        } else {
            None
        };
        match wrong {
            Some((message, help)) => out.push(Diagnostic::new(Code::E0106, message).at(entry.key.span).help(help)),
            None => words.push(BooleanWord { text: Spanned::new(text.to_owned(), entry.key.span), value: value.value }),
        }
    }
    words
}
