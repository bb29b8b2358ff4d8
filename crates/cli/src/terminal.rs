//! Standard output and standard error. On a terminal, control characters of data and rule files are shown and not obeyed.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;

/// The codes of the styles that tables and diagnostics have: none, bold, and colours.
const STYLES: [&str; 7] = ["", "0", "1", "22", "39", "38;5;9", "38;5;10"];

/// The longest sequence of a style.
const LONGEST: usize = 12;

/// Standard output.
pub(crate) fn stdout() -> Visible<AutoStream<io::Stdout>> {
    Visible::new(anstream::stdout(), io::stdout().is_terminal())
}

/// Standard error.
pub(crate) fn stderr() -> Visible<AutoStream<io::Stderr>> {
    Visible::new(anstream::stderr(), io::stderr().is_terminal())
}

/// Standard output for data. It changes nothing for a file or another program.
pub(crate) fn data_stdout() -> Visible<io::StdoutLock<'static>> {
    Visible::new(io::stdout().lock(), io::stdout().is_terminal())
}

/// A text whose control characters are shown as escapes, apart from line breaks and tabs.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_obeyed(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown.into()
}

/// Whether a terminal would obey a character instead of showing it.
fn is_obeyed(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

/// A stream that passes text and styles, and shows other control characters if it is a terminal.
pub(crate) struct Visible<W: Write> {
    stream: W,
    is_terminal: bool,
    /// The beginning of a character or of a style.
    rest: Vec<u8>,
}

impl<W: Write> Visible<W> {
    fn new(stream: W, is_terminal: bool) -> Visible<W> {
        Visible { stream, is_terminal, rest: Vec::new() }
    }

    fn show(&mut self, bytes: &[u8], is_last: bool) -> io::Result<()> {
        let mut bytes = [std::mem::take(&mut self.rest).as_slice(), bytes].concat();
        if !is_last {
            let whole = complete(&bytes);
            self.rest = bytes.split_off(whole);
        }
        let text = String::from_utf8_lossy(&bytes);
        let mut shown = String::with_capacity(text.len());
        let mut text = text.as_ref();
        while let Some(at) = text.find(is_obeyed) {
            shown.push_str(&text[..at]);
            let style = style(&text[at..]);
            if style.is_empty() {
                let control = text[at..].chars().next().unwrap_or_default();
                shown.extend(control.escape_default());
                text = &text[at + control.len_utf8()..];
            } else {
                shown.push_str(style);
                text = &text[at + style.len()..];
            }
        }
        shown.push_str(text);
        self.stream.write_all(shown.as_bytes())
    }
}

/// The length without a character or a style that only begins at the end.
fn complete(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(LONGEST);
    if let Some(at) = bytes[tail..].iter().rposition(|byte| *byte == 0x1b)
        && !bytes[tail + at..].contains(&b'm')
    {
        return tail + at;
    }
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    }
}

/// The style that a text begins with; empty if there is none.
fn style(text: &str) -> &str {
    let of = text.strip_prefix("\u{1b}[").and_then(|rest| rest.split_once('m'));
    match of {
        Some((code, _)) if STYLES.contains(&code) || is_colour(code) => &text[..code.len() + 3],
        _ => "",
    }
}

/// Whether a code is one of the sixteen colours of text.
fn is_colour(code: &str) -> bool {
    code.len() == 2 && (code.starts_with('3') || code.starts_with('9')) && code.as_bytes()[1].is_ascii_digit()
}

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_terminal {
            return self.stream.write(bytes);
        }
        self.show(bytes, false)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.rest.is_empty() {
            self.show(&[], true)?;
        }
        self.stream.flush()
    }
}

impl<W: Write> Drop for Visible<W> {
    fn drop(&mut self) {
        // Nothing is left to do if the stream is closed.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&str], is_terminal: bool, expected: &str) {
        let mut written = Vec::new();
        let mut stream = Visible::new(&mut written, is_terminal);
        parts.iter().for_each(|part| stream.write_all(part.as_bytes()).unwrap());
        drop(stream);
        assert_eq!(String::from_utf8(written).unwrap(), expected, "{parts:?}");
    }

    #[test]
    fn control_characters_are_shown_on_a_terminal() {
        check(&["a\tb\n\u{e9}"], true, "a\tb\n\u{e9}");
        check(&["a\u{1b}]0;title\u{7}b\r\u{9b}2J"], true, "a\\u{1b}]0;title\\u{7}b\\r\\u{9b}2J");
        check(&["a\u{1b}[2Jb"], true, "a\\u{1b}[2Jb");
        check(&["\u{1b}[8mhidden"], true, "\\u{1b}[8mhidden");
        check(&["\u{1b}[1m\u{1b}[38;5;10mmet\u{1b}[0m"], true, "\u{1b}[1m\u{1b}[38;5;10mmet\u{1b}[0m");
        check(&["\u{1b}", "[1", "mbold\u{1b}"], true, "\u{1b}[1mbold\\u{1b}");
        check(&["a\u{1b}]0;b\u{7}\r"], false, "a\u{1b}]0;b\u{7}\r");
    }

    #[test]
    fn a_character_may_come_in_parts() {
        let mut written = Vec::new();
        let mut stream = Visible::new(&mut written, true);
        "\u{e9}\u{9b}".as_bytes().chunks(1).for_each(|byte| stream.write_all(byte).unwrap());
        drop(stream);
        assert_eq!(String::from_utf8(written).unwrap(), "\u{e9}\\u{9b}");
    }

    #[test]
    fn a_cell_has_no_style_of_its_own() {
        assert_eq!(visible("a\u{1b}[31mb\tc\n"), "a\\u{1b}[31mb\tc\n");
    }
}
