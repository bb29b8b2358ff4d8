//! CSV: the header, the parts of the parallel scan, and the slow path with its line numbers.

use std::io;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use accolade_core::location::format::Compression;
use accolade_parser::syntax::file::{FormatOptions, TextEncoding};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use csv::{ByteRecord, Position, ReaderBuilder};
use datafusion::common::config::CsvOptions;
use datafusion::datasource::physical_plan::CsvSource;

use super::opened::OpenedSource;
use super::quotes::Quotes;
use super::rows::{MalformedRecord, RowBatch};
use super::rows_builder::RowBatchBuilder;
use super::scan::ScanPart;
use super::stream::Bytes;
use super::text_form::TextForm;
use super::{encoding, quotes, scan, stream};

/// The syntax of a CSV file.
#[derive(Clone, Copy, Debug)]
pub struct CsvSyntax {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    /// Whether a quoted field holds a line break, so that the file cannot be split at line breaks.
    pub(super) breaks_in_quotes: bool,
    pub(super) text: TextForm,
}

impl CsvSyntax {
    pub(super) fn builder(self) -> ReaderBuilder {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.delimiter).quote(self.quote).has_headers(false).flexible(true);
        builder
    }
}

/// The help for a text that is not UTF-8.
fn not_utf8(path: &Path) -> String {
    let likely = encoding::guess(path).unwrap_or(TextEncoding::Windows1252);
    format!("save the file as UTF-8, or name its encoding, most likely `encoding: {}`", likely.name())
}

/// The character that a decoder puts where bytes are none.
const UNDECODED: &[u8] = "\u{fffd}".as_bytes();

/// Records per batch of the slow path.
const RECORDS: usize = 4096;

/// Reads the header and scans for line breaks in quotes, unless `breaks` states whether there are any. `name` is that
/// of the file in diagnostics.
pub(super) fn read_header(
    path: &Path,
    name: &str,
    format: &FormatOptions,
    breaks: Option<bool>,
) -> Result<(Vec<String>, CsvSyntax), Diagnostics> {
    let found = |code: Code, line: Option<u64>, message: String| {
        let place = DataPlace { file: name.to_owned(), row: line, column: None };
        Diagnostic::new(code, message).in_data(place)
    };
    let wrong = |code: Code, line: u64, message: &str, help: &str| {
        Diagnostics::from(found(code, Some(line), message.to_owned()).help(help))
    };
    let broken = |error: &dyn std::fmt::Display| {
        Diagnostics::from(found(Code::E0701, None, format!("the file cannot be read: {error}")))
    };
    let byte = |c: Option<char>, default: u8| c.map_or(default, |c| u8::try_from(c).unwrap_or(default));
    let mut text = TextForm::of(path, format).map_err(|e| broken(&e))?;
    let delimiter = byte(format.delimiter.as_ref().map(|d| d.value), text.delimiter.unwrap_or(b','));
    let quote = byte(format.quote.as_ref().map(|q| q.value), b'"');
    let read = |text: TextForm| -> Result<(ByteRecord, Option<u64>), io::Error> {
        let layout = CsvSyntax { delimiter, quote, breaks_in_quotes: false, text };
        let (mut reader, mut record) = (layout.builder().from_reader(text.open(path)?), ByteRecord::new());
        let is_there = reader.read_byte_record(&mut record)?;
        Ok((record, is_there.then(|| reader.position().byte())))
    };
    if let Some(rows) = format.skip.as_ref().map(|skip| skip.value).filter(|rows| *rows > 0)
        && let (_, Some(end)) = read(text).map_err(|e| broken(&e))?
    {
        text.leave_out(path, end, rows).map_err(|e| broken(&e))?;
    }
    let quotes = match breaks {
        Some(breaks) => Quotes { breaks_in_quotes: breaks, unclosed: None },
        None => quotes::scan_quotes(path, &text, delimiter, quote).map_err(|e| broken(&e))?,
    };
    if let Some(offset) = quotes.unclosed {
        // The rest of the file is one field, so there are no more rows to read.
        let line = text.line(quotes::line_at(path, &text, offset).map_err(|e| broken(&e))?);
        let message = format!("a field begins with `{}` and is never closed", char::from(quote));
        return Err(wrong(Code::E0708, line, &message, "close the field, or name another character with `quote:`"));
    }
    let (record, end) = read(text).map_err(|e| broken(&e))?;
    if end.is_none() {
        let (message, help) = match text.lines {
            0 => ("the file is empty", "the first line names the columns"),
            _ => ("there is no such line", "`header_row` is the line that names the columns"),
        };
        return Err(wrong(Code::E0715, text.lines + 1, message, help));
    }
    let mut header: Vec<String> = Vec::new();
    for field in &record {
        let Ok(name) = std::str::from_utf8(field) else {
            return Err(wrong(Code::E0715, text.lines + 1, "the header is not UTF-8", &not_utf8(path)));
        };
        header.push(name.trim().to_owned());
    }
    let layout = CsvSyntax { delimiter, quote, breaks_in_quotes: quotes.breaks_in_quotes, text };
    Ok((header, layout))
}

/// A schema of text columns, which are known by position and not by name.
pub(super) fn schema(fields: usize) -> SchemaRef {
    let text = |i: usize| Field::new(format!("c{i}"), DataType::Utf8View, true);
    Arc::new(Schema::new((0..fields).map(text).collect::<Vec<_>>()))
}

