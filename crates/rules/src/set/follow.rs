//! How an expression follows a changeable field, operator by operator.

use std::cmp::Ordering;

use accolade_core::model::{Function, FunctionTrend, Operation, TypedExpr, Value};
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::ops;

use super::changeable_field::ChangeableField;
use crate::explain::{Response, Segment, Trend};

impl ChangeableField<'_> {
    /// How an expression follows the changeable field; `None` where that is unknown.
    pub fn response_of(&self, expr: &TypedExpr) -> Option<Response> {
        let mut moves = false;
        expr.for_each_field(&mut |slot| moves |= self.affects(slot));
        if !moves {
            return Some(self.constant());
        }
        match &expr.operation {
            Operation::Field(slot) => self.response(*slot),
            Operation::Cast(a) | Operation::AddMonths(a, _) => self.response_of(a),
            Operation::Negate(a) => Some(self.response_of(a)?.map(|_, trend| trend.flipped())),
            Operation::Not(a) => self.response_of(a),
            // Whether a value is missing does not change within a piece.
            Operation::IsMissing(a) => Some(self.response_of(a)?.map(|_, _| Trend::Constant)),
            Operation::Add(a, b) | Operation::AddDays(a, b) => self.response_of(a)?.plus(&self.response_of(b)?),
            Operation::Subtract(a, b) | Operation::DaysBetween(a, b) => {
                self.response_of(a)?.plus(&self.response_of(b)?.map(|_, trend| trend.flipped()))
            }
            // A let is expanded before it is followed, see `TypedExpr::written_out`.
            Operation::Remainder(..) | Operation::Script(..) | Operation::Let(..) | Operation::Local(_) => None,
            Operation::Multiply(a, b) => self.product(a, b),
            Operation::Divide(a, b) => self.quotient(a, b),
            Operation::Compare(_, a, b) => {
                let order = |key| ops::compare(&self.evaluate(a, key), &self.evaluate(b, key));
                self.crossings(&self.response_of(a)?, &self.response_of(b)?, order)
            }
            Operation::OneOf(a, list) => self.one_of(a, list),
            Operation::And(a, b) | Operation::Or(a, b) => self.response_of(a)?.both_constant(&self.response_of(b)?),
            Operation::If(condition, then, otherwise) => self.branch(condition, then, otherwise),
            Operation::OrElse(a, b) => {
                let present = |keys: KeyInterval| !self.evaluate(a, keys.low).is_null();
                let either = |keys, first, second| Some(if present(keys) { first } else { second });
                self.response_of(a)?.combine(&self.response_of(b)?, either)
            }
            Operation::Call(function, arguments) => self.call(function, arguments),
            Operation::Literal(_) | Operation::AsOf => Some(self.constant()),
        }
    }

    fn product(&self, a: &TypedExpr, b: &TypedExpr) -> Option<Response> {
        let (of_a, of_b) = (self.response_of(a)?, self.response_of(b)?);
        of_a.combine(&of_b, |keys, first, second| match (first, second) {
            (trend, Trend::Constant) => Some(trend.times(ops::sign(&self.evaluate(b, keys.low)))),
            (Trend::Constant, trend) => Some(trend.times(ops::sign(&self.evaluate(a, keys.low)))),
            _ => None,
        })
    }

    fn quotient(&self, a: &TypedExpr, b: &TypedExpr) -> Option<Response> {
        // A quotient jumps where its divisor is zero, so those keys are a piece of their own.
        let of_b = self.cut(&self.response_of(b)?, |key| sign_key(&self.evaluate(b, key)), &[0, 1])?;
        self.response_of(a)?.combine(&of_b, |keys, first, second| {
            if ops::sign(&self.evaluate(b, keys.low)) == Ordering::Equal {
                return Some(Trend::Constant);
            }
            match (first, second) {
                (trend, Trend::Constant) => Some(trend.times(ops::sign(&self.evaluate(b, keys.low)))),
                (Trend::Constant, trend) => Some(trend.flipped().times(ops::sign(&self.evaluate(a, keys.low)))),
                _ => None,
            }
        })
    }

    fn one_of(&self, a: &TypedExpr, list: &[Value]) -> Option<Response> {
        let of_a = self.response_of(a)?;
        if of_a.is_constant() {
            return Some(of_a);
        }
        let mut all = self.constant();
        for value in list {
            let order = |key| ops::compare(&self.evaluate(a, key), value);
            all = all.both_constant(&self.crossings(&of_a, &self.constant(), order)?)?;
        }
        Some(all)
    }

    fn branch(&self, condition: &TypedExpr, then: &TypedExpr, otherwise: &TypedExpr) -> Option<Response> {
        let (condition_course, mut pieces) = (self.response_of(condition)?, Vec::new());
        for Segment { keys, .. } in condition_course.0 {
            let taken = match self.evaluate(condition, keys.low) {
                Value::Boolean(true) => self.response_of(then)?,
                Value::Boolean(false) => self.response_of(otherwise)?,
                _ => self.constant(),
            };
            let within = |p: &Segment| Some(Segment { keys: p.keys.intersection(keys)?, trend: p.trend });
            pieces.extend(taken.0.iter().filter_map(within));
        }
        Some(Response(pieces))
    }

    fn call(&self, function: &Function, arguments: &[TypedExpr]) -> Option<Response> {
        let responses = arguments.iter().map(|a| self.response_of(a)).collect::<Option<Vec<Response>>>()?;
        let still = responses.iter().all(Response::is_constant);
        let trends = match function.trend {
            FunctionTrend::Piecewise(pieces) if !still => return self.pieces(&pieces, arguments, &responses),
            FunctionTrend::PerArgument(trends) => trends,
            FunctionTrend::Piecewise(_) | FunctionTrend::Unknown => &[],
        };
        let mut all = self.constant();
        for (i, response) in responses.iter().enumerate() {
            let turned = match trends.get(i).or(trends.last()) {
                Some(moves) => response.map(|_, trend| moves.compose(trend)),
                None if response.is_constant() => response.clone(),
                None => return None,
            };
            all = all.plus(&turned)?;
        }
        Some(all)
    }
}

/// The sign of a value as a number.
fn sign_key(value: &Value) -> Option<i128> {
    (!value.is_null()).then(|| ops::sign(value) as i128)
}
