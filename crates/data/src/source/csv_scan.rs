//! The fast path of CSV: lines are split in place, and only the declared fields are parsed.
//!
//! It needs a file without line breaks in quotes, whose delimiter and quote are ASCII. A line with a quote or a stray
//! carriage return goes to the reader of the slow path, so that both agree on it.

use std::fs::File;
use std::io;
use std::io::{BufRead, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};

use super::convert::Converter;
use super::csv::CsvSyntax;
use super::opened::OpenedSource;
use super::row_selection::{self, ConvertedRows, RawRows};

/// Bytes read at once.
const CHUNK: usize = 1 << 18;

/// The exclusive limit of a line's bytes, which keeps offsets in the buffer free of the bit `UNQUOTED`.
const LONGEST: usize = 1 << 30;

/// Reads the records whose lines begin in a range of the file.
pub(super) struct CsvScan {
    opened: Arc<OpenedSource>,
    layout: CsvSyntax,
    file: File,
    buffer: Vec<u8>,
    /// The number of bytes of the buffer that have been split.
    taken: usize,
    /// The offset in the file of the first byte that has not been split.
    offset: u64,
    end: u64,
    /// The most records of a batch.
    most: usize,
    /// Whether the next record is the header.
    header: bool,
    done: bool,
}

/// The fields of records by declared column: ranges of the lines or, with the bit `UNQUOTED`, of `unquoted`.
#[derive(Default)]
struct FieldRanges {
    columns: Vec<Vec<(u32, u32)>>,
    unquoted: String,
    rows: usize,
}

impl CsvScan {
    pub(super) fn open(
        opened: Arc<OpenedSource>,
        layout: CsvSyntax,
        range: Range<u64>,
        most: usize,
    ) -> io::Result<Self> {
        let mut file = File::open(&opened.path)?;
        let mut offset = range.start;
        file.seek(SeekFrom::Start(offset))?;
        let header = range.start == layout.text.first_row() && range.start == layout.text.preamble;
        if let Some(before) = range.start.checked_sub(1).filter(|_| !header) {
            // A line that began in the part before belongs to that part.
            file.seek(SeekFrom::Start(before))?;
            offset = before + io::BufReader::new(&file).skip_until(b'\n')? as u64;
            file.seek(SeekFrom::Start(offset))?;
        }
        let done = offset >= range.end;
        let (buffer, end) = (Vec::with_capacity(2 * CHUNK), range.end);
        Ok(CsvScan { opened, layout, file, buffer, taken: 0, offset, end, most, header, done })
    }

    /// Reads until the buffer has the end of a line; returns false if the file ends without one.
    fn fill(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        loop {
            if self.buffer.len() >= LONGEST {
                return Err(io::Error::other("a line is too long"));
            }
            let before = self.buffer.len();
            let read = (&mut self.file).take(CHUNK as u64).read_to_end(&mut self.buffer)?;
            if self.offset == 0 && before == 0 && self.buffer.starts_with(b"\xef\xbb\xbf") {
                // A byte order mark is not part of the first line.
                self.buffer[..3].fill(b'\n');
            }
            if read == 0 || memchr::memchr(b'\n', &self.buffer[before..]).is_some() {
                return Ok(read > 0);
            }
        }
    }

