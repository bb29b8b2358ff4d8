//! The tokens of an expression, for error messages, the limit on nesting, layout, mutation and completion. The grammar
//! has its own.

use std::ops::Range;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or keyword.
    Word,
    /// Anything that starts with a digit.
    Number,
    /// A text in double quotes.
    Text,
    /// A text whose closing quote is missing.
    OpenText,
    /// An operator, a bracket or anything else.
    Symbol,
}

/// A token of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its kind.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'a str,
    /// The offset of its first byte.
    pub start: usize,
}

impl Token<'_> {
    /// Its byte range.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Symbols of several characters, longer ones first. Some are operators of other languages only.
const SYMBOLS: &[&str] = &[
    "..<", "..=", "...", "===", "!==", "..", "<=", ">=", "!=", "==", "&&", "||", "<>", "=<", "=>", "->", "**", "//",
    "??",
];

/// The tokens of `text`.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let token = token_at(text, at)?;
        at = token.range().end;
        Some(token)
    })
}

/// The first token at or after `at`.
pub(super) fn token_at(text: &str, at: usize) -> Option<Token<'_>> {
    let rest = text.get(at..)?;
    let start = at + (rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len());
    let rest = &text[start..];
    let first = rest.chars().next()?;
    let (kind, length) = match first {
        '"' => match closing_quote(rest) {
            Some(end) => (TokenKind::Text, end),
            None => (TokenKind::OpenText, rest.len()),
        },
        c if c.is_ascii_digit() => (TokenKind::Number, number_length(rest)),
        c if is_word(c) => (TokenKind::Word, word_length(rest)),
        c => (TokenKind::Symbol, SYMBOLS.iter().find(|s| rest.starts_with(**s)).map_or(c.len_utf8(), |s| s.len())),
    };
    Some(Token { kind, text: &rest[..length], start })
}

/// Whether a character can be part of a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// The length of a number: digits and letters right after them, a point between digits, a percent sign.
fn number_length(text: &str) -> usize {
    let mut length = word_length(text);
    if text[length..].starts_with('.') && text[length + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        length += 1 + word_length(&text[length + 1..]);
    }
    if text[length..].starts_with('%') {
        length += 1;
    }
    length
}

/// The length of the quoted text that `text` starts with.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return None,
            '"' if !escaped => return Some(i + 1),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}
