//! Two evaluators of the same typed expressions: whole columns, and one record at a time.
//!
//! Both call the kernels of [`ops`], so an operator has one definition.

pub mod column;
pub mod ops;
pub mod row;

use std::sync::atomic::{AtomicU64, Ordering};

/// What an evaluation needs besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Where faults are counted.
    pub faults: &'a Faults,
}

/// Faults that give a missing value and a warning instead of an error.
#[derive(Debug, Default)]
pub struct Faults {
    division_by_zero: AtomicU64,
    overflow: AtomicU64,
}

impl Faults {
    /// Counts `n` faults of one sort.
    pub fn add(&self, fault: ops::Fault, n: u64) {
        let counter = match fault {
            ops::Fault::DivisionByZero => &self.division_by_zero,
            ops::Fault::Overflow => &self.overflow,
        };
        counter.fetch_add(n, Ordering::Relaxed);
    }

    /// Starts again from zero.
    pub fn reset(&self) {
        self.division_by_zero.store(0, Ordering::Relaxed);
        self.overflow.store(0, Ordering::Relaxed);
    }

    /// Divisions by zero and overflows so far.
    pub fn counts(&self) -> (u64, u64) {
        (self.division_by_zero.load(Ordering::Relaxed), self.overflow.load(Ordering::Relaxed))
    }
}
