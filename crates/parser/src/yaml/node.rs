//! The spanned YAML tree.

use crate::span::{Span, Spanned};

/// A YAML value and its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Text of any style. Its reader decides what it means.
    Scalar(Scalar),
    /// `[a, b]` or a `-` list.
    Sequence(Sequence),
    /// `{a: b}` or a block of `key: value` lines.
    Mapping(Mapping),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A scalar: its text as YAML reads it, and the offset of each byte in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text after YAML's unquoting and folding.
    pub text: String,
    /// How it is written.
    pub style: Style,
    /// Its place, quotes included.
    pub span: Span,
    /// For each byte of `text`, and one past its end, the file offset it came from.
    pub offsets: Vec<u32>,
}

impl Scalar {
    /// The place in the file of the bytes `range` of `text`.
    pub fn place(&self, range: std::ops::Range<usize>) -> Span {
        let at = |i: usize| self.offsets.get(i).copied().unwrap_or(self.span.end);
        let start = at(range.start);
        // An end is one past the last byte, which in a folded scalar need not be where the next begins.
        let end = if range.end > range.start { at(range.end - 1) + 1 } else { start };
        Span { source: self.span.source, start, end: end.max(start) }
    }

    /// The text as a name with its place.
    pub fn name(&self) -> Spanned<String> {
        Spanned::new(self.text.clone(), self.span)
    }

    /// Whether it is an unquoted `null`, `~` or nothing.
    pub fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// In file order.
    pub items: Vec<Node>,
    /// Its place.
    pub span: Span,
}

/// A mapping; keys are unique (a duplicate was reported and left out).
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// In file order.
    pub entries: Vec<Entry>,
    /// Its place.
    pub span: Span,
}

/// One `key: value` of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Scalar,
    /// The value.
    pub value: Node,
}

impl Node {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Node::Scalar(scalar) => scalar.span,
            Node::Sequence(sequence) => sequence.span,
            Node::Mapping(mapping) => mapping.span,
        }
    }
}

impl Mapping {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|e| e.key.text == key).map(|e| &e.value)
    }
}
