//! The door to libraries that read other programs' formats. A damaged file may make them panic.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::rows::{RowBatch, RowReader};

thread_local! {
    static IS_READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread reads a foreign format, so that a panic becomes a finding and need not be printed.
pub fn is_reading_foreign() -> bool {
    IS_READING.get()
}

/// Marks a thread that only reads.
pub fn mark_reader_thread() {
    IS_READING.set(true);
}

/// Calls a library. A panic is an error, whose reason holds its message.
///
/// # Errors
/// Fails when the library panics.
pub fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, String> {
    let before = IS_READING.replace(true);
    // What the library had in its hands is dropped with its panic, so nothing broken is seen.
    let result = catch_unwind(AssertUnwindSafe(read));
    IS_READING.set(before);
    result.map_err(|panic| format!("the file is damaged ({})", message(panic.as_ref())))
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.and_then(|text| text.lines().next()).unwrap_or("its reader stopped")
}

/// Rows whose reader may panic, which ends them with an error.
pub(super) struct GuardedRows(Option<RowReader>);

impl GuardedRows {
    pub(super) fn new(rows: RowReader) -> GuardedRows {
        GuardedRows(Some(rows))
    }
}

impl Iterator for GuardedRows {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        let rows = self.0.as_mut()?;
        match guarded(|| rows.next()) {
            Ok(batch) => batch,
            Err(why) => {
                self.0 = None;
                Some(RowBatch::failed(why))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_the_rows_with_an_error() {
        let mut batches = 0;
        let rows = std::iter::from_fn(move || {
            batches += 1;
            assert!(batches < 3, "page {batches} is broken");
            Some(RowBatch::failed(String::new()))
        });
        let failures: Vec<_> = GuardedRows::new(Box::new(rows)).filter_map(|batch| batch.failure).collect();
        assert_eq!(failures, ["", "", "the file is damaged (page 3 is broken)"]);
        assert!(!is_reading_foreign());
    }
}