pub(super) fn parts(
    opened: &Arc<OpenedSource>,
    layout: CsvSyntax,
    threads: usize,
    batch_size: usize,
) -> Result<Vec<ScanPart>, String> {
    let only_whole_lines = layout.breaks_in_quotes || !layout.delimiter.is_ascii() || !layout.quote.is_ascii();
    if Compression::of(&opened.path).is_some()
        || !layout.text.is_plain()
        || only_whole_lines && layout.text.leaves_lines_out()
    {
        return Ok(vec![ScanPart::SlowPath(Arc::clone(opened))]);
    }
    if !only_whole_lines {
        let mut ranges = stream::ranges(&opened.path, threads).map_err(|e| e.to_string())?;
        // The header lies in the first part that is read.
        let begin = layout.text.first_row();
        ranges.retain(|range| range.end > begin);
        match ranges.first_mut() {
            Some(first) => first.start = begin,
            None => ranges.push(begin..begin),
        }
        return Ok(ranges
            .into_iter()
            .map(|range| ScanPart::Csv(Arc::clone(opened), layout, range, batch_size))
            .collect());
    }
    let options = CsvOptions {
        has_header: Some(true),
        delimiter: layout.delimiter,
        quote: layout.quote,
        newlines_in_values: Some(layout.breaks_in_quotes),
        ..CsvOptions::default()
    };
    let source = CsvSource::new(schema(opened.header.len())).with_csv_options(options);
    scan::file(&opened.path, Arc::new(source), &opened.positions, threads, batch_size)
}

/// The slow path: records in order, with their lines.
pub(super) struct CsvRecords {
    opened: Arc<OpenedSource>,
    reader: csv::Reader<Bytes>,
    lines: LineNumbers,
    /// The help for records that are not UTF-8, which takes a look at the whole file.
    not_utf8: OnceLock<String>,
    done: bool,
}

impl CsvRecords {
    pub(super) fn open(opened: Arc<OpenedSource>, layout: CsvSyntax) -> io::Result<Self> {
        let text = layout.text;
        let mut reader = layout.builder().from_reader(text.open(&opened.path)?);
        let mut header = ByteRecord::new();
        let empty = !reader.read_byte_record(&mut header)?;
        let lines = LineNumbers { reader: BufReader::new(text.open(&opened.path)?), at: 0, text };
        Ok(CsvRecords { opened, reader, lines, not_utf8: OnceLock::new(), done: empty })
    }

    /// The malformed record, if a record has too many or too few fields or is not UTF-8.
    fn malformed(&self, record: &ByteRecord, number: u64) -> Option<MalformedRecord> {
        let columns = self.opened.header.len();
        let (message, help) = if record.len() != columns {
            let message = format!("the record has {} fields, the header has {columns}", record.len());
            (message, "quote a field that holds the delimiter or a line break")
        } else if record.iter().any(|field| std::str::from_utf8(field).is_err()) {
            ("the record is not UTF-8".to_owned(), self.not_utf8.get_or_init(|| not_utf8(&self.opened.path)).as_str())
        } else if let Some(encoding) = self.lines.text.encoding_name()
            && record.iter().any(|field| memchr::memmem::find(field, UNDECODED).is_some())
        {
            let message = format!("the record is not {encoding}");
            (message, "correct the file where it is damaged, or name another `encoding`")
        } else {
            return None;
        };
        let fields = record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
        Some(MalformedRecord { number, message, help: Some(help.to_owned()), fields })
    }
}

impl Iterator for CsvRecords {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        if self.done {
            return None;
        }
        let mut rows = RowBatchBuilder::new(self.opened.header.len());
        let mut record = ByteRecord::new();
        for _ in 0..RECORDS {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {
                    let number = record.position().map_or(0, |position| self.lines.of(position));
                    match self.malformed(&record, number) {
                        Some(malformed) => rows.reject(malformed),
                        None => rows.push(number, record.iter().map(|field| std::str::from_utf8(field).ok())),
                    }
                }
                Ok(false) => {
                    self.done = true;
                    break;
                }
                Err(error) if error.is_io_error() => {
                    self.done = true;
                    return Some(RowBatch::failed(error.to_string()));
                }
                Err(error) => {
                    self.done = true;
                    let number = error.position().map_or(0, |position| self.lines.text.line(position.line()));
                    rows.reject(MalformedRecord { number, message: error.to_string(), help: None, fields: Vec::new() });
                    break;
                }
            }
        }
        Some(rows.finish())
    }
}

/// The numbers of the lines on which records begin.
///
/// The position that the CSV reader reports is where the record before ended, which may be before blank lines or
/// between the two characters of a line end.
struct LineNumbers {
    reader: BufReader<Bytes>,
    at: u64,
    text: TextForm,
}

impl LineNumbers {
    fn of(&mut self, position: &Position) -> u64 {
        let passed = self.skipped(position.byte()).unwrap_or(0);
        self.text.line(position.line() + passed)
    }

    /// The number of line breaks at `offset` and directly after it. Offsets must ascend from call to call.
    fn skipped(&mut self, offset: u64) -> io::Result<u64> {
        while self.at < offset {
            let ahead = usize::try_from(offset - self.at).unwrap_or(usize::MAX);
            let length = self.reader.fill_buf()?.len().min(ahead);
            if length == 0 {
                return Ok(0);
            }
            self.reader.consume(length);
            self.at += length as u64;
        }
        let mut breaks = 0;
        while let Some(byte @ (b'\r' | b'\n')) = self.reader.fill_buf()?.first().copied() {
            breaks += u64::from(byte == b'\n');
            self.reader.consume(1);
            self.at += 1;
        }
        Ok(breaks)
    }
}
