//! What reading finds out about the declared columns of a source, by all its threads and from all its files.

use std::sync::atomic::{AtomicBool, Ordering};

/// A mark for each declared column.
#[derive(Debug)]
pub(super) struct ColumnMarks(Vec<AtomicBool>);

impl ColumnMarks {
    fn new(columns: usize) -> ColumnMarks {
        ColumnMarks((0..columns).map(|_| AtomicBool::new(false)).collect())
    }

    /// The columns with a mark.
    pub(super) fn marked(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, mark)| mark.load(Ordering::Relaxed)).map(|(i, _)| i)
    }

    /// Marks a column.
    pub(super) fn mark(&self, column: usize) {
        // A load is cheaper than a store where other threads read the same memory.
        if let Some(mark) = self.0.get(column).filter(|mark| !mark.load(Ordering::Relaxed)) {
            mark.store(true, Ordering::Relaxed);
        }
    }
}

/// The marks of a source.
#[derive(Debug)]
pub(super) struct SourceMarks {
    /// Positions of columns that occur in an object of JSON.
    pub(super) seen: ColumnMarks,
    /// Columns of which an amount was rounded because another program had computed it with floats.
    pub(super) rounded: ColumnMarks,
}

impl SourceMarks {
    pub(super) fn new(columns: usize) -> SourceMarks {
        SourceMarks { seen: ColumnMarks::new(columns), rounded: ColumnMarks::new(columns) }
    }
}
