//! The lines of the result, with aligned comments at their ends.

use super::WIDTH;

/// A line of the result.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
    /// How far it is indented.
    pub(super) indent: usize,
    /// Its text, without the comment.
    pub(super) text: String,
    /// The comment at its end.
    pub(super) comment: Option<String>,
    /// The lines of a block scalar that begins on it, unchanged.
    pub(super) block: Vec<String>,
}

impl Line {
    /// Whether a comment can be put at its end.
    pub(super) fn takes_comment(&self) -> bool {
        self.comment.is_none() && !self.text.starts_with('#')
    }

    fn width(&self) -> usize {
        self.indent + self.text.chars().count()
    }

    /// The column at which its comment could stand, if there is one that fits.
    fn column(&self) -> Option<usize> {
        let comment = self.comment.as_ref()?;
        let column = self.width() + 2;
        (column + comment.chars().count() <= WIDTH).then_some(column)
    }
}

/// The text of all lines; comments at the ends of lines that follow each other at one depth are aligned.
pub(super) fn render(lines: &[Line]) -> String {
    let mut out = String::new();
    for block in lines.chunk_by(|a, b| a.indent == b.indent && !b.blank && a.block.is_empty()) {
        let column = block.iter().filter_map(Line::column).max().unwrap_or(0);
        for line in block {
            if line.blank {
                out.push('\n');
            }
            let start = out.len();
            out.push_str(&" ".repeat(line.indent));
            out.push_str(&line.text);
            if let Some(comment) = &line.comment {
                let fits = column + comment.chars().count() <= WIDTH;
                let gap = if fits { column.saturating_sub(line.width()).max(2) } else { 2 };
                out.push_str(&" ".repeat(gap));
                out.push_str(comment);
            }
            out.truncate(start + out[start..].trim_end_matches(' ').len());
            out.push('\n');
            line.block.iter().for_each(|content| {
                out.push_str(content);
                out.push('\n');
            });
        }
    }
    out
}
