//! Converts a line and column of a script to a span in its file.

use accolade_core::script::ScriptText;
use accolade_parser::{SourceId, Span};
use rhai::Position;

/// A script's text and its position in the file, for the spans of diagnostics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceMap<'a>(pub(crate) ScriptText<'a>);

impl SourceMap<'_> {
    /// The byte of the text at `position`.
    pub(crate) fn index(self, position: Position) -> Option<usize> {
        offset(self.0.text, position)
    }

    /// The name or character at `position`; the whole script where there is no position.
    pub(crate) fn span(self, position: Position) -> Span {
        let script = self.0;
        let start = offset(script.text, position).unwrap_or(0);
        let end = match position.line() {
            Some(_) => start + word(script.text.get(start..).unwrap_or("")),
            None => script.text.len(),
        };
        let at = |i: usize| script.offsets.get(i).or(script.offsets.last()).copied().unwrap_or(0);
        Span { source: script.source, start: at(start), end: at(end) }
    }
}

/// The span of each line of a script in its file, for errors at run time.
#[derive(Debug)]
pub(crate) struct LineSpans {
    source: SourceId,
    /// Per line, the offset of its first character that is not white space, and of its end.
    lines: Vec<(u32, u32)>,
}

impl LineSpans {
    pub(crate) fn of(script: ScriptText) -> LineSpans {
        let at = |i: usize| script.offsets.get(i).or(script.offsets.last()).copied().unwrap_or(0);
        let mut start = 0;
        let mut lines = Vec::new();
        for line in script.text.split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            let first = start + indent;
            let end = (start + line.trim_end().len()).max(first);
            lines.push((at(first), at(end)));
            start += line.len();
        }
        LineSpans { source: script.source, lines }
    }

    /// The span of the line that holds `position`.
    pub(crate) fn span(&self, position: Position) -> Option<Span> {
        self.line(position.line()?)
    }

    /// The span of line `number`, counted from 1.
    pub(crate) fn line(&self, number: usize) -> Option<Span> {
        let (start, end) = *self.lines.get(number.checked_sub(1)?)?;
        Some(Span { source: self.source, start, end })
    }
}

/// The length of the name at the start of `text`, or of its first character.
fn word(text: &str) -> usize {
    let name: usize = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
    if name > 0 { name } else { text.chars().next().map_or(0, char::len_utf8) }
}

fn offset(text: &str, position: Position) -> Option<usize> {
    let line = position.line()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let rest = text.get(start..)?;
    Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(i, _)| i))
}
