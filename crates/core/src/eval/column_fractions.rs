//! Columns of fractions: expressions over numbers that their type would have to round.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray};
use arrow::compute::not;

use super::column::{Active, ColumnEvaluation, boolean, both, is_true, unknown};
use super::number_kernels::fraction_operator;
use crate::frame::{array_of, value_at};
use crate::functions::{FractionKernel, Kernel};
use crate::model::{Operation, TypedExpr, Value};
use crate::numbers::fraction::Fraction;

/// A column of exact numbers.
enum Fractions {
    /// The same number in every row.
    Same(Fraction),
    /// The number of each row, if it is not missing.
    Rows(Vec<Option<Fraction>>),
}

impl Fractions {
    fn get(&self, row: usize) -> Option<&Fraction> {
        match self {
            Fractions::Same(number) => Some(number),
            Fractions::Rows(numbers) => numbers.get(row)?.as_ref(),
        }
    }
}

impl ColumnEvaluation<'_> {
    /// The column of an expression that is computed by fractions, as its type keeps them.
    pub(super) fn by_fractions(&self, expr: &TypedExpr, active: Active) -> ArrayRef {
        let truths = |truth: &dyn Fn(usize) -> Option<bool>| -> ArrayRef {
            Arc::new((0..self.rows).map(truth).collect::<BooleanArray>())
        };
        match &expr.operation {
            Operation::Compare(compare, a, b) => {
                let (a, b) = (self.fractions(a, active), self.fractions(b, active));
                truths(&|row| Some(compare.holds(a.get(row)?.cmp(b.get(row)?))))
            }
            Operation::OneOf(a, list) => {
                let column = self.fractions(a, active);
                let list: Vec<Fraction> = list.iter().filter_map(Fraction::of).collect();
                truths(&|row| Some(list.contains(column.get(row)?)))
            }
            Operation::Call(function, arguments)
                if let Kernel::Fractions(_, FractionKernel::Truth { test, .. }) = function.kernel =>
            {
                let columns = self.fractions_of(arguments, active);
                truths(&|row| Some(test(&numbers_at(&columns, row)?)))
            }
            _ => {
                let column = self.fractions(expr, active);
                let kept = |row: usize| self.value_or_fault(column.get(row)?.keep(expr.ty), row, active);
                array_of(expr.ty, (0..self.rows).map(|row| kept(row).unwrap_or(Value::Null)))
            }
        }
    }

    fn fractions(&self, expr: &TypedExpr, active: Active) -> Fractions {
        if let Some(([a, b], operator)) = fraction_operator(&expr.operation) {
            let (a, b) = (self.fractions(a, active), self.fractions(b, active));
            let result = |row: usize| self.value_or_fault(operator(a.get(row)?, b.get(row)?), row, active);
            return Fractions::Rows((0..self.rows).map(result).collect());
        }
        match &expr.operation {
            Operation::Literal(value) if let Some(number) = Fraction::of(value) => Fractions::Same(number),
            Operation::Negate(a) => {
                let column = self.fractions(a, active);
                Fractions::Rows((0..self.rows).map(|row| column.get(row).map(Fraction::negated)).collect())
            }
            Operation::Cast(a) => self.fractions(a, active),
            Operation::If(condition, then, otherwise) => {
                let condition = boolean(&self.column(condition, active));
                let fails = not(&condition).unwrap_or_else(|_| unknown(self.rows));
                let then = self.fractions(then, Some(&both(active, &is_true(&condition))));
                let otherwise = self.fractions(otherwise, Some(&both(active, &is_true(&fails))));
                let chosen = |row: usize| {
                    let branch = if condition.value(row) { &then } else { &otherwise };
                    branch.get(row).filter(|_| condition.is_valid(row)).cloned()
                };
                Fractions::Rows((0..self.rows).map(chosen).collect())
            }
            Operation::OrElse(a, b) => {
                let first = self.fractions(a, active);
                let absent: BooleanArray = (0..self.rows).map(|row| Some(first.get(row).is_none())).collect();
                let second = self.fractions(b, Some(&both(active, &absent)));
                Fractions::Rows((0..self.rows).map(|row| first.get(row).or_else(|| second.get(row)).cloned()).collect())
            }
            Operation::Call(function, arguments)
                if let Kernel::Fractions(_, FractionKernel::Number { apply, .. }) = function.kernel =>
            {
                let columns = self.fractions_of(arguments, active);
                let result = |row| self.value_or_fault(apply(&numbers_at(&columns, row)?), row, active);
                Fractions::Rows((0..self.rows).map(result).collect())
            }
            _ => {
                let column = self.column(expr, active);
                Fractions::Rows((0..self.rows).map(|row| Fraction::of(&value_at(&column, row))).collect())
            }
        }
    }

    fn fractions_of(&self, expressions: &[TypedExpr], active: Active) -> Vec<Fractions> {
        expressions.iter().map(|expr| self.fractions(expr, active)).collect()
    }
}

/// The numbers of a row; `None` where one is missing.
fn numbers_at(columns: &[Fractions], row: usize) -> Option<Vec<Fraction>> {
    columns.iter().map(|column| column.get(row).cloned()).collect()
}
