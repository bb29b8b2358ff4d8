//! Rows in which a lowered script and the interpreter may give different results.
//!
//! The operators of scripts and of expressions agree where both operands have a value and nothing overflows. A row with
//! a missing operand, with a fault, or with floats so close that a script treats them as equal is suspect. The caller
//! evaluates suspect rows with the interpreter.

use std::cell::RefCell;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Float64Type};

use crate::model::Operation;

/// The suspect rows.
#[derive(Debug)]
pub(super) struct Suspects(RefCell<Vec<bool>>);

impl Suspects {
    pub(super) fn new(rows: usize) -> Suspects {
        Suspects(RefCell::new(vec![false; rows]))
    }

    pub(super) fn mark(&self, row: usize) {
        if let Some(suspect) = self.0.borrow_mut().get_mut(row) {
            *suspect = true;
        }
    }

    pub(super) fn into_rows(self) -> Vec<bool> {
        self.0.into_inner()
    }

    /// Marks the active rows in which `result` is missing.
    pub(super) fn mark_missing(&self, result: &dyn Array, active: Option<&BooleanArray>) {
        let Some(nulls) = result.nulls().filter(|nulls| nulls.null_count() > 0) else { return };
        let missing = (0..result.len()).filter(|row| nulls.is_null(*row) && active.is_none_or(|a| a.value(*row)));
        missing.for_each(|row| self.mark(row));
    }

    /// Marks the active rows in which two different floats are nearly equal.
    pub(super) fn mark_nearly_equal(&self, a: &ArrayRef, b: &ArrayRef, active: Option<&BooleanArray>) {
        if a.data_type() != &DataType::Float64 || b.data_type() != &DataType::Float64 {
            return;
        }
        let (a, b) = (a.as_primitive::<Float64Type>().values(), b.as_primitive::<Float64Type>().values());
        let near = |row: &usize| is_near(a[*row], b[if b.len() == 1 { 0 } else { *row }]);
        (0..a.len()).filter(near).filter(|row| active.is_none_or(|a| a.value(*row))).for_each(|row| self.mark(row));
    }
}

/// Whether two different floats are so close that a script treats them as equal.
pub(super) fn is_near(x: f64, y: f64) -> bool {
    let unit = if x * y == 0.0 { 1.0 } else { x.abs().max(y.abs()) };
    x != y && (x - y).abs() <= unit * 4.0 * f64::EPSILON
}

/// Whether a script might stop or decide otherwise where the result of this operation is missing.
pub(super) fn is_strict(operation: &Operation) -> bool {
    !matches!(
        operation,
        Operation::Literal(_)
            | Operation::AsOf
            | Operation::Field(_)
            | Operation::Local(_)
            | Operation::Let(..)
            | Operation::If(..)
            | Operation::IsMissing(_)
            | Operation::OrElse(..)
            // A call with a missing argument gives a missing result in both.
            | Operation::Call(..)
            | Operation::Script(..)
    )
}
