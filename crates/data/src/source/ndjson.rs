//! NDJSON: one object a line. Numbers are read from their digits, so money stays exact.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use std::{fmt, io};

use accolade_core::location::format::Compression;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::opened::OpenedSource;
use super::rows::{MalformedRecord, RowBatch};
use super::rows_builder::RowBatchBuilder;
use super::scan::ScanPart;
use super::stream;
use super::stream::Bytes;

/// Lines per batch of the slow path.
const LINES: usize = 4096;

/// Divides the file into ranges that can be read in parallel.
pub(super) fn parts(opened: &Arc<OpenedSource>, threads: usize, batch_size: usize) -> Result<Vec<ScanPart>, String> {
    if Compression::of(&opened.path).is_some() {
        return Ok(vec![ScanPart::SlowPath(Arc::clone(opened))]);
    }
    let ranges = stream::ranges(&opened.path, threads).map_err(|e| e.to_string())?;
    Ok(ranges.into_iter().map(|range| ScanPart::NdjsonLines(Arc::clone(opened), range, batch_size)).collect())
}

/// Reads the lines that begin in a range.
pub(super) struct NdjsonLines {
    opened: Arc<OpenedSource>,
    reader: BufReader<Bytes>,
    at: u64,
    end: u64,
    line: u64,
    lines: usize,
    done: bool,
}

impl NdjsonLines {
    pub(super) fn open(opened: Arc<OpenedSource>, range: Range<u64>, lines: usize) -> io::Result<Self> {
        let mut at = range.start;
        let buffer = |bytes: Bytes| BufReader::with_capacity(1 << 16, bytes);
        let reader = match range.start.checked_sub(1) {
            None => buffer(stream::open(&opened.path)?),
            Some(before) => {
                // A line that began in the part before belongs to that part.
                let mut file = File::open(&opened.path)?;
                file.seek(SeekFrom::Start(before))?;
                let mut reader = buffer(Box::new(file));
                at = before + reader.skip_until(b'\n')? as u64;
                reader
            }
        };
        Ok(NdjsonLines { opened, reader, at, end: range.end, line: 0, lines, done: false })
    }

    /// Reads all lines.
    pub(super) fn all(opened: Arc<OpenedSource>) -> io::Result<Self> {
        NdjsonLines::open(opened, 0..u64::MAX, LINES)
    }

    /// The declared columns of a line.
    fn fields<'a>(&self, line: &'a [u8]) -> Result<Vec<Option<Cow<'a, str>>>, String> {
        let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = serde_json::Deserializer::from_str(text);
        let values = ObjectFields(&self.opened.header).deserialize(&mut reader).and_then(|values| {
            reader.end()?;
            Ok(values)
        });
        let (values, repeated) = values.map_err(|error| {
            let message = error.to_string();
            format!("the line is not a JSON object: {}", message.split(" at line").next().unwrap_or_default())
        })?;
        if let Some(column) = repeated {
            return Err(format!("the line has the key `{}` twice", self.opened.header[column]));
        }
        let mut fields = Vec::with_capacity(values.len());
        for (column, value) in values.into_iter().enumerate() {
            if value.is_some() {
                self.opened.marks.seen.mark(column);
            }
            let name = &self.opened.header[column];
            fields.push(match value.map(RawValue::get) {
                None | Some("null") => None,
                Some(text) if text.starts_with(['[', '{']) => {
                    return Err(format!("`{name}` is a list or an object, not one value"));
                }
                Some(text) if text.starts_with('"') => Some(unquoted(text)?),
                Some(text) => Some(Cow::Borrowed(text)),
            });
        }
        Ok(fields)
    }
}

/// The text of a JSON string.
fn unquoted(text: &str) -> Result<Cow<'_, str>, String> {
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        _ => serde_json::from_str(text).map(Cow::Owned).map_err(|_| "a text is not written correctly".to_owned()),
    }
}

impl Iterator for NdjsonLines {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        if self.done {
            return None;
        }
        let mut rows = RowBatchBuilder::new(self.opened.header.len());
        let mut text = Vec::new();
        for _ in 0..self.lines {
            if self.at >= self.end {
                self.done = true;
                break;
            }
            text.clear();
            self.line += 1;
            let length = match self.reader.read_until(b'\n', &mut text) {
                Ok(0) => {
                    self.done = true;
                    break;
                }
                Ok(length) => length,
                Err(error) => {
                    self.done = true;
                    return Some(RowBatch::failed(error.to_string()));
                }
            };
            self.at += length as u64;
            if text.trim_ascii().is_empty() {
                continue;
            }
            match self.fields(&text) {
                Ok(fields) => rows.push(self.line, fields),
                Err(message) => {
                    let fields = vec![String::from_utf8_lossy(text.trim_ascii()).into_owned()];
                    rows.reject(MalformedRecord { number: self.line, message, help: None, fields });
                }
            }
        }
        Some(rows.finish())
    }
}

/// The raw values of some keys of an object, and a key that it repeats.
type RawFields<'de> = (Vec<Option<&'de RawValue>>, Option<usize>);

/// Extracts the raw values of some keys of an object.
struct ObjectFields<'h>(&'h [String]);

impl<'de> DeserializeSeed<'de> for ObjectFields<'_> {
    type Value = RawFields<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectFields<'_> {
    type Value = RawFields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut values, mut repeated) = (vec![None; self.0.len()], None);
        while let Some(column) = map.next_key_seed(FieldPosition(self.0))? {
            match column {
                Some(column) => {
                    if values[column].replace(map.next_value()?).is_some() {
                        repeated.get_or_insert(column);
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok((values, repeated))
    }
}

/// Looks up the position of a key among the declared columns.
struct FieldPosition<'h>(&'h [String]);

impl<'de> DeserializeSeed<'de> for FieldPosition<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldPosition<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| name == key))
    }
}
