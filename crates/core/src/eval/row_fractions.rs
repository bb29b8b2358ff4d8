//! One expression over one record, by fractions: over numbers that their type would have to round.

use super::number_kernels::fraction_operator;
use super::row::{RowEvaluation, caught};
use crate::functions::{FractionKernel, Kernel};
use crate::model::{Operation, TypedExpr, Value};
use crate::numbers::fraction::Fraction;
use crate::values::fault::EvalResult;

impl RowEvaluation<'_> {
    /// The value of an expression that is computed by fractions, as its type keeps it.
    pub(super) fn by_fractions(&self, expr: &TypedExpr) -> Value {
        match &expr.operation {
            Operation::Compare(..) | Operation::OneOf(..) => self.truth_value(expr),
            Operation::Call(function, _)
                if let Kernel::Fractions(_, FractionKernel::Truth { .. }) = function.kernel =>
            {
                self.truth_value(expr)
            }
            _ => self.fraction(expr).map_or(Value::Null, |number| caught(self.env, number.keep(expr.ty))),
        }
    }

    fn truth_value(&self, expr: &TypedExpr) -> Value {
        self.truth_by_fractions(expr).map_or(Value::Null, Value::Boolean)
    }

    /// Whether a condition over fractions holds; `None` where its truth is unknown.
    pub(super) fn truth_by_fractions(&self, expr: &TypedExpr) -> Option<bool> {
        match &expr.operation {
            Operation::Compare(compare, a, b) => {
                let (a, b) = (self.fraction(a), self.fraction(b));
                Some(compare.holds(a?.cmp(&b?)))
            }
            Operation::OneOf(a, list) => {
                let number = self.fraction(a)?;
                Some(list.iter().filter_map(Fraction::of).any(|one| one == number))
            }
            Operation::Call(function, arguments)
                if let Kernel::Fractions(_, FractionKernel::Truth { test, .. }) = function.kernel =>
            {
                Some(test(&self.fractions(arguments)?))
            }
            _ => None,
        }
    }

    fn fraction(&self, expr: &TypedExpr) -> Option<Fraction> {
        if let Some(([a, b], operator)) = fraction_operator(&expr.operation) {
            let (a, b) = (self.fraction(a), self.fraction(b));
            return self.or_fault(operator(&a?, &b?));
        }
        match &expr.operation {
            Operation::Negate(a) => self.fraction(a).map(|number| number.negated()),
            Operation::Cast(a) => self.fraction(a),
            Operation::If(condition, then, otherwise) => match self.truth(condition)? {
                true => self.fraction(then),
                false => self.fraction(otherwise),
            },
            Operation::OrElse(a, b) => self.fraction(a).or_else(|| self.fraction(b)),
            Operation::Call(function, arguments)
                if let Kernel::Fractions(_, FractionKernel::Number { apply, .. }) = function.kernel =>
            {
                let numbers = self.fractions(arguments)?;
                self.or_fault(apply(&numbers))
            }
            _ => Fraction::of(&self.operand(expr)),
        }
    }

    fn fractions(&self, expressions: &[TypedExpr]) -> Option<Vec<Fraction>> {
        // All of them are computed, so that the faults of each count.
        let numbers: Vec<Option<Fraction>> = expressions.iter().map(|expr| self.fraction(expr)).collect();
        numbers.into_iter().collect()
    }

    fn or_fault(&self, outcome: EvalResult<Fraction>) -> Option<Fraction> {
        outcome.map_err(|fault| self.env.faults.add(fault, 1)).ok()
    }
}
