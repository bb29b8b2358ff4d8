//! Work in pieces on several threads; the result does not depend on how many.

use std::sync::atomic::{AtomicUsize, Ordering};

use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{Array, ArrayRef};
use arrow::compute::concat;

use crate::frame::Frame;

/// The most rows of a piece: enough to outweigh the overhead, few enough to keep temporary memory small.
pub const MAX_PIECE_ROWS: usize = 65_536;

/// The least number of pieces, provided that each has [`FEW`] rows, so that every thread has work.
const MIN_PIECES: usize = 8;
const MIN_PIECE_ROWS: usize = 1024;

/// The results of `work` for each number below `count`, in order.
///
/// # Errors
/// Fails with E0716 if a worker thread panics.
pub fn map_indexed<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>, Diagnostics> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= count {
                return done;
            }
            done.push((i, work(i)));
        }
    };
    let mut results = std::thread::scope(|scope| {
        let handles: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(worker)).collect();
        let mut results = worker();
        for handle in handles {
            results.extend(handle.join().map_err(|_| failed("a worker stopped"))?);
        }
        Ok::<_, Diagnostics>(results)
    })?;
    results.sort_by_key(|(i, _)| *i);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// The offset and the number of rows of each piece of `rows` rows. Without rows there is one empty piece.
pub fn pieces_of(rows: usize) -> Vec<(usize, usize)> {
    let size = rows.div_ceil(MIN_PIECES).next_multiple_of(MIN_PIECE_ROWS).clamp(MIN_PIECE_ROWS, MAX_PIECE_ROWS);
    let count = rows.div_ceil(size).max(1);
    (0..count).map(|i| (i * size, size.min(rows - i * size))).collect()
}

/// The columns that `work` returns, computed piece by piece and joined.
pub fn map_pieces(
    frame: &Frame,
    threads: usize,
    work: impl Fn(&Frame) -> Result<Vec<ArrayRef>, Diagnostics> + Sync,
) -> Result<Vec<ArrayRef>, Diagnostics> {
    let pieces = pieces_of(frame.rows);
    let of_pieces = map_indexed(pieces.len(), threads, |i| work(&frame.slice(pieces[i].0, pieces[i].1)))?;
    // The error of the first failing piece is returned, so it does not depend on which thread was faster.
    let parts: Vec<Vec<ArrayRef>> = of_pieces.into_iter().collect::<Result<_, _>>()?;
    let width = parts.first().map_or(0, Vec::len);
    (0..width).map(|i| concat_columns(parts.iter().map(|part| &part[i]))).collect()
}

/// The parts of a column as one.
pub fn concat_columns<'a>(parts: impl Iterator<Item = &'a ArrayRef>) -> Result<ArrayRef, Diagnostics> {
    let parts: Vec<&dyn Array> = parts.map(AsRef::as_ref).collect();
    concat(&parts).map_err(|error| failed(&error.to_string()))
}

fn failed(what: &str) -> Diagnostics {
    Diagnostics::from(Diagnostic::new(Code::E0716, format!("internal error: {what}")))
}
