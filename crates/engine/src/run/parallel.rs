//! Row-wise work in chunks on several threads; the result does not depend on how many.

use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;
use arrow::compute::concat;

use crate::frame::Frame;

/// Fewer rows than this are not worth a thread.
const LEAST: usize = 16_384;

/// The columns that `work` gives for the whole frame, computed for its parts.
pub(super) fn chunks(
    frame: &Frame,
    threads: usize,
    work: impl Fn(&Frame) -> Result<Vec<ArrayRef>, Diagnostics> + Sync,
) -> Result<Vec<ArrayRef>, Diagnostics> {
    let parts = threads.min(frame.rows / LEAST).max(1);
    if parts == 1 {
        return work(frame);
    }
    let size = frame.rows.div_ceil(parts);
    let bounds: Vec<(usize, usize)> =
        (0..parts).map(|i| (i * size, size.min(frame.rows.saturating_sub(i * size)))).collect();
    let results: Vec<Result<Vec<ArrayRef>, Diagnostics>> = std::thread::scope(|scope| {
        let handles: Vec<_> = bounds
            .iter()
            .map(|(offset, rows)| {
                let part = frame.slice(*offset, *rows);
                let work = &work;
                scope.spawn(move || work(&part))
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|_| Err(failed("a worker stopped")))).collect()
    });
    // The first failing part speaks, so the message does not depend on which thread was faster.
    let parts: Vec<Vec<ArrayRef>> = results.into_iter().collect::<Result<_, _>>()?;
    let width = parts.first().map_or(0, Vec::len);
    (0..width)
        .map(|i| {
            let pieces: Vec<&dyn arrow::array::Array> = parts.iter().map(|p| p[i].as_ref()).collect();
            concat(&pieces).map_err(|error| failed(&error.to_string()))
        })
        .collect()
}

fn failed(what: &str) -> Diagnostics {
    Diagnostics(vec![Diagnostic::new(Code("E0708"), format!("internal error: {what}"))])
}
