//! Lowering of numbers that are computed inside one expression: exact, as in the evaluators.

use accolade_core::eval::rounding::{may_round, reads_rounded};
use accolade_core::functions::{FractionKernel, Kernel};
use accolade_core::model::types::{MONEY_SCALE, SCORE_SCALE};
use accolade_core::model::{Operation, Type, TypedExpr, Value};
use accolade_core::sql::fraction::SqlFraction;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};
use accolade_parser::Diagnostics;

use super::lower::{SqlLowering, SqlScope, compare_op};

impl SqlLowering<'_> {
    /// An expression that databases would round otherwise, computed exactly; `None` for any other.
    pub(super) fn exactly(&mut self, expr: &TypedExpr, scope: SqlScope) -> Result<Option<SqlExpr>, Diagnostics> {
        Ok(Some(match &expr.operation {
            Operation::Compare(compare, a, b) if reads_rounded(expr) => {
                let (a, b) = (self.fraction(a, scope)?, self.fraction(b, scope)?);
                a.compare(compare_op(*compare), b)
            }
            Operation::OneOf(a, list) if reads_rounded(expr) => {
                let number = self.fraction(a, scope)?;
                let number = self.named(number, scope);
                let mut tests = Vec::new();
                for value in list {
                    let value = self.constant(value)?;
                    tests.push(number.clone().compare(SqlOp::Equal, value));
                }
                SqlExpr::any(tests)
            }
            Operation::Call(function, arguments)
                if let Kernel::Fractions(_, FractionKernel::Truth { sql, .. }) = function.kernel
                    && reads_rounded(expr) =>
            {
                sql(self.fractions(arguments, scope)?).map_err(|why| self.refuse(&why))?
            }
            Operation::Literal(_) => return Ok(None),
            _ if may_round(expr) => {
                let number = self.fraction(expr, scope)?;
                if expr.ty == Type::Money { number.money() } else { number.number() }
            }
            _ => return Ok(None),
        }))
    }

    fn fraction(&mut self, expr: &TypedExpr, scope: SqlScope) -> Result<SqlFraction, Diagnostics> {
        match &expr.operation {
            Operation::Literal(value) if !value.is_null() => self.constant(value),
            Operation::Add(a, b) => Ok(self.fraction(a, scope)?.plus(self.fraction(b, scope)?)),
            Operation::Subtract(a, b) => Ok(self.fraction(a, scope)?.plus(self.fraction(b, scope)?.negated())),
            Operation::Multiply(a, b) => Ok(self.fraction(a, scope)?.times(self.fraction(b, scope)?)),
            Operation::Divide(a, b) => {
                let (a, b) = (self.fraction(a, scope)?, self.fraction(b, scope)?);
                let b = self.named(b, scope);
                let quotient = a.over(b);
                Ok(self.named(quotient, scope))
            }
            Operation::Negate(a) => Ok(self.fraction(a, scope)?.negated()),
            Operation::Cast(a) => self.fraction(a, scope),
            Operation::If(condition, then, otherwise) => {
                let truth = self.lowered(condition, scope)?;
                let truth = self.bind_in(scope, truth);
                let (then, otherwise) = (self.fraction(then, scope)?, self.fraction(otherwise, scope)?);
                Ok(then.choice(otherwise, |a, b| {
                    let cases = vec![(SqlExpr::Boolean(true), a), (SqlExpr::Boolean(false), b)];
                    SqlExpr::Case(Some(Box::new(truth.clone())), cases, None)
                }))
            }
            Operation::OrElse(a, b) => {
                let (first, second) = (self.fraction(a, scope)?, self.fraction(b, scope)?);
                let first = self.named(first, scope);
                let missing = self.bind_in(scope, first.is_null());
                Ok(first.choice(second, |a, b| SqlExpr::case(vec![(missing.clone(), b)], a)))
            }
            Operation::Call(function, arguments)
                if let Kernel::Fractions(_, FractionKernel::Number { sql, .. }) = function.kernel =>
            {
                let numbers = self.fractions(arguments, scope)?;
                let result = sql(numbers).map_err(|why: String| self.refuse(&why))?;
                Ok(self.named(result, scope))
            }
            _ => self.kept(expr, scope),
        }
    }

    fn fractions(&mut self, expressions: &[TypedExpr], scope: SqlScope) -> Result<Vec<SqlFraction>, Diagnostics> {
        expressions
            .iter()
            .map(|expr| {
                let number = self.fraction(expr, scope)?;
                Ok(self.named(number, scope))
            })
            .collect()
    }

    /// A value that its type holds.
    fn kept(&mut self, expr: &TypedExpr, scope: SqlScope) -> Result<SqlFraction, Diagnostics> {
        let value = self.lowered(expr, scope)?;
        self.exact_number_in(value, expr.ty, scope)
    }

    /// A value of a record as an exact number.
    ///
    /// # Errors
    /// Fails with E0901 for a value that is no number.
    pub fn exact_number(&mut self, value: SqlExpr, ty: Type) -> Result<SqlFraction, Diagnostics> {
        self.exact_number_in(value, ty, SqlScope::Record)
    }

    fn exact_number_in(&mut self, value: SqlExpr, ty: Type, scope: SqlScope) -> Result<SqlFraction, Diagnostics> {
        Ok(match ty {
            Type::Number | Type::Percent => {
                let value = self.bind_in(scope, value);
                let mantissa = SqlExpr::apply(SqlOp::MantissaOfNumber, [value.clone()]);
                let power = SqlExpr::apply(SqlOp::PowerOfNumber, [value]);
                let (mantissa, power) = (self.bind_in(scope, mantissa), self.bind_in(scope, power));
                SqlFraction::scaled(mantissa, power)
            }
            Type::Money => SqlFraction::of_decimal(value, MONEY_SCALE),
            Type::Score => SqlFraction::of_decimal(value, SCORE_SCALE),
            Type::Integer | Type::Duration => SqlFraction::scaled(value.cast(SqlType::Whole), SqlExpr::Whole(0)),
            _ => return Err(self.refuse("it computes with what is no number")),
        })
    }

    fn constant(&mut self, value: &Value) -> Result<SqlFraction, Diagnostics> {
        let whole =
            |value: i128, places: i8| SqlFraction::scaled(SqlExpr::Whole(value), SqlExpr::Whole(-i128::from(places)));
        Ok(match value {
            Value::Integer(v) => whole(i128::from(*v), 0),
            Value::Money(v) => whole(*v, MONEY_SCALE),
            Value::Score(v) => whole(*v, SCORE_SCALE),
            Value::Number(v) => SqlFraction::of_float(*v),
            Value::Decimal(v) => whole(v.mantissa(), i8::try_from(v.scale()).unwrap_or(i8::MAX)),
            _ => return Err(self.refuse("it computes with what is no number")),
        })
    }

    /// A number whose parts may be written more than once.
    fn named(&mut self, number: SqlFraction, scope: SqlScope) -> SqlFraction {
        SqlFraction {
            numerator: self.bind_in(scope, number.numerator),
            denominator: self.bind_in(scope, number.denominator),
            power: self.bind_in(scope, number.power),
        }
    }
}
