//! `unique:` of a source: whether two of its rows share the values of some columns.
//!
//! While a source is read, each row leaves 128 bits of hashes. If two are equal, the rows are read again one by one and
//! compared by their values.

use std::sync::{Mutex, PoisonError};

use arrow::array::{Array, ArrayRef};
use datafusion::common::hash_utils::{QualityRandomState, with_hashes};

/// The hashes of the rows of a source, from all its files and threads.
#[derive(Debug)]
pub(super) struct UniqueRows {
    columns: Vec<usize>,
    hashes: Mutex<Vec<u128>>,
}

/// The memory of a row in bytes. Growing takes as much again for a moment.
pub const BYTES_PER_ROW: usize = 2 * size_of::<u128>();

impl UniqueRows {
    /// None for a source whose rows need not be unique.
    pub(super) fn new(columns: &[usize]) -> Option<UniqueRows> {
        (!columns.is_empty()).then(|| UniqueRows { columns: columns.to_vec(), hashes: Mutex::default() })
    }

    /// The columns.
    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Adds the rows that count. One that lacks one of the values is not compared.
    pub(super) fn add(&self, columns: &[ArrayRef], rows: usize, counts: impl Fn(usize) -> bool) {
        let of: Vec<&ArrayRef> = self.columns.iter().map(|column| &columns[*column]).collect();
        let halves = [1, 2].map(|seed| {
            with_hashes(of.iter().copied(), &QualityRandomState::with_seed(seed), |hashes| Ok(hashes.to_vec()))
                .unwrap_or_default()
        });
        let is_compared = |row: &usize| counts(*row) && of.iter().all(|column| column.is_valid(*row));
        let hash = |row: usize| {
            let half = |half: &[u64]| u128::from(half.get(row).copied().unwrap_or_default());
            half(&halves[0]) << 64 | half(&halves[1])
        };
        let new: Vec<u128> = (0..rows).filter(is_compared).map(hash).collect();
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).extend(new);
    }

    /// Forgets the rows.
    pub(super) fn forget(&self) {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether two rows seem to be equal. The rows are forgotten.
    pub(super) fn take_repeats(&self) -> bool {
        let mut hashes = std::mem::take(&mut *self.hashes.lock().unwrap_or_else(PoisonError::into_inner));
        hashes.sort_unstable();
        hashes.windows(2).any(|pair| pair[0] == pair[1])
    }
}
