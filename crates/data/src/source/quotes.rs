//! A scan for the quoted fields of a CSV file, which finds their limits exactly as the CSV reader does.
//!
//! A file can be split at line breaks only if no quoted field holds one, and a quote that is never closed makes one
//! field of the rest of the file. Counting quotes is not enough: in a field that does not begin with a quote, quotes
//! are ordinary characters.

use std::fs::File;
use std::io;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use accolade_core::location::format::Compression;

use super::stream;
use super::text_form::TextForm;

/// The result of the scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quotes {
    /// Whether a line break stands inside quotes.
    pub(super) breaks_in_quotes: bool,
    /// The offset of the quote that is never closed.
    pub(super) unclosed: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuoteState {
    Outside,
    Inside,
    /// After a quote that closes the field, unless another follows at once.
    Closing,
}

struct QuoteScanner {
    delimiter: u8,
    quote: u8,
    state: QuoteState,
    /// The last byte of the chunk before.
    previous: u8,
    /// The offset of the quote that began the current field.
    opened: u64,
    breaks: bool,
}

/// Scans the whole file from its header on. Offsets are counted from there.
///
/// # Errors
/// Fails when the file cannot be read.
pub(super) fn scan_quotes(path: &Path, text: &TextForm, delimiter: u8, quote: u8) -> io::Result<Quotes> {
    if Compression::of(path).is_none() && text.is_plain() && !anywhere(path, quote)? {
        return Ok(Quotes::default());
    }
    let mut file = text.open(path)?;
    let mut scanner =
        QuoteScanner { delimiter, quote, state: QuoteState::Outside, previous: b'\n', opened: 0, breaks: false };
    let mut buffer = vec![0; 1 << 20];
    let mut offset = 0u64;
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = &buffer[..length];
        // A byte order mark is not part of the first field.
        let skipped = if offset == 0 && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        scanner.feed(&bytes[skipped..], offset + skipped as u64);
        offset += length as u64;
    }
    Ok(Quotes {
        breaks_in_quotes: scanner.breaks,
        unclosed: (scanner.state == QuoteState::Inside).then_some(scanner.opened),
    })
}

/// Whether a file contains a byte, searched on several threads. Most files have no quotes and need no slower scan.
fn anywhere(path: &Path, byte: u8) -> io::Result<bool> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let has = |range: Range<u64>| {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut rest = file.take(range.end - range.start);
        let mut buffer = vec![0; 1 << 18];
        loop {
            match rest.read(&mut buffer)? {
                0 => return Ok(false),
                length if memchr::memchr(byte, &buffer[..length]).is_some() => return Ok(true),
                _ => {}
            }
        }
    };
    std::thread::scope(|scope| {
        let looking: Vec<_> =
            stream::ranges(path, threads)?.into_iter().map(|range| scope.spawn(move || has(range))).collect();
        let found = looking.into_iter().map(|l| l.join().unwrap_or_else(|_| Err(io::Error::other("a reader stopped"))));
        found.collect::<io::Result<Vec<bool>>>().map(|found| found.contains(&true))
    })
}

/// The line of the byte at `offset`, counted from the header.
///
/// # Errors
/// Fails when the file cannot be read.
pub(super) fn line_at(path: &Path, text: &TextForm, offset: u64) -> io::Result<u64> {
    let mut file = text.open(path)?.take(offset);
    let mut buffer = vec![0; 1 << 16];
    let mut line = 1;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(line),
            length => line += memchr::memchr_iter(b'\n', &buffer[..length]).count() as u64,
        }
    }
}

impl QuoteScanner {
    fn feed(&mut self, bytes: &[u8], offset: u64) {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match self.state {
                QuoteState::Outside => {
                    let Some(found) = memchr::memchr(self.quote, rest) else { break };
                    let here = at + found;
                    let before = if here == 0 { self.previous } else { bytes[here - 1] };
                    if before == self.delimiter || before == b'\n' || before == b'\r' {
                        self.state = QuoteState::Inside;
                        self.opened = offset + here as u64;
                    }
                    at = here + 1;
                }
                QuoteState::Inside => {
                    let found = if self.breaks {
                        memchr::memchr(self.quote, rest)
                    } else {
                        memchr::memchr2(self.quote, b'\n', rest)
                    };
                    let Some(found) = found else { break };
                    if rest[found] == self.quote {
                        self.state = QuoteState::Closing;
                    } else {
                        self.breaks = true;
                    }
                    at += found + 1;
                }
                QuoteState::Closing => {
                    if rest[0] == self.quote {
                        self.state = QuoteState::Inside;
                        at += 1;
                    } else {
                        self.state = QuoteState::Outside;
                    }
                }
            }
        }
        if let Some(last) = bytes.last() {
            self.previous = *last;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scan(text: &[u8], chunk: usize) -> Quotes {
        let mut scanner = QuoteScanner {
            delimiter: b',',
            quote: b'"',
            state: QuoteState::Outside,
            previous: b'\n',
            opened: 0,
            breaks: false,
        };
        for (i, bytes) in text.chunks(chunk).enumerate() {
            scanner.feed(bytes, (i * chunk) as u64);
        }
        Quotes {
            breaks_in_quotes: scanner.breaks,
            unclosed: (scanner.state == QuoteState::Inside).then_some(scanner.opened),
        }
    }

    #[test]
    fn quotes_open_only_at_the_start_of_a_field() {
        for (text, breaks_in_quotes, unclosed) in [
            ("a,\"b\"\nc,d\n", false, None),
            ("a,\"b\nc\",d\n", true, None),
            ("a 5\" pipe\nb 6\" pipe\n", false, None),
            ("5\",\"x\ny\",5\"\n", true, None),
            ("5\",\"x y\",5\"\n", false, None),
            ("\"a\"\"\nb\"\n", true, None),
            ("\"a\"\"\"\n\"b\"\n", false, None),
            ("\"a\"b\"\n\"c\"\n", false, None),
            ("a\nb,\"c\n", true, Some(4)),
            ("\"\"", false, None),
            ("\"", false, Some(0)),
            ("a\r\n\"b\"\r\n", false, None),
        ] {
            for chunk in [1, 2, 3, 100] {
                assert_eq!(scan(text.as_bytes(), chunk), Quotes { breaks_in_quotes, unclosed }, "{text:?} in {chunk}");
            }
        }
    }

    /// Whether a field of the CSV reader holds a line break, which only quotes make possible.
    fn reader_sees_a_break(text: &[u8]) -> bool {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let mut records = reader.byte_records();
        records.any(|record| record.unwrap().iter().any(|field| field.contains(&b'\n')))
    }

    proptest! {
        #[test]
        fn the_reader_agrees(text in "[a,\"\n]{0,24}", chunk in 1usize..5) {
            prop_assert_eq!(scan(text.as_bytes(), chunk).breaks_in_quotes, reader_sees_a_break(text.as_bytes()), "{:?}", text);
        }
    }
}
