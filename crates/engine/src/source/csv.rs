//! CSV: the header, the parallel scan, and the slow reading that knows its lines.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use accolade_parser::syntax::file::Format;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::array::{ArrayRef, StringViewBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use csv::{ByteRecord, ReaderBuilder};
use datafusion::common::config::CsvOptions;
use datafusion::datasource::physical_plan::CsvSource;

use super::open::{Malformed, Opened, Rows};
use super::scan::{self, Part};

/// How a CSV file is taken apart.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    delimiter: u8,
    quote: u8,
    /// Whether a quoted field holds a line break, so that the file cannot be split at line breaks.
    breaks_in_quotes: bool,
}

/// Rows per batch of the slow reading.
const ROWS: usize = 4096;

/// Reads the header and finds out how the file may be split.
pub(super) fn layout(path: &Path, format: &Format) -> Result<(Vec<String>, Layout), Diagnostics> {
    let place = |row| DataPlace { file: path.display().to_string(), row, column: None };
    let wrong = |message: String, help: &str| {
        Diagnostics(vec![Diagnostic::new(Code("E0708"), message).in_data(place(Some(1))).help(help)])
    };
    let byte = |c: Option<char>, default: u8| c.map_or(default, |c| u8::try_from(c).unwrap_or(default));
    let delimiter = byte(format.delimiter.as_ref().map(|d| d.value), b',');
    let quote = byte(format.quote.as_ref().map(|q| q.value), b'"');
    let broken = |error: &dyn std::fmt::Display| {
        let message = format!("the file cannot be read: {error}");
        Diagnostics(vec![Diagnostic::new(Code("E0701"), message).in_data(place(None))])
    };
    let mut file = File::open(path).map_err(|e| broken(&e))?;
    let breaks_in_quotes = breaks_in_quotes(&mut file, quote).map_err(|e| broken(&e))?;
    let file = File::open(path).map_err(|e| broken(&e))?;
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).quote(quote).has_headers(false).flexible(true).from_reader(file);
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(|e| broken(&e))? {
        return Err(wrong("the file is empty".to_owned(), "the first line names the columns"));
    }
    let mut header: Vec<String> = Vec::new();
    for (i, field) in record.iter().enumerate() {
        let Ok(name) = std::str::from_utf8(field) else {
            return Err(wrong("the header is not UTF-8".to_owned(), "save the file as UTF-8"));
        };
        let name = if i == 0 { name.trim_start_matches('\u{feff}').trim_matches(char::from(quote)) } else { name };
        let name = name.trim().to_owned();
        if header.contains(&name) {
            return Err(wrong(format!("the header names `{name}` twice"), "give every column its own name"));
        }
        header.push(name);
    }
    Ok((header, Layout { delimiter, quote, breaks_in_quotes }))
}

/// Whether a line break stands between two quotes, or a quote is never closed.
fn breaks_in_quotes(file: &mut File, quote: u8) -> std::io::Result<bool> {
    let mut buffer = vec![0; 1 << 20];
    let mut inside = false;
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok(inside);
        }
        let mut rest = &buffer[..length];
        while let Some(at) = if inside { memchr::memchr2(quote, b'\n', rest) } else { memchr::memchr(quote, rest) } {
            if rest[at] == b'\n' {
                return Ok(true);
            }
            inside = !inside;
            rest = &rest[at + 1..];
        }
    }
}

/// The delimiter a file seems to have, when its header is one column with another delimiter in it.
pub(super) fn other_delimiter(header: &[String], format: &Format) -> Option<char> {
    let [only] = header else { return None };
    let current = format.delimiter.as_ref().map_or(',', |d| d.value);
    [';', '\t', '|', ','].into_iter().find(|c| *c != current && only.contains(*c))
}

fn schema(header: &[String]) -> SchemaRef {
    Arc::new(Schema::new(header.iter().map(|name| Field::new(name, DataType::Utf8View, true)).collect::<Vec<_>>()))
}

pub(super) fn parts(opened: &Opened, layout: &Layout, threads: usize, batch_size: usize) -> Result<Vec<Part>, String> {
    let options = CsvOptions {
        has_header: Some(true),
        delimiter: layout.delimiter,
        quote: layout.quote,
        newlines_in_values: Some(layout.breaks_in_quotes),
        ..CsvOptions::default()
    };
    let source = CsvSource::new(schema(&opened.header)).with_csv_options(options);
    scan::file(&opened.path, Arc::new(source), &opened.positions, threads, batch_size)
}

/// The slow reading.
pub(super) struct Records<'a> {
    opened: &'a Opened,
    reader: csv::Reader<BufReader<File>>,
    done: bool,
}

impl<'a> Records<'a> {
    pub(super) fn open(opened: &'a Opened, layout: &Layout) -> Result<Self, String> {
        let file = File::open(&opened.path).map_err(|e| e.to_string())?;
        let reader = ReaderBuilder::new()
            .delimiter(layout.delimiter)
            .quote(layout.quote)
            .has_headers(true)
            .flexible(true)
            .from_reader(BufReader::new(file));
        Ok(Records { opened, reader, done: false })
    }

    /// The fields of a record as text, or why they cannot be.
    fn fields(&self, record: &ByteRecord) -> Result<Vec<String>, Malformed> {
        let number = record.position().map_or(0, csv::Position::line);
        let shown = || record.iter().map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        let wrong =
            |message: String, help: &str| Malformed { number, message, help: Some(help.to_owned()), fields: shown() };
        let columns = self.opened.header.len();
        if record.len() != columns {
            let message = format!("the record has {} fields, the header has {columns}", record.len());
            return Err(wrong(message, "quote a field that holds the delimiter or a line break"));
        }
        match record.iter().map(std::str::from_utf8).collect::<Result<Vec<&str>, _>>() {
            Ok(fields) => Ok(fields.into_iter().map(str::to_owned).collect()),
            Err(_) => Err(wrong("the record is not UTF-8".to_owned(), "save the file as UTF-8")),
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Rows;

    fn next(&mut self) -> Option<Rows> {
        if self.done {
            return None;
        }
        let (mut numbers, mut fields, mut malformed) = (Vec::new(), Vec::new(), Vec::new());
        let mut record = ByteRecord::new();
        while fields.len() < ROWS {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => match self.fields(&record) {
                    Ok(values) => {
                        numbers.push(record.position().map_or(0, csv::Position::line));
                        fields.push(values);
                    }
                    Err(record) => malformed.push(record),
                },
                Ok(false) => {
                    self.done = true;
                    break;
                }
                Err(error) => {
                    let number = error.position().map_or(0, csv::Position::line);
                    malformed.push(Malformed { number, message: error.to_string(), help: None, fields: Vec::new() });
                    self.done = true;
                    break;
                }
            }
        }
        let positions = &self.opened.positions;
        let columns = positions.iter().map(|position| {
            let mut builder = StringViewBuilder::with_capacity(fields.len());
            fields.iter().for_each(|row: &Vec<String>| builder.append_value(&row[*position]));
            Arc::new(builder.finish()) as ArrayRef
        });
        let batch =
            scan::batch(positions.iter().map(|p| self.opened.header[*p].clone()), columns.collect(), fields.len());
        Some(Rows { batch, numbers, fields, malformed })
    }
}
