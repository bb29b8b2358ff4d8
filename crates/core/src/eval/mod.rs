//! Two evaluators of the same typed expressions: whole columns, and one record at a time.
//!
//! Both call the kernels of [`ops`], so an operator has one definition. Inside one expression numbers are exact: where
//! a type would have to round, both compute by fractions and round once, at the end.

pub mod column;
mod column_fractions;
mod key;
mod lowered;
mod number_kernels;
mod report;
pub mod rounding;
pub mod row;
mod row_fractions;
mod script;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use accolade_parser::{Diagnostic, Diagnostics};

pub use self::key::{key_as_computed, key_columns};
pub use self::report::report_faults;
pub use self::script::call_function;
use crate::model::Value;
use crate::ops;

/// The context of an evaluation, besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// The counter of faults.
    pub faults: &'a Faults,
}

/// The faults of an evaluation. An arithmetic fault gives a missing value and a warning; a failed script is an error.
#[derive(Debug, Default)]
pub struct Faults {
    division_by_zero: AtomicU64,
    overflow: AtomicU64,
    /// Whether a script failed, readable without the lock.
    failed: AtomicBool,
    failure: Mutex<Option<(Value, Diagnostic)>>,
}

impl Faults {
    /// Counts `n` faults of one kind.
    pub fn add(&self, fault: ops::Fault, n: u64) {
        let counter = match fault {
            ops::Fault::DivisionByZero => &self.division_by_zero,
            ops::Fault::Overflow => &self.overflow,
        };
        counter.fetch_add(n, Ordering::Relaxed);
    }

    /// Records that a script failed for a customer. Of several failures that of the first customer is kept.
    pub fn record_failure(&self, customer: &Value, diagnostic: Diagnostic) {
        self.failed.store(true, Ordering::Release);
        if let Ok(mut failure) = self.failure.lock() {
            let first =
                failure.as_ref().is_none_or(|(other, _)| ops::compare(customer, other).is_some_and(|o| o.is_lt()));
            if first {
                *failure = Some((customer.clone(), diagnostic));
            }
        }
    }

    /// Checks that no script failed.
    ///
    /// # Errors
    /// Fails with the recorded diagnostic if a script failed.
    pub fn check(&self) -> Result<(), Diagnostics> {
        if !self.failed.load(Ordering::Acquire) {
            return Ok(());
        }
        match self.failure.lock() {
            Ok(failure) => {
                failure.as_ref().map_or(Ok(()), |(_, diagnostic)| Err(Diagnostics::from(diagnostic.clone())))
            }
            Err(_) => Ok(()),
        }
    }

    /// Sets both counts to zero. A failure of a script is kept.
    pub fn reset(&self) {
        self.division_by_zero.store(0, Ordering::Relaxed);
        self.overflow.store(0, Ordering::Relaxed);
    }

    /// Divisions by zero and overflows so far.
    pub fn counts(&self) -> (u64, u64) {
        (self.division_by_zero.load(Ordering::Relaxed), self.overflow.load(Ordering::Relaxed))
    }
}
