//! Helpers for tests.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::SourceId;
use crate::yaml;
use crate::yaml::node::{Node, Scalar, Style};

/// `E0201 2..4 unexpected …`, the place being the first label's.
pub(crate) fn line(diagnostic: &Diagnostic) -> String {
    let span = diagnostic.labels[0].span;
    format!("{} {}..{} {}", diagnostic.code, span.start, span.end, diagnostic.message)
}

/// One line for each diagnostic.
pub(crate) fn lines(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(line).collect()
}

/// Like [`lines`], with the source text of the place instead of its offsets.
pub(crate) fn quotes<'a>(source: &'a str, diagnostics: &Diagnostics) -> Vec<(&'static str, &'a str, String)> {
    let quote = |d: &Diagnostic| (d.code.id(), &source[d.labels[0].span.range()], d.message.clone());
    diagnostics.iter().map(quote).collect()
}

/// The document of `text`, which must be valid.
pub(crate) fn document(text: &str) -> Node {
    let mut out = Diagnostics::new();
    let node = yaml::parse(SourceId(0), text, &mut out);
    assert_eq!(lines(&out), [""; 0], "{text}");
    node.unwrap()
}

/// A plain scalar whose offsets are those of `text`.
pub(crate) fn scalar(text: &str) -> Scalar {
    let length = u32::try_from(text.len()).unwrap();
    let span = crate::Span { source: SourceId(0), start: 0, end: length };
    Scalar { text: text.to_owned(), style: Style::Plain, span, offsets: (0..=length).collect() }
}
