//! The row evaluator: one expression over one record.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use super::lowered::{is_near, is_strict};
use super::number_kernels::{self, NumberKernels};
use super::rounding::reads_rounded;
use super::{Env, Faults, script};
use crate::model::{Operation, Type, TypedExpr, Value};
use crate::values::fault::{EvalResult, Fault};
use crate::values::period::{add_months, date_of};
use crate::values::types::SCORE_SCALE;
use crate::{decimal, ops};

/// The value of `expr` over `record`, whose fields are indexed as the expression's are.
pub fn evaluate(expr: &TypedExpr, record: &[Value], env: Env) -> Value {
    RowEvaluation { record, env, locals: RefCell::default(), suspect: None }.value(expr)
}

/// Whether a condition holds for `record`; `None` where its truth is unknown.
pub fn truth(condition: &TypedExpr, record: &[Value], env: Env) -> Option<bool> {
    RowEvaluation { record, env, locals: RefCell::default(), suspect: None }.truth(condition)
}

/// The value of a lowered script; `None` where the interpreter might give another result.
pub fn evaluate_lowered(expr: &TypedExpr, record: &[Value], as_of: i32) -> Option<Value> {
    // The interpreter reports faults, so they are not counted here.
    let faults = Faults::default();
    let env = Env { as_of, faults: &faults };
    let evaluation = RowEvaluation { record, env, locals: RefCell::default(), suspect: Some(Cell::new(false)) };
    let value = evaluation.value(expr);
    let is_suspect = evaluation.suspect.is_some_and(Cell::into_inner) || faults.counts() != (0, 0);
    (!is_suspect).then_some(value)
}

pub(super) struct RowEvaluation<'a> {
    record: &'a [Value],
    pub(super) env: Env<'a>,
    /// The values of the enclosing lets, the outermost first.
    locals: RefCell<Vec<Value>>,
    /// For a lowered script, whether the result is uncertain.
    suspect: Option<Cell<bool>>,
}

