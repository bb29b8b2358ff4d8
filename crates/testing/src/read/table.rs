//! Reads a table of customers: columns of given data, and `expect.FIELD` for expected values.

use std::path::Path;

use accolade_engine::files::io_error_reason;
use accolade_parser::{Code, Diagnostic, Name, Span, Spanned};
use indexmap::IndexMap;

use super::{SuiteReader, cells};
use crate::suite::{CustomerExpectation, ExpectedValue, GivenCell, GivenData, GivenRow, ValueLocation};

/// The prefix in the header of a column with expected values.
const EXPECTED: &str = "expect.";

impl SuiteReader<'_> {
    /// The rows of a table and what they expect; the first column is the customer's key.
    pub(super) fn table(&mut self, path: &Path, span: Span) -> Option<(GivenData, Vec<CustomerExpectation>)> {
        let bytes = match self.loader.load(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("the table `{}` cannot be read: {}", path.display(), io_error_reason(&error));
                self.out.push(Diagnostic::new(Code::E0701, message).at(span));
                return None;
            }
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
        let records = match cells::records(&mut reader) {
            Ok(records) => records,
            Err(error) => {
                let message = format!("the table `{}` is not CSV: {error}", path.display());
                self.out.push(Diagnostic::new(Code::E0805, message).at(span));
                return None;
            }
        };
        let name = |text: &str| -> Name { Spanned::new(text.to_owned(), span) };
        let (mut rows, mut customers) = (Vec::new(), Vec::new());
        for (number, record) in records.into_iter().enumerate() {
            let mut row = GivenRow { cells: IndexMap::new(), span };
            let key = record.first().map_or("", |(_, key)| key.as_str());
            let mut customer = CustomerExpectation { key: name(key), fields: Vec::new(), decided_by: Vec::new() };
            for (column, (header, text)) in record.iter().enumerate() {
                let text = Some(text.clone()).filter(|t| !t.is_empty());
                match header.strip_prefix(EXPECTED) {
                    // An empty cell is no expectation; `missing` expects a missing value.
                    Some(field) if text.is_some() => {
                        let text = text.filter(|t| t != "missing");
                        let place = ValueLocation::Table(path.to_owned(), number, column);
                        customer.fields.push((name(field), ExpectedValue { text, place }));
                    }
                    Some(_) => {}
                    None => {
                        row.cells.insert(header.clone(), GivenCell { text: text.filter(|t| t != "missing"), span });
                    }
                }
            }
            rows.push(row);
            customers.push(customer);
        }
        Some((GivenData::Rows(rows, span), customers))
    }
}
