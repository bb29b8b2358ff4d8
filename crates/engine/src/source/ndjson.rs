//! NDJSON: one object a line; numbers are taken by their digits, so money stays exact.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewBuilder};
use serde_json::{Map, Value as Json};

use super::open::{Malformed, Opened, Rows};
use super::scan;

/// Rows per batch.
const ROWS: usize = 8192;

/// Reads line by line.
pub(super) struct Lines<'a> {
    opened: &'a Opened,
    reader: BufReader<File>,
    line: u64,
    done: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn open(opened: &'a Opened) -> Result<Self, String> {
        let file = File::open(&opened.path).map_err(|e| e.to_string())?;
        Ok(Lines { opened, reader: BufReader::new(file), line: 0, done: false })
    }

    /// The declared columns of a line, as text.
    fn fields(&self, text: &[u8]) -> Result<Vec<Option<String>>, String> {
        let text = std::str::from_utf8(text).map_err(|_| "the line is not UTF-8".to_owned())?;
        let text = if self.line == 1 { text.trim_start_matches('\u{feff}') } else { text };
        let object: Map<String, Json> = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let what = message.split(" at line").next().unwrap_or("").to_lowercase();
            format!("the line is not a JSON object: {what}")
        })?;
        let field = |name: &String| match object.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(Json::Number(number)) => Ok(Some(number.to_string())),
            Some(Json::Bool(truth)) => Ok(Some(truth.to_string())),
            Some(Json::Array(_) | Json::Object(_)) => Err(format!("`{name}` is a list or an object, not one value")),
        };
        self.opened.header.iter().map(field).collect()
    }
}

impl Iterator for Lines<'_> {
    type Item = Rows;

    fn next(&mut self) -> Option<Rows> {
        if self.done {
            return None;
        }
        let (mut numbers, mut rows, mut malformed) = (Vec::new(), Vec::new(), Vec::new());
        let mut text = Vec::new();
        while rows.len() < ROWS {
            text.clear();
            self.line += 1;
            match self.reader.read_until(b'\n', &mut text) {
                Ok(0) => {
                    self.done = true;
                    break;
                }
                Ok(_) if text.trim_ascii().is_empty() => {}
                Ok(_) => match self.fields(&text) {
                    Ok(fields) => {
                        numbers.push(self.line);
                        rows.push(fields);
                    }
                    Err(message) => {
                        let fields = vec![String::from_utf8_lossy(text.trim_ascii()).into_owned()];
                        malformed.push(Malformed { number: self.line, message, help: None, fields });
                    }
                },
                Err(error) => {
                    malformed.push(Malformed {
                        number: self.line,
                        message: error.to_string(),
                        help: None,
                        fields: Vec::new(),
                    });
                    self.done = true;
                    break;
                }
            }
        }
        let columns = self.opened.positions.iter().map(|position| {
            let mut builder = StringViewBuilder::with_capacity(rows.len());
            rows.iter().for_each(|row: &Vec<Option<String>>| builder.append_option(row[*position].as_ref()));
            Arc::new(builder.finish()) as ArrayRef
        });
        let names = self.opened.positions.iter().map(|p| self.opened.header[*p].clone());
        let batch = scan::batch(names, columns.collect(), rows.len());
        let fields = rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
        Some(Rows { batch, numbers, fields, malformed })
    }
}