impl RowEvaluation<'_> {
    pub(super) fn value(&self, expr: &TypedExpr) -> Value {
        let value = self.compute(expr);
        if value.is_null() {
            self.missing(expr);
        }
        value
    }

    /// As [`value`](Self::value), but borrows a literal or a field instead of copying it.
    pub(super) fn operand<'s>(&'s self, expr: &'s TypedExpr) -> Cow<'s, Value> {
        match &expr.operation {
            Operation::Literal(literal) => Cow::Borrowed(literal),
            Operation::Field(index) => self.record.get(*index).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
            _ => Cow::Owned(self.value(expr)),
        }
    }

    /// Whether a condition holds; `None` where its truth is unknown.
    pub(super) fn truth(&self, expr: &TypedExpr) -> Option<bool> {
        let truth = match &expr.operation {
            _ if self.suspect.is_none() && reads_rounded(expr) => self.truth_by_fractions(expr),
            Operation::Compare(compare, a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                if matches!((&*a, &*b), (Value::Number(a), Value::Number(b)) if is_near(*a, *b)) {
                    self.mark_suspect();
                }
                ops::compare(&a, &b).map(|order| compare.holds(order))
            }
            Operation::OneOf(a, list) => {
                let a = self.operand(a);
                (!a.is_null()).then(|| list.contains(&a))
            }
            Operation::And(a, b) => match self.truth(a) {
                Some(false) => Some(false),
                a => match (a, self.truth(b)) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Operation::Or(a, b) => match self.truth(a) {
                Some(true) => Some(true),
                a => match (a, self.truth(b)) {
                    (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            },
            Operation::Not(a) => self.truth(a).map(|a| !a),
            Operation::IsMissing(a) => Some(self.operand(a).is_null()),
            _ => match *self.operand(expr) {
                Value::Boolean(truth) => Some(truth),
                _ => None,
            },
        };
        if truth.is_none() {
            self.missing(expr);
        }
        truth
    }

    /// Handles a missing result of `expr`, which may make the record suspect.
    fn missing(&self, expr: &TypedExpr) {
        if self.suspect.is_some() && is_strict(&expr.operation) {
            self.mark_suspect();
        }
    }

    fn mark_suspect(&self) {
        if let Some(suspect) = &self.suspect {
            suspect.set(true);
        }
    }

    fn numbers(&self) -> &'static NumberKernels {
        number_kernels::kernels(self.suspect.is_some())
    }

    fn compute(&self, expr: &TypedExpr) -> Value {
        if self.suspect.is_none() && reads_rounded(expr) {
            return self.by_fractions(expr);
        }
        let env = self.env;
        let value = |e: &TypedExpr| self.value(e);
        match &expr.operation {
            Operation::Literal(_) | Operation::Field(_) => self.operand(expr).into_owned(),
            Operation::AsOf => Value::Date(env.as_of),
            Operation::Add(a, b) => caught(env, add(&self.operand(a), &self.operand(b), self.numbers())),
            Operation::Subtract(a, b) => caught(env, subtract(&self.operand(a), &self.operand(b), self.numbers())),
            Operation::Multiply(a, b) => caught(env, multiply(&self.operand(a), &self.operand(b), self.numbers())),
            Operation::Divide(a, b) => caught(env, divide(&self.operand(a), &self.operand(b), self.numbers())),
            Operation::Remainder(a, b) => caught(env, remainder(&self.operand(a), &self.operand(b))),
            Operation::Negate(a) => caught(env, negate(&self.operand(a))),
            Operation::Cast(a) => caught(env, cast(&self.operand(a), expr.ty)),
            Operation::AddMonths(a, months) => caught(env, shift_months(&self.operand(a), *months)),
            Operation::AddDays(a, days) => caught(env, shift_days(&self.operand(a), &self.operand(days))),
            Operation::DaysBetween(a, b) => match (&*self.operand(a), &*self.operand(b)) {
                (Value::Date(a), Value::Date(b)) => Value::Integer(i64::from(*a) - i64::from(*b)),
                _ => Value::Null,
            },
            Operation::Compare(..)
            | Operation::OneOf(..)
            | Operation::And(..)
            | Operation::Or(..)
            | Operation::Not(_)
            | Operation::IsMissing(_) => self.truth(expr).map_or(Value::Null, Value::Boolean),
            Operation::If(condition, then, otherwise) => match self.truth(condition) {
                Some(true) => value(then),
                Some(false) => value(otherwise),
                None => {
                    self.mark_suspect();
                    Value::Null
                }
            },
            Operation::OrElse(a, b) => match value(a) {
                Value::Null => value(b),
                a => a,
            },
            Operation::Call(function, arguments) => {
                let arguments: Vec<Value> = arguments.iter().map(value).collect();
                caught(env, function.apply(&arguments))
            }
            Operation::Script(function, arguments) => {
                let arguments: Vec<Value> = arguments.iter().map(value).collect();
                script::call_record(function, self.record.first().unwrap_or(&Value::Null), &arguments, env)
            }
            Operation::Let(bound, body) => {
                let bound = value(bound);
                self.locals.borrow_mut().push(bound);
                let result = value(body);
                self.locals.borrow_mut().pop();
                result
            }
            Operation::Local(number) => self.locals.borrow().get(*number).cloned().unwrap_or(Value::Null),
        }
    }
}

pub(super) fn caught(env: Env, outcome: EvalResult<Value>) -> Value {
    match outcome {
        Ok(value) => value,
        Err(fault) => {
            env.faults.add(fault, 1);
            Value::Null
        }
    }
}

fn add(a: &Value, b: &Value, numbers: &NumberKernels) -> EvalResult<Value> {
    Ok(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.checked_add(*b).ok_or(Fault::Overflow)?),
        (Value::Number(a), Value::Number(b)) => Value::Number((numbers.add)(*a, *b)?),
        (Value::Money(a), Value::Money(b)) => Value::Money(a.checked_add(*b).ok_or(Fault::Overflow)?),
        (Value::Decimal(a), Value::Decimal(b)) => Value::Decimal(decimal::add(*a, *b)?),
        _ => Value::Null,
    })
}

fn subtract(a: &Value, b: &Value, numbers: &NumberKernels) -> EvalResult<Value> {
    Ok(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.checked_sub(*b).ok_or(Fault::Overflow)?),
        (Value::Number(a), Value::Number(b)) => Value::Number((numbers.subtract)(*a, *b)?),
        (Value::Money(a), Value::Money(b)) => Value::Money(a.checked_sub(*b).ok_or(Fault::Overflow)?),
        (Value::Decimal(a), Value::Decimal(b)) => Value::Decimal(decimal::subtract(*a, *b)?),
        _ => Value::Null,
    })
}

