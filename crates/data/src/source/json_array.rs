//! JSON: a list of objects, which are read one at a time.

use std::io;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use super::json_keys::JsonKeys;
use super::opened::OpenedSource;
use super::rows::{MalformedRecord, RowBatch};
use super::rows_builder::RowBatchBuilder;
use super::stream::Bytes;
use super::{json_object, stream};

/// Entries per batch.
const ENTRIES: usize = 4096;

/// The most bytes of an entry, which limits what is read of a list that is not closed.
const LARGEST: usize = 16 << 20;

/// Fails unless the file begins like a list. The error is the reason and an optional help.
pub(super) fn check(path: &Path) -> Result<(), (String, Option<String>)> {
    let mut entries = Entries::open(path).map_err(|error| (accolade_core::files::io_error_reason(&error), None))?;
    match entries.begin() {
        Ok(()) => Ok(()),
        Err(Fault::Unreadable(error)) => Err((accolade_core::files::io_error_reason(&error), None)),
        Err(Fault::Malformed(why)) => {
            let help = "write a list of objects, or add `format: ndjson` to the source if each line is an object";
            Err((why.to_owned(), Some(help.to_owned())))
        }
    }
}

/// Passes each entry of a list to `add`.
///
/// # Errors
/// Fails when the file cannot be read or is not a list. The error is the reason.
pub(super) fn each(path: &Path, add: &mut impl FnMut(&[u8])) -> Result<(), String> {
    let mut entry = Vec::new();
    let mut read = || {
        let mut entries = Entries::open(path)?;
        entries.begin()?;
        while entries.next(&mut entry)? {
            add(&entry);
        }
        Ok(())
    };
    read().map_err(|fault: Fault| match fault {
        Fault::Unreadable(error) => accolade_core::files::io_error_reason(&error),
        Fault::Malformed(why) => why.to_owned(),
    })
}

/// The entries of a list as bytes.
struct Entries {
    reader: BufReader<Bytes>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After the bracket that opens the list.
    First,
    /// After an entry.
    Next,
    /// After the list.
    End,
}

/// Why no further entry can be read.
enum Fault {
    Unreadable(io::Error),
    Malformed(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Unreadable(error)
    }
}

impl Entries {
    fn open(path: &Path) -> io::Result<Entries> {
        Ok(Entries { reader: BufReader::with_capacity(1 << 16, stream::open(path)?), place: Place::First })
    }

    /// Reads the bracket that opens the list, and a mark of UTF-8 before it.
    fn begin(&mut self) -> Result<(), Fault> {
        if self.reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.reader.consume(3);
        }
        match self.peek()? {
            Some(b'[') => {
                self.reader.consume(1);
                Ok(())
            }
            Some(b'{') => Err(Fault::Malformed("it is an object, not a list of objects")),
            Some(_) => Err(Fault::Malformed("it is not a list of objects")),
            None => Err(Fault::Malformed("it is empty")),
        }
    }

    /// The next byte that is not blank.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blanks = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = buffer.get(blanks).copied();
            self.reader.consume(blanks);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Reads the next entry into `entry`; returns false after the last one.
    fn next(&mut self, entry: &mut Vec<u8>) -> Result<bool, Fault> {
        entry.clear();
        let mut next = self.peek()?;
        if self.place == Place::Next && next == Some(b',') {
            self.reader.consume(1);
            next = self.peek()?;
            if next == Some(b']') {
                return Err(Fault::Malformed("a comma is not followed by an entry"));
            }
        } else if self.place == Place::Next && next.is_some_and(|byte| byte != b']') {
            return Err(Fault::Malformed("a comma is missing before the entry"));
        }
        match (self.place, next) {
            (Place::End, None) => Ok(false),
            (Place::End, Some(_)) => Err(Fault::Malformed("there is more after the list")),
            (_, None) => Err(Fault::Malformed("the list is not closed")),
            (_, Some(b']')) => {
                self.reader.consume(1);
                self.place = Place::End;
                self.next(entry)
            }
            (_, Some(_)) => {
                self.read(entry)?;
                self.place = Place::Next;
                Ok(true)
            }
        }
    }

    /// Reads an entry up to the comma or bracket after it.
    fn read(&mut self, entry: &mut Vec<u8>) -> Result<(), Fault> {
        let (mut depth, mut in_text, mut escaped) = (0u32, false, false);
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() && depth == 0 && !in_text {
                return Ok(());
            }
            if buffer.is_empty() {
                return Err(Fault::Malformed("the file ends in the middle of an entry"));
            }
            let mut end = None;
            for (at, byte) in buffer.iter().enumerate() {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_text => escaped = true,
                    b'"' => in_text = !in_text,
                    _ if in_text => {}
                    b'{' | b'[' => depth += 1,
                    b',' | b']' | b'}' if depth == 0 => {
                        end = Some(at);
                        break;
                    }
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            end = Some(at + 1);
                            break;
                        }
                    }
                    _ => {}
                }
            }
            let length = end.unwrap_or(buffer.len());
            entry.extend_from_slice(&buffer[..length]);
            self.reader.consume(length);
            if entry.len() > LARGEST {
                return Err(Fault::Malformed("the entry is larger than 16 MiB, or not closed"));
            }
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

/// The slow path, which is the only one for lists. Rows are numbered from 1.
pub(super) struct JsonEntries {
    opened: Arc<OpenedSource>,
    keys: JsonKeys,
    entries: Entries,
    number: u64,
    is_begun: bool,
    done: bool,
}

impl JsonEntries {
    pub(super) fn open(opened: Arc<OpenedSource>) -> io::Result<JsonEntries> {
        let entries = Entries::open(&opened.path)?;
        Ok(JsonEntries { keys: opened.json_keys(), opened, entries, number: 0, is_begun: false, done: false })
    }

    /// Adds entries to a batch until it is full or the list ends.
    fn fill(&mut self, rows: &mut RowBatchBuilder) -> Result<(), Fault> {
        if !self.is_begun {
            self.entries.begin()?;
            self.is_begun = true;
        }
        let mut entry = Vec::new();
        for _ in 0..ENTRIES {
            self.number += 1;
            if !self.entries.next(&mut entry)? {
                self.done = true;
                return Ok(());
            }
            match json_object::fields(&entry, &self.keys, &self.opened.marks.seen, "entry") {
                Ok(fields) => rows.push(self.number, fields),
                Err(message) => {
                    let fields = vec![String::from_utf8_lossy(entry.trim_ascii()).into_owned()];
                    rows.reject(MalformedRecord { number: self.number, message, help: None, fields });
                }
            }
        }
        Ok(())
    }
}

impl Iterator for JsonEntries {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        if self.done {
            return None;
        }
        let mut rows = RowBatchBuilder::new(self.keys.len());
        match self.fill(&mut rows) {
            Ok(()) => {}
            Err(Fault::Unreadable(error)) => {
                self.done = true;
                return Some(RowBatch::failed(error.to_string()));
            }
            // What follows cannot be divided into entries.
            Err(Fault::Malformed(why)) => {
                self.done = true;
                return Some(RowBatch::failed(format!("entry {}: {why}", self.number)));
            }
        }
        Some(rows.finish())
    }
}
