//! Conversion between byte offsets of a text and the positions of the protocol.

use std::ops::Range;

use lsp_types::{Position, PositionEncodingKind};

/// The unit that the `character` of a position counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every client supports.
    #[default]
    Utf16,
}

impl PositionEncoding {
    /// The encoding for a client that supports these.
    pub(super) fn negotiate(known: Option<&[PositionEncodingKind]>) -> PositionEncoding {
        let utf8 = known.unwrap_or_default().contains(&PositionEncodingKind::UTF8);
        if utf8 { PositionEncoding::Utf8 } else { PositionEncoding::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
            PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn length(self, text: &str) -> usize {
        match self {
            PositionEncoding::Utf8 => text.len(),
            PositionEncoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// A text with an index of its lines.
#[derive(Clone, Debug)]
pub(super) struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: PositionEncoding,
}

impl<'t> LineIndex<'t> {
    pub(super) fn new(text: &'t str, encoding: PositionEncoding) -> LineIndex<'t> {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        LineIndex { text, starts, encoding }
    }

    /// The position of a byte offset. An offset after the end gets the last position.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = (0..=offset.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let character = self.encoding.length(&self.text[self.starts[line]..offset]);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position::new(number(line), number(character))
    }

    pub(super) fn range(&self, range: Range<usize>) -> lsp_types::Range {
        lsp_types::Range::new(self.position(range.start), self.position(range.end))
    }

    /// The byte offset of a position. A position after the end of a line gets the end of that line.
    pub(super) fn offset(&self, position: Position) -> usize {
        let Some(start) = usize::try_from(position.line).ok().and_then(|line| self.starts.get(line)).copied() else {
            return self.text.len();
        };
        let line = self.text[start..].split(['\n', '\r']).next().unwrap_or_default();
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut passed = 0;
        for (at, c) in line.char_indices() {
            if passed >= wanted {
                return start + at;
            }
            passed += self.encoding.length(&line[at..at + c.len_utf8()]);
        }
        start + line.len()
    }

    pub(super) fn bytes(&self, range: lsp_types::Range) -> Range<usize> {
        let start = self.offset(range.start);
        start..self.offset(range.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoding: PositionEncoding, offset: usize, line: u32, character: u32) {
        let lines = LineIndex::new("a: é\n😀 b\r\nc", encoding);
        assert_eq!(lines.position(offset), Position::new(line, character), "{offset}");
        assert_eq!(lines.offset(Position::new(line, character)), offset, "{line}:{character}");
    }

    #[test]
    fn positions_go_there_and_back() {
        for encoding in [PositionEncoding::Utf8, PositionEncoding::Utf16] {
            check(encoding, 0, 0, 0);
            check(encoding, 3, 0, 3);
            check(encoding, 6, 1, 0);
            check(encoding, 14, 2, 0);
            check(encoding, 15, 2, 1);
        }
        check(PositionEncoding::Utf8, 5, 0, 5);
        check(PositionEncoding::Utf16, 5, 0, 4);
        check(PositionEncoding::Utf8, 11, 1, 5);
        check(PositionEncoding::Utf16, 11, 1, 3);
    }

    #[test]
    fn what_is_outside_is_brought_inside() {
        let lines = LineIndex::new("ab\r\ncd", PositionEncoding::Utf16);
        assert_eq!(lines.offset(Position::new(0, 99)), 2);
        assert_eq!(lines.offset(Position::new(9, 0)), 6);
        assert_eq!(lines.position(99), Position::new(1, 2));
    }
}