    /// Splits the records at the beginning of the buffer and returns their length in bytes. With `whole`, the last line
    /// need not end in a line break.
    fn take(&mut self, whole: bool) -> Result<(FieldRanges, usize), String> {
        let width = self.opened.header.len();
        let (delimiter, quote) = (self.layout.delimiter, self.layout.quote);
        let rest = &self.buffer[self.taken..];
        let lines = if whole { rest } else { &rest[..memchr::memrchr(b'\n', rest).map_or(0, |last| last + 1)] };
        let left = usize::try_from(self.end.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let returns = memchr::memchr(b'\r', lines).is_some();
        let mut fields =
            FieldRanges { columns: vec![Vec::new(); self.opened.positions.len()], ..FieldRanges::default() };
        let mut line: Vec<(u32, u32)> = Vec::with_capacity(width);
        let (mut begin, mut field, mut odd) = (0, 0, false);
        let unfinished = whole.then_some(lines.len()).filter(|end| *end > 0 && lines[end - 1] != b'\n');
        for at in memchr::memchr3_iter(delimiter, b'\n', quote, lines).chain(unfinished) {
            match lines.get(at) {
                Some(b'\n') | None => {}
                Some(byte) if *byte == delimiter => {
                    line.push((field as u32, at as u32));
                    field = at + 1;
                    continue;
                }
                Some(_) => {
                    odd = true;
                    continue;
                }
            }
            let mut close = at;
            if returns && close > begin && lines[close - 1] == b'\r' {
                close -= 1;
            }
            let is_blank = close == begin;
            odd |= returns && memchr::memchr(b'\r', &lines[begin..close]).is_some();
            if is_blank {
            } else if odd {
                fields.unquote(&lines[begin..close], self.layout, &self.opened, self.header)?;
                self.header = false;
            } else if self.header {
                self.header = false;
            } else {
                line.push((field as u32, close as u32));
                if line.len() != width {
                    return Err(format!("a record has {} fields, the header has {width}", line.len()));
                }
                for (column, position) in fields.columns.iter_mut().zip(&self.opened.positions) {
                    column.push(line[*position]);
                }
                fields.rows += 1;
            }
            line.clear();
            (begin, field, odd) = (at + 1, at + 1, false);
            if fields.rows >= self.most || begin >= left {
                break;
            }
        }
        Ok((fields, begin.min(lines.len())))
    }

    fn batch(&mut self) -> Result<Option<ConvertedRows>, String> {
        while !self.done {
            let more = memchr::memchr(b'\n', &self.buffer[self.taken..]).is_some()
                || self.fill().map_err(|e| e.to_string())?;
            let (fields, length) = self.take(!more)?;
            let lines = &self.buffer[self.taken..self.taken + length];
            let text = std::str::from_utf8(lines).map_err(|_| "a record is not UTF-8".to_owned())?;
            let converted = row_selection::converted(&self.opened, &RowsOfText { fields: &fields, text })?;
            self.taken += length;
            self.offset += length as u64;
            self.done = self.offset >= self.end || !more;
            if fields.rows > 0 {
                return Ok(Some(converted));
            }
        }
        Ok(None)
    }
}

impl Iterator for CsvScan {
    type Item = Result<ConvertedRows, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batch();
        self.done |= batch.is_err();
        batch.transpose()
    }
}

/// The bit of a start offset that marks a range of `FieldRanges::unquoted`.
const UNQUOTED: u32 = 1 << 31;

impl FieldRanges {
    /// Adds the records of a line that needs the reader of the slow path. With `header`, the first record is skipped.
    fn unquote(&mut self, line: &[u8], layout: CsvSyntax, opened: &OpenedSource, header: bool) -> Result<(), String> {
        let mut reader = layout.builder().has_headers(header).from_reader(line);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|e| e.to_string())? {
            if record.len() != opened.header.len() {
                return Err(format!("a record has {} fields, the header has {}", record.len(), opened.header.len()));
            }
            for (column, position) in self.columns.iter_mut().zip(&opened.positions) {
                let begin = self.unquoted.len() as u32;
                self.unquoted.push_str(&record[*position]);
                column.push((begin | UNQUOTED, self.unquoted.len() as u32));
            }
            self.rows += 1;
        }
        Ok(())
    }
}

/// The fields of records, with the text that they are ranges of.
struct RowsOfText<'a> {
    fields: &'a FieldRanges,
    text: &'a str,
}

impl RawRows for RowsOfText<'_> {
    fn rows(&self) -> usize {
        self.fields.rows
    }

    fn convert(&self, column: usize, converter: &Converter, chosen: Option<&UInt32Array>) -> (ArrayRef, bool) {
        let (unquoted, ranges) = (self.fields.unquoted.as_str(), &self.fields.columns[column]);
        let field = |row: usize| {
            let (begin, end) = ranges[row];
            let (text, begin) = if begin & UNQUOTED == 0 { (self.text, begin) } else { (unquoted, begin ^ UNQUOTED) };
            text.get(begin as usize..end as usize).unwrap_or_default()
        };
        match chosen {
            Some(chosen) => converter.convert_texts(chosen.len(), |row| field(chosen.value(row) as usize)),
            None => converter.convert_texts(self.fields.rows, field),
        }
    }
}
