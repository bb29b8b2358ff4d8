//! Results with the date of their run as the first column.

use std::io;

use accolade_core::frame::array_of;
use accolade_core::model::{Origin, Slot, Type, Value};
use arrow::array::{Array, ArrayRef};

use super::DATE_COLUMN;
use crate::output::Results;

/// Results with the date of their run as the first column.
pub(super) struct DatedResults<'r> {
    results: &'r mut dyn Results,
    as_of: i32,
}

impl<'r> DatedResults<'r> {
    pub(super) fn new(results: &'r mut dyn Results, as_of: i32) -> DatedResults<'r> {
        DatedResults { results, as_of }
    }
}

impl Results for DatedResults<'_> {
    fn slots(&self) -> Vec<Slot> {
        let (name, origin) = (DATE_COLUMN.to_owned(), Origin::Key);
        let date = Slot { name, ty: Type::Date, nullable: false, labels: None, origin };
        std::iter::once(date).chain(self.results.slots()).collect()
    }

    fn rows(&self) -> usize {
        self.results.rows()
    }

    fn next(&mut self, most: usize) -> io::Result<Vec<Vec<ArrayRef>>> {
        let mut pieces = self.results.next(most)?;
        for columns in &mut pieces {
            let rows = columns.first().map_or(0, |column| column.len());
            columns.insert(0, array_of(Type::Date, std::iter::repeat_n(Value::Date(self.as_of), rows)));
        }
        Ok(pieces)
    }
}
