//! Arithmetic of two numbers, and of amounts and numbers, for both evaluators.

use crate::model::{Operation, TypedExpr};
use crate::numbers::fraction::Fraction;
use crate::ops;
use crate::ops::finite;
use crate::values::fault::{EvalResult, Fault};

/// An operator of two numbers.
pub(super) type NumberKernel = fn(f64, f64) -> EvalResult<f64>;

/// The four operators.
pub(super) struct NumberKernels {
    pub(super) add: NumberKernel,
    pub(super) subtract: NumberKernel,
    pub(super) multiply: NumberKernel,
    pub(super) divide: NumberKernel,
}

/// Numbers as the decimals that they are written as, in expressions. Each result is rounded once.
const DECIMAL: NumberKernels = NumberKernels {
    add: |a, b| Fraction::of_number(a).plus(&Fraction::of_number(b)).number(),
    subtract: |a, b| Fraction::of_number(a).minus(&Fraction::of_number(b)).number(),
    multiply: |a, b| Fraction::of_number(a).times(&Fraction::of_number(b)).number(),
    divide: |a, b| Fraction::of_number(a).over(&Fraction::of_number(b))?.number(),
};

/// Numbers as floats, in scripts.
const BINARY: NumberKernels = NumberKernels {
    add: |a, b| finite(a + b),
    subtract: |a, b| finite(a - b),
    multiply: |a, b| finite(a * b),
    divide: |a, b| if b == 0.0 { Err(Fault::DivisionByZero) } else { finite(a / b) },
};

/// The operators of expressions, which compute with decimals, or of lowered scripts, which compute with floats.
pub(super) fn kernels(is_script: bool) -> &'static NumberKernels {
    if is_script { &BINARY } else { &DECIMAL }
}

/// An operator of two fractions.
pub(super) type FractionOperator = fn(&Fraction, &Fraction) -> EvalResult<Fraction>;

/// The operands of one of the four operators, and the operator on fractions.
pub(super) fn fraction_operator(operation: &Operation) -> Option<([&TypedExpr; 2], FractionOperator)> {
    Some(match operation {
        Operation::Add(a, b) => ([a, b], |a, b| Ok(a.plus(b))),
        Operation::Subtract(a, b) => ([a, b], |a, b| Ok(a.minus(b))),
        Operation::Multiply(a, b) => ([a, b], |a, b| Ok(a.times(b))),
        Operation::Divide(a, b) => ([a, b], Fraction::over),
        _ => return None,
    })
}

/// Money as a number of the currency.
pub(super) fn number_of_money(money: i128) -> f64 {
    Fraction::of_money(money).nearest_float()
}

/// A score as a number.
pub(super) fn number_of_score(score: i128) -> f64 {
    Fraction::of_score(score).nearest_float()
}

/// Money / money, a number.
pub(super) fn money_by_money(a: i128, b: i128) -> EvalResult<f64> {
    Fraction::of_money(a).over(&Fraction::of_money(b))?.number()
}

/// Money × number; a product whose parts are too large for the fast kernel is computed by fractions.
#[inline]
pub(super) fn money_times_number(money: i128, number: f64) -> EvalResult<i128> {
    ops::money_times_number(money, number)
        .or_else(|_| Fraction::of_money(money).times(&Fraction::of_number(number)).money())
}

/// Money / number, as [`money_times_number`].
#[inline]
pub(super) fn money_by_number(money: i128, number: f64) -> EvalResult<i128> {
    ops::money_by_number(money, number)
        .or_else(|_| Fraction::of_money(money).over(&Fraction::of_number(number))?.money())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_computed_as_they_are_written() {
        assert_eq!((DECIMAL.add)(0.1, 0.2), Ok(0.3));
        assert_eq!((BINARY.add)(0.1, 0.2), Ok(0.1 + 0.2));
        assert_eq!((DECIMAL.subtract)(1.0, 0.9), Ok(0.1));
        assert_eq!((DECIMAL.multiply)(0.07, 100.0), Ok(7.0));
        assert_eq!((DECIMAL.divide)(0.3, 0.1), Ok(3.0));
        assert_eq!((DECIMAL.divide)(1.0, 0.0), Err(Fault::DivisionByZero));
        assert_eq!((DECIMAL.multiply)(1e300, 1e300), Err(Fault::Overflow));
        assert_eq!((DECIMAL.multiply)(1e-300, 1e-300), Ok(0.0));
        assert_eq!(money_by_number(10_000, 1.2345678901234567e39), Ok(0));
        assert_eq!(money_by_number(10_000, 0.0), Err(Fault::DivisionByZero));
        assert_eq!(money_times_number(10_000, 1e300), Err(Fault::Overflow));
    }
}
