//! NDJSON: one object a line.

use std::fs::File;
use std::io;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use accolade_core::location::format::Compression;

use super::json_keys::JsonKeys;
use super::opened::OpenedSource;
use super::rows::{MalformedRecord, RowBatch};
use super::rows_builder::RowBatchBuilder;
use super::scan::ScanPart;
use super::stream::Bytes;
use super::{json_object, stream};

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
    keys: JsonKeys,
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
        let keys = opened.json_keys();
        Ok(NdjsonLines { opened, keys, reader, at, end: range.end, line: 0, lines, done: false })
    }

    /// Reads all lines.
    pub(super) fn all(opened: Arc<OpenedSource>) -> io::Result<Self> {
        NdjsonLines::open(opened, 0..u64::MAX, LINES)
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
            let seen = &self.opened.marks.seen;
            match json_object::fields(&text, &self.keys, seen, "line") {
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
