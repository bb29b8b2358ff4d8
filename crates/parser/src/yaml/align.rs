//! Maps each byte of a scalar's text to its offset in the file.
//!
//! The YAML parser gives the cooked text and the raw span. Both are walked side by side; the cooked
//! text decides, so that nothing here can change what a scalar means, only where it points.

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use super::node::Style;

/// For each byte of `cooked`, and one past its end, its offset in the file.
///
/// `span` is the raw scalar in `file`; `indent` is the column at which a block scalar's lines begin.
pub(super) fn offsets(file: &str, span: Range<usize>, style: Style, cooked: &str, indent: usize) -> Vec<u32> {
    let quote = usize::from(matches!(style, Style::SingleQuoted | Style::DoubleQuoted));
    let start = (span.start + quote).min(span.end);
    let end = span.end.saturating_sub(quote).max(start);
    let raw = file.get(start..end).unwrap_or_default();
    if raw == cooked {
        return (offset(start)..=offset(end)).collect();
    }
    let mut aligner = Aligner { raw, start, at: 0, cooked: cooked.chars().peekable(), offsets: Vec::new() };
    aligner.offsets.reserve(cooked.len() + 1);
    match style {
        Style::Literal | Style::Folded => aligner.block(indent),
        _ => aligner.flow(style),
    }
    // Whatever is left could not be matched; it points at the end.
    while let Some(c) = aligner.cooked.next() {
        aligner.emit(c, raw.len()..raw.len());
    }
    aligner.offsets.push(offset(end));
    aligner.offsets
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

struct Aligner<'a> {
    raw: &'a str,
    /// Where `raw` begins in the file.
    start: usize,
    /// The offset in `raw` of the next unread byte.
    at: usize,
    cooked: Peekable<Chars<'a>>,
    offsets: Vec<u32>,
}

impl Aligner<'_> {
    /// Records that `c` came from the bytes `from` of `raw`.
    fn emit(&mut self, c: char, from: Range<usize>) {
        let (first, last) = (self.start + from.start, (self.start + from.end).saturating_sub(1));
        let bytes = c.len_utf8();
        for i in 0..bytes {
            // The last byte of an escape's character stands for the end of the escape.
            let at = if i > 0 && i + 1 == bytes { last } else { (first + i).min(last.max(first)) };
            self.offsets.push(offset(at.max(first)));
        }
    }

    /// Plain and quoted scalars: lines are folded, quotes and escapes resolved.
    fn flow(&mut self, style: Style) {
        while let Some(&c) = self.cooked.peek() {
            let rest = &self.raw[self.at..];
            let Some(found) = rest.chars().next() else { return };
            if matches!(found, ' ' | '\t' | '\r' | '\n') {
                self.white_space();
            } else if style == Style::DoubleQuoted && found == '\\' {
                self.escape();
            } else {
                let length = if style == Style::SingleQuoted && rest.starts_with("''") { 2 } else { found.len_utf8() };
                self.cooked.next();
                self.emit(c, self.at..self.at + length);
                self.at += length;
            }
        }
    }

    /// A run of white space: kept if it is within a line, folded if it breaks the line.
    fn white_space(&mut self) {
        let (length, breaks) = white_run(&self.raw[self.at..]);
        let Some(first) = breaks.first() else {
            let Some(c) = self.cooked.next() else { return };
            self.emit(c, self.at..self.at + 1);
            self.at += 1;
            return;
        };
        let run = self.at;
        self.at += length;
        if breaks.len() == 1 {
            if self.cooked.next_if_eq(&' ').is_some() {
                self.emit(' ', run + first..run + first + 1);
            }
            return;
        }
        // The first break of several is dropped, the others stay.
        self.line_feeds(run, &breaks[1..]);
    }

    fn line_feeds(&mut self, run: usize, breaks: &[usize]) {
        for at in breaks {
            if self.cooked.next_if_eq(&'\n').is_some() {
                self.emit('\n', run + at..run + at + 1);
            }
        }
    }

    /// `\n`, `\x41`, `\u00e9`, a surrogate pair, or a line break that is escaped away.
    fn escape(&mut self) {
        let rest = &self.raw[self.at..];
        let escaped = rest[1..].chars().next().unwrap_or('\\');
        if matches!(escaped, '\r' | '\n') {
            let (length, breaks) = white_run(&rest[1..]);
            let run = self.at + 1;
            self.at = run + length;
            self.line_feeds(run, &breaks[1..]);
            return;
        }
        let length = match escaped {
            'x' => 4,
            'u' if is_high_surrogate(&rest[2..]) => 12,
            'u' => 6,
            'U' => 10,
            other => 1 + other.len_utf8(),
        };
        let end = (self.at + length).min(self.raw.len());
        if let Some(c) = self.cooked.next() {
            self.emit(c, self.at..end);
        }
        self.at = (self.at..=end).rev().find(|at| self.raw.is_char_boundary(*at)).unwrap_or(end);
    }

    /// Literal and folded scalars: the indentation is dropped, breaks are kept or folded.
    fn block(&mut self, indent: usize) {
        // Breaks read since the last line that had content.
        let mut pending: Vec<usize> = Vec::new();
        let mut first = true;
        while self.at < self.raw.len() {
            let line = &self.raw[self.at..];
            // The span begins after the indentation of the first line.
            let spaces = line.bytes().take_while(|b| *b == b' ').count().min(if first { 0 } else { indent });
            first = false;
            let length = line.find(['\r', '\n']).unwrap_or(line.len());
            if length > spaces {
                self.separator(&pending, &line[spaces..length]);
                pending.clear();
                for (i, _) in line[spaces..length].char_indices() {
                    let Some(c) = self.cooked.next() else { return };
                    let from = self.at + spaces + i;
                    self.emit(c, from..from + c.len_utf8());
                }
            }
            pending.push(self.at + length);
            self.at += length + break_length(&line[length..]);
        }
        self.line_feeds(0, &pending);
    }

    /// What stands between two lines of a block scalar: a space if folded, else line feeds.
    fn separator(&mut self, pending: &[usize], next: &str) {
        if !next.starts_with(' ') && self.cooked.next_if_eq(&' ').is_some() {
            let at = pending.first().copied().unwrap_or(self.at);
            self.emit(' ', at..at + 1);
            return;
        }
        let feeds = self.cooked.clone().take_while(|c| *c == '\n').count();
        for i in 0..feeds {
            // Of several breaks the first may have been folded away.
            let at = (pending.len() + i).checked_sub(feeds).and_then(|k| pending.get(k)).copied().unwrap_or(0);
            self.cooked.next();
            self.emit('\n', at..at + 1);
        }
    }
}

/// The length of the white space at the start of `text` and where in it each line break is.
fn white_run(text: &str) -> (usize, Vec<usize>) {
    let mut breaks = Vec::new();
    let mut at = 0;
    loop {
        match text.as_bytes().get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\r' | b'\n') => {
                breaks.push(at);
                at += break_length(&text[at..]);
            }
            _ => return (at, breaks),
        }
    }
}

fn break_length(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with(['\r', '\n'])) }
}

/// Whether four digits of an escape are the first half of a surrogate pair.
fn is_high_surrogate(digits: &str) -> bool {
    digits.get(..4).and_then(|d| u32::from_str_radix(d, 16).ok()).is_some_and(|code| (0xD800..0xDC00).contains(&code))
}
