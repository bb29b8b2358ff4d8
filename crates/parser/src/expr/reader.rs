//! The reader of parsed nodes, which maps each node to its place in the file.

use std::ops::Range;

use super::grammar::{ParseNode, Rule};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{Name, Span, Spanned};
use crate::yaml::node::Scalar;

/// A value or the error in it.
pub(super) type ReadResult<T> = Result<T, Box<Diagnostic>>;

/// Reads nodes that were parsed from the text of a scalar.
#[derive(Clone, Copy)]
pub(super) struct NodeReader<'a> {
    pub(super) scalar: &'a Scalar,
}

impl NodeReader<'_> {
    /// The place of a node in the file.
    pub(super) fn span(self, node: &ParseNode<'_>) -> Span {
        self.scalar.place(range(node))
    }

    /// A name with its place.
    pub(super) fn name(self, node: &ParseNode<'_>) -> Name {
        Spanned::new(text(node).to_owned(), self.span(node))
    }

    /// An error at a node.
    pub(super) fn error(self, code: Code, node: &ParseNode<'_>, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(code, message).at(self.span(node)))
    }

    /// The error for a node that the grammar cannot produce. It stands in for a panic, in case the grammar changes.
    pub(super) fn unexpected(self, node: &ParseNode<'_>) -> Box<Diagnostic> {
        self.error(Code::E0201, node, format!("unexpected `{}`", text(node)))
    }

    /// The next child of `parent`.
    pub(super) fn next<'n>(self, children: &mut Children<'n>, parent: &ParseNode<'n>) -> ReadResult<ParseNode<'n>> {
        children.next().ok_or_else(|| self.unexpected(parent))
    }
}

/// The children of a node.
pub(super) type Children<'n> = pest::iterators::Pairs<'n, Rule>;

/// The byte range of a node, without the white space that pest includes before an absent optional part.
fn range(node: &ParseNode<'_>) -> Range<usize> {
    let start = node.as_span().start();
    start..start + text(node).len()
}

/// The text of a node.
pub(super) fn text<'n>(node: &ParseNode<'n>) -> &'n str {
    node.as_str().trim_end()
}
