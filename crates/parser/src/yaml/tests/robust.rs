//! No text makes the reader panic, and every offset leads back to what is written there.

use proptest::prelude::*;

use crate::diagnostic::Diagnostics;
use crate::span::SourceId;
use crate::yaml::node::{Node, Scalar, Style};
use crate::yaml::parse;

const PIECES: &[&str] = &[
    "a", "b c", "é€", "'", "\"", "''", "\\n", "\\u00e9", "\\", ": ", ":", "- ", "-", ", ", "[", "]", "{", "}", "|\n",
    ">\n", "|-\n", ">+\n", "|2\n", "\n", "\n", "\r\n", "\n  ", "\n    ", "\n\n", " ", "\t", "#", " # c", "? ", "&x ",
    "*x", "!t ", "---", "...", "%", "~", "1", "\u{feff}", "😀", "\u{85}", "\u{2028}", "\r",
];

/// Every scalar of the tree, keys included.
pub(super) fn scalars<'a>(node: &'a Node, out: &mut Vec<&'a Scalar>) {
    match node {
        Node::Scalar(scalar) => out.push(scalar),
        Node::Sequence(sequence) => sequence.items.iter().for_each(|item| scalars(item, out)),
        Node::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            out.push(&entry.key);
            scalars(&entry.value, out);
        }),
    }
}

/// Asserts that each character is at its offset, unless it was folded or escaped.
pub(super) fn check_offsets(file: &str, scalar: &Scalar) {
    assert_eq!(scalar.offsets.len(), scalar.text.len() + 1);
    assert!(scalar.offsets.is_sorted(), "{file:?} {scalar:?}");
    assert!(file.get(scalar.span.range()).is_some());
    assert!(file.get(scalar.place(0..scalar.text.len()).range()).is_some(), "{file:?} {scalar:?}");
    for (i, c) in scalar.text.char_indices() {
        let found = file[scalar.offsets[i] as usize..].chars().next();
        let escaped = scalar.style == Style::DoubleQuoted && found == Some('\\');
        assert!(c.is_whitespace() || escaped || found == Some(c), "{file:?}: {c:?} at {i} is {found:?}\n{scalar:?}");
    }
}

fn check(file: &str) {
    let mut out = Diagnostics::new();
    let node = parse(SourceId(0), file, &mut out);
    assert!(node.is_some() || out.has_errors());
    let mut found = Vec::new();
    node.iter().for_each(|node| scalars(node, &mut found));
    found.into_iter().for_each(|scalar| check_offsets(file, scalar));
    for label in out.iter().flat_map(|diagnostic| &diagnostic.labels) {
        assert!(file.get(label.span.range()).is_some(), "{file:?} {label:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text(text in "\\PC*|[ -~\\n\\r\\té€]{0,60}") {
        check(&text);
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        check(&pieces.concat());
    }

    #[test]
    fn any_pieces_of_a_scalar(
        start in prop::sample::select(vec!["a: ", "a: '", "a: \"", "a: |\n  x", "a: >\n  x", "- ", "[", "a: |+\n  x"]),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
        end in prop::sample::select(vec!["", "'", "\"", "\n", "]"]),
    ) {
        check(&format!("{start}{}{end}", pieces.concat()));
    }
}