fn multiply(a: &Value, b: &Value, numbers: &NumberKernels) -> EvalResult<Value> {
    Ok(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.checked_mul(*b).ok_or(Fault::Overflow)?),
        (Value::Number(a), Value::Number(b)) => Value::Number((numbers.multiply)(*a, *b)?),
        (Value::Money(a), Value::Integer(b)) => Value::Money(ops::money_times_integer(*a, *b)?),
        (Value::Money(a), Value::Number(b)) => Value::Money(number_kernels::money_times_number(*a, *b)?),
        (Value::Decimal(a), Value::Decimal(b)) => Value::Decimal(decimal::multiply(*a, *b)?),
        _ => Value::Null,
    })
}

fn divide(a: &Value, b: &Value, numbers: &NumberKernels) -> EvalResult<Value> {
    Ok(match (a, b) {
        (Value::Number(a), Value::Number(b)) => Value::Number((numbers.divide)(*a, *b)?),
        (Value::Money(a), Value::Money(b)) => Value::Number(number_kernels::money_by_money(*a, *b)?),
        (Value::Money(a), Value::Integer(b)) => Value::Money(ops::money_by_integer(*a, *b)?),
        (Value::Money(a), Value::Number(b)) => Value::Money(number_kernels::money_by_number(*a, *b)?),
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(ops::integer_by_integer(*a, *b)?),
        (Value::Decimal(a), Value::Decimal(b)) => Value::Decimal(decimal::divide(*a, *b)?),
        _ => Value::Null,
    })
}

fn remainder(a: &Value, b: &Value) -> EvalResult<Value> {
    Ok(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(ops::integer_remainder(*a, *b)?),
        (Value::Number(a), Value::Number(b)) => Value::Number(ops::finite(a % b)?),
        (Value::Decimal(a), Value::Decimal(b)) => Value::Decimal(decimal::remainder(*a, *b)?),
        _ => Value::Null,
    })
}

fn negate(a: &Value) -> EvalResult<Value> {
    Ok(match a {
        Value::Integer(a) => Value::Integer(a.checked_neg().ok_or(Fault::Overflow)?),
        Value::Number(a) => Value::Number(ops::finite(-a)?),
        Value::Money(a) => Value::Money(-a),
        Value::Decimal(a) => Value::Decimal(-*a),
        _ => Value::Null,
    })
}

fn cast(a: &Value, to: Type) -> EvalResult<Value> {
    Ok(match (a, to) {
        (Value::Decimal(a), Type::Number | Type::Percent) => Value::Number(decimal::to_number(*a) + 0.0),
        (Value::Decimal(a), Type::Money) => Value::Money(decimal::to_money(*a)?),
        (Value::Score(a), Type::Decimal) => Value::Decimal(decimal::scaled(*a, SCORE_SCALE)?),
        (Value::Integer(a), Type::Decimal) => Value::Decimal((*a).into()),
        (Value::Number(a), Type::Decimal) => Value::Decimal(decimal::of_number(*a)?),
        (Value::Money(a), Type::Decimal) => Value::Decimal(decimal::of_money(*a)?),
        (Value::Integer(a), Type::Number | Type::Percent) => Value::Number(*a as f64),
        (Value::Money(a), Type::Number | Type::Percent) => Value::Number(number_kernels::number_of_money(*a)),
        (Value::Score(a), Type::Number | Type::Percent) => Value::Number(number_kernels::number_of_score(*a)),
        (Value::Date(a), Type::DateTime) => Value::DateTime(i64::from(*a) * ops::MICROS_PER_DAY),
        (Value::DateTime(a), Type::Date) => Value::Date(ops::day_of(*a)),
        (value, ty) if value.fits(ty) => value.clone(),
        _ => Value::Null,
    })
}

fn shift_months(a: &Value, months: i64) -> EvalResult<Value> {
    match a {
        Value::Date(a) => add_months(*a, months).map(Value::Date).ok_or(Fault::Overflow),
        _ => Ok(Value::Null),
    }
}

fn shift_days(a: &Value, days: &Value) -> EvalResult<Value> {
    match (a, days) {
        (Value::Date(a), Value::Integer(days)) => super::column::checked_day(*a, *days).map(Value::Date),
        _ => Ok(Value::Null),
    }
}

/// Whether the calendar has this day.
pub(super) fn in_calendar(day: i32) -> bool {
    date_of(day).is_some()
}
