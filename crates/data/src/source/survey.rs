//! Guesses of how a file is written whose source has not been declared: its encoding, delimiter and header row.

use std::io;
use std::io::Read;
use std::path::Path;

use accolade_parser::syntax::file::{FormatOptions, TextEncoding};
use accolade_parser::{Span, Spanned};

use super::csv::CsvSyntax;
use super::text_form::TextForm;
use super::{encoding, stream};

/// The lines that are looked at.
pub(super) const LINES: usize = 60;

/// The bytes that are looked at for lines.
const SAMPLE: u64 = 1 << 18;

/// How a text file seems to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct TextSurvey {
    /// Its encoding, if that must be named.
    pub(super) encoding: Option<TextEncoding>,
    /// Its delimiter, if it is not a comma and its first line does not name it.
    pub(super) delimiter: Option<char>,
    /// The delimiter that its first line names.
    pub(super) named_delimiter: Option<char>,
    /// The row that names the columns, if it is not the first.
    pub(super) header_row: Option<u64>,
}

impl TextSurvey {
    /// Looks at a file.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub(super) fn of(path: &Path) -> io::Result<TextSurvey> {
        let encoding = if is_utf8(path)? { None } else { Some(encoding::guess(path)?) };
        let mut found = TextSurvey { encoding, ..TextSurvey::default() };
        let text = TextForm::of(path, &found.format())?;
        let mut sample = Vec::new();
        text.open(path)?.take(SAMPLE).read_to_end(&mut sample)?;
        let named = text.delimiter.map(char::from);
        found.named_delimiter = named;
        let (delimiter, header, _) = [',', ';', '\t', '|']
            .into_iter()
            .filter(|delimiter| named.is_none_or(|named| named == *delimiter))
            .map(|delimiter| {
                let records = records(&sample, delimiter);
                let (columns, alike) = usual(records.iter().map(|record| record.fields));
                // A delimiter that divides no line says nothing.
                (delimiter, header_line(&records, columns, alike), (if columns > 1 { alike } else { 0 }, columns))
            })
            .max_by_key(|(delimiter, _, score)| (*score, *delimiter == ','))
            .unwrap_or((',', 0, (0, 0)));
        found.delimiter = (named.is_none() && delimiter != ',').then_some(delimiter);
        found.header_row = (header > 0).then_some(text.lines + header + 1);
        Ok(found)
    }

    /// The keys of a source that declare these guesses.
    pub(super) fn format(&self) -> FormatOptions {
        let here = Span::default();
        FormatOptions {
            encoding: self.encoding.map(|encoding| Spanned::new(encoding, here)),
            delimiter: self.delimiter.map(|delimiter| Spanned::new(delimiter, here)),
            header_row: self.header_row.map(|row| Spanned::new(row, here)),
            ..FormatOptions::default()
        }
    }
}

