//! Two evaluators of the same typed expressions: whole columns, and one record at a time.
//!
//! Both call the kernels of [`ops`], so an operator has one definition.

pub mod column;
mod lowered;
mod report;
pub mod row;
mod script;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use accolade_parser::{Diagnostic, Diagnostics};

pub use self::report::report_faults;
use crate::model::Value;
use crate::ops;

/// What an evaluation needs besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Where faults are counted.
    pub faults: &'a Faults,
}

/// Faults that give a missing value and a warning instead of an error, and the failure of a script, which is one.
#[derive(Debug, Default)]
pub struct Faults {
    division_by_zero: AtomicU64,
    overflow: AtomicU64,
    /// Whether there is a failure, told without waiting for anybody.
    failed: AtomicBool,
    failure: Mutex<Option<(Value, Diagnostic)>>,
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

    /// Notes that a script failed for a customer; of several failures the first customer's is kept.
    pub fn fail(&self, customer: &Value, diagnostic: Diagnostic) {
        self.failed.store(true, Ordering::Release);
        if let Ok(mut failure) = self.failure.lock() {
            let first =
                failure.as_ref().is_none_or(|(other, _)| ops::compare(customer, other).is_some_and(|o| o.is_lt()));
            if first {
                *failure = Some((customer.clone(), diagnostic));
            }
        }
    }

    /// Goes on unless a script failed.
    ///
    /// # Errors
    /// What failed.
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
