//! Row-wise work in pieces on several threads; the result does not depend on how many.

use std::sync::atomic::{AtomicUsize, Ordering};

use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;
use arrow::compute::concat;

use crate::frame::Frame;

/// Rows of a piece: enough to be worth a turn, few enough that what the work needs on the side stays small.
pub const PIECE: usize = 65_536;

type Columns = Result<Vec<ArrayRef>, Diagnostics>;

/// The columns that `work` gives for the whole frame, computed for its pieces.
pub(crate) fn pieces(frame: &Frame, threads: usize, work: impl Fn(&Frame) -> Columns + Sync) -> Columns {
    let count = frame.rows.div_ceil(PIECE);
    if count <= 1 {
        return work(frame);
    }
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done: Vec<(usize, Columns)> = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= count {
                return done;
            }
            let offset = piece * PIECE;
            done.push((piece, work(&frame.slice(offset, PIECE.min(frame.rows - offset)))));
        }
    };
    let mut results: Vec<(usize, Columns)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(worker)).collect();
        let mut results = worker();
        for handle in handles {
            results.extend(handle.join().unwrap_or_else(|_| vec![(0, Err(failed("a worker stopped")))]));
        }
        results
    });
    // The first piece that fails speaks, so the message does not depend on which thread was faster.
    results.sort_by_key(|(piece, _)| *piece);
    let parts: Vec<Vec<ArrayRef>> = results.into_iter().map(|(_, columns)| columns).collect::<Result<_, _>>()?;
    let width = parts.first().map_or(0, Vec::len);
    (0..width)
        .map(|i| {
            let of_column: Vec<&dyn arrow::array::Array> = parts.iter().map(|p| p[i].as_ref()).collect();
            concat(&of_column).map_err(|error| failed(&error.to_string()))
        })
        .collect()
}

fn failed(what: &str) -> Diagnostics {
    Diagnostics(vec![Diagnostic::new(Code("E0708"), format!("internal error: {what}"))])
}