/// Whether a file is UTF-8, perhaps with a mistake in it, or begins with the mark of its encoding.
fn is_utf8(path: &Path) -> io::Result<bool> {
    let mut bytes = stream::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    let (mut kept, mut good, mut bad) = (0, 0u64, 0u64);
    let mut first = true;
    loop {
        let length = bytes.read(&mut buffer[kept..])?;
        if first && (buffer.starts_with(b"\xff\xfe") || buffer.starts_with(b"\xfe\xff")) {
            return Ok(true);
        }
        first = false;
        let end = kept + length;
        let mut at = 0;
        kept = 0;
        while at < end {
            let (valid, broken) = match std::str::from_utf8(&buffer[at..end]) {
                Ok(text) => (text.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            // The first bytes of characters that have several.
            good += buffer[at..at + valid].iter().filter(|byte| **byte >= 0xc0).count() as u64;
            at += valid;
            match broken {
                None => {}
                // A character may go on in the next piece.
                Some(None) if length > 0 => {
                    buffer.copy_within(at..end, 0);
                    kept = end - at;
                    break;
                }
                Some(length) => {
                    bad += 1;
                    at += length.unwrap_or(end - at);
                }
            }
        }
        if length == 0 {
            return Ok(bad == 0 || good > bad);
        }
    }
}

/// A record of a file whose header is not known yet.
struct SurveyedRecord {
    /// The line on which it begins, counted from 0.
    line: u64,
    fields: usize,
    /// The fields that are not blank.
    filled: usize,
}

/// The first records.
fn records(sample: &[u8], delimiter: char) -> Vec<SurveyedRecord> {
    let syntax = CsvSyntax {
        delimiter: u8::try_from(delimiter).unwrap_or(b','),
        quote: b'"',
        breaks_in_quotes: false,
        text: TextForm::default(),
    };
    let mut reader = syntax.builder().from_reader(sample);
    let (mut found, mut record) = (Vec::new(), csv::ByteRecord::new());
    while found.len() < LINES && reader.read_byte_record(&mut record).unwrap_or(false) {
        let begin = record.position().map_or(0, csv::Position::byte);
        let at = usize::try_from(begin).unwrap_or(0).min(sample.len());
        // The position may be before blank lines.
        let blank = sample[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line = memchr::memchr_iter(b'\n', &sample[..at + blank]).count() as u64;
        let filled = record.iter().filter(|field| !field.trim_ascii().is_empty()).count();
        found.push(SurveyedRecord { line, fields: record.len(), filled });
    }
    found
}

/// The line of the first record that has all columns and names most of them; a title names one. One row alone says
/// nothing about the others.
fn header_line(records: &[SurveyedRecord], columns: usize, alike: usize) -> u64 {
    if alike < 2 {
        return 0;
    }
    let header = records.iter().position(|record| record.fields >= columns && 2 * record.filled >= columns);
    match header {
        // What stands above is a title only if it is not a row of its own.
        Some(at) if records[..at].iter().all(|record| 3 * record.filled <= columns || record.filled < 2) => {
            records[at].line
        }
        _ => 0,
    }
}

/// The number of columns of most rows, of equally usual ones the greater, and how many rows have it.
pub(super) fn usual(rows: impl Iterator<Item = usize>) -> (usize, usize) {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for columns in rows {
        match counts.iter_mut().find(|(of, _)| *of == columns) {
            Some((_, count)) => *count += 1,
            None => counts.push((columns, 1)),
        }
    }
    counts.into_iter().max_by_key(|(columns, count)| (*count, *columns)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], encoding: Option<TextEncoding>, delimiter: Option<char>, header_row: Option<u64>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let found = TextSurvey::of(file.path()).unwrap();
        let text = String::from_utf8_lossy(bytes);
        assert_eq!((found.encoding, found.delimiter, found.header_row), (encoding, delimiter, header_row), "{text}");
    }

    #[test]
    fn the_rows_below_a_title_say_where_the_header_is() {
        check(b"a,b\n1,2\n3,4\n", None, None, None);
        check(
            b"Sales by customer\nPeriod: 2025\n\nid,day,amount\nA,2025-01-01,5\nB,2025-01-02,7\nTotal,,12\n",
            None,
            None,
            Some(4),
        );
        check(b"one\nA\nB\n", None, None, None);
        check(b"a,b\n1,2,3\n", None, None, None);
        check(b"a,b,c\n1,2,3,\n4,5,6,\n", None, None, None);
        check(b",customer\n0,K1\n1,K2\n2,K1\n", None, None, None);
        check(b"", None, None, None);
    }

    #[test]
    fn the_delimiter_divides_most_lines_alike() {
        check(b"a;b;c\n1,5;2,5;3\n2,5;1;4\n", None, Some(';'), None);
        check(b"a\tb\n1,2\t3\n", None, Some('\t'), None);
        check(b"sep=;\na;b\n1;2\n", None, None, None);
        check(b"Name, first;day\nA;1\nB;2\n", None, Some(';'), None);
    }

    #[test]
    fn what_is_not_utf8_is_most_likely_of_windows() {
        check(b"id,a\nAndr\xe9,5\n", Some(TextEncoding::Windows1252), None, None);
        check("id,a\nAndré,5\n".as_bytes(), None, None, None);
        check(b"\xff\xfei\0d\0,\0a\0\n\0A\0,\x005\0\n\0", None, None, None);
        // One bad byte among good ones is a mistake in a UTF-8 file.
        check(b"id\nRen\xc3\xa9\nRen\xc3\xa9\nZo\xeb\n", None, None, None);
        let mut long = vec![b'x'; (1 << 16) - 1];
        long.extend("é,1\n".as_bytes());
        check(&long, None, None, None);
    }
}
