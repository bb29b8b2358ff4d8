//! The comments of a file: whatever follows a `#` between its scalars.

use crate::yaml::node::{Node, Scalar};

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// The offset of its `#`.
    pub(super) start: usize,
    /// From the `#` to the end of the line.
    pub(super) text: String,
    /// Whether only the marker of a list item, or of the end of the document, stands before it on its line.
    pub(super) own_line: bool,
    /// How many characters stand before it on its line.
    pub(super) column: usize,
}

/// The comments of `text`, whose tree is `root`, in order.
pub(super) fn comments(text: &str, root: &Node) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut scalars = Vec::new();
    collect(root, &mut scalars);
    let gaps = scalars.into_iter().map(|scalar| (scalar.span.start as usize, scalar.span.end as usize));
    for (start, end) in gaps.chain([(text.len(), text.len())]) {
        while let Some(at) = text.get(from..start).and_then(|gap| gap.find('#')).map(|at| from + at) {
            let length = text[at..].find(['\n', '\r']).unwrap_or(text.len() - at);
            let before = &text[line_start(text, at)..at];
            found.push(Comment {
                start: at,
                text: text[at..at + length].trim_end().to_owned(),
                // The end marker of the document is not written again, so a comment after it gets a line of its own.
                own_line: is_margin(before) || before.trim_end() == "...",
                column: before.chars().count(),
            });
            from = at + length;
        }
        from = from.max(end);
    }
    found
}

/// Where the line of an offset begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |before| before + 1)
}

/// Whether `before` holds only indentation and markers of list items.
pub(super) fn is_margin(before: &str) -> bool {
    before.chars().all(|c| matches!(c, ' ' | '\t' | '-' | '\u{feff}'))
}

/// Whether an offset begins its line and the line before it is blank.
pub(super) fn follows_blank(text: &str, at: usize) -> bool {
    let start = line_start(text, at);
    let before =
        text[..start].strip_suffix('\n').map_or(&text[..start], |rest| rest.strip_suffix('\r').unwrap_or(rest));
    start > 0 && is_margin(&text[start..at]) && text[line_start(text, before.len())..before.len()].trim().is_empty()
}

fn collect<'a>(node: &'a Node, scalars: &mut Vec<&'a Scalar>) {
    match node {
        Node::Scalar(scalar) => scalars.push(scalar),
        Node::Sequence(sequence) => sequence.items.iter().for_each(|item| collect(item, scalars)),
        Node::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            scalars.push(&entry.key);
            collect(&entry.value, scalars);
        }),
    }
}
