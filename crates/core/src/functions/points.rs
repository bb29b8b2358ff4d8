//! Functions that turn a value into points, as criteria and scripts do.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{Function, FunctionSql, FunctionTrend, Kernel, ScriptCalls, Signature, SqlCall, fixed, variadic};
use crate::model::{Type, Value};
use crate::ops::{EvalResult, Fault};
use crate::sql::tree::{SqlExpr, SqlOp};
use crate::{decimal, ops};

const BETWEEN: &[Signature] = &[
    fixed(&[Type::Integer; 3], Type::Boolean),
    fixed(&[Type::Money; 3], Type::Boolean),
    fixed(&[Type::Number; 3], Type::Boolean),
    fixed(&[Type::Date; 3], Type::Boolean),
    fixed(&[Type::Decimal; 3], Type::Boolean),
];

const LINEAR: &[Signature] = &[
    fixed(&[Type::Number; 3], Type::Number),
    fixed(&[Type::Money; 3], Type::Number),
    fixed(&[Type::Number; 5], Type::Number),
    fixed(&[Type::Money, Type::Money, Type::Money, Type::Number, Type::Number], Type::Number),
    fixed(&[Type::Decimal; 3], Type::Decimal),
    fixed(&[Type::Decimal; 5], Type::Decimal),
];

const BAND: &[Signature] = &[
    variadic(&[Type::Number, Type::Number, Type::Number, Type::Number], Type::Number),
    variadic(&[Type::Money, Type::Number, Type::Number, Type::Number], Type::Number),
    variadic(&[Type::Decimal, Type::Decimal, Type::Decimal, Type::Decimal], Type::Decimal),
];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "between",
        signatures: BETWEEN,
        doc: "Whether the first argument is at least the second and at most the third.",
        examples: &[("between(7, 1, 10)", "true"), ("between(10.5, 1, 10)", "false")],
        kernel: Kernel::Row(|a| {
            let [value, low, high] = a else { return Ok(Value::Null) };
            let above = ops::compare(value, low).is_some_and(Ordering::is_ge);
            Ok(Value::Boolean(above && ops::compare(value, high).is_some_and(Ordering::is_le)))
        }),
        sql: FunctionSql::Call(|call| {
            Ok(call.null_if_argument_missing(SqlExpr::all(vec![
                call.operand(0).compare(SqlOp::GreaterEqual, call.operand(1)),
                call.operand(0).compare(SqlOp::LessEqual, call.operand(2)),
            ])))
        }),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::WIDENED,
        phrase: None,
    },
    Function {
        name: "linear",
        signatures: LINEAR,
        doc: "The line from 0 where the first argument is at the second, to 1 where it is at the third, and no further; \
              with five arguments the line from the fourth to the fifth. The second must be less than the third.",
        examples: &[("linear(5_000, 0, 20_000)", "0.25"), ("linear(25_000, 0, 20_000, 0, 10)", "10")],
        kernel: Kernel::Row(|a| {
            let (first, ends) = (decimals(&a[..a.len().min(3)])?, decimals(a.get(3..).unwrap_or(&[]))?);
            let [value, from, to] = first.as_slice() else { return Ok(Value::Null) };
            let (low, high) = match ends.as_slice() {
                [low, high] => (*low, *high),
                _ => (Decimal::ZERO, Decimal::ONE),
            };
            if from >= to {
                return Err(Fault::DivisionByZero);
            }
            let way =
                decimal::divide(decimal::subtract((*value).clamp(*from, *to), *from)?, decimal::subtract(*to, *from)?)?;
            let risen = decimal::multiply(way, decimal::subtract(high, low)?)?;
            Ok(like(&a[0], decimal::add(low, risen)?))
        }),
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::WIDENED,
        phrase: None,
    },
    Function {
        name: "band",
        signatures: BAND,
        doc: "The points of the band that the first argument is in: the second argument below the first edge, then \
              edges, which ascend, each with the points from there on.",
        examples: &[("band(500, 1, 1_000, 4, 10_000, 7)", "1"), ("band(10_000, 1, 1_000, 4, 10_000, 7)", "7")],
        kernel: Kernel::Row(|a| {
            let [value, below, rest @ ..] = a else { return Ok(Value::Null) };
            let value = decimal_of(value)?;
            let mut points = below;
            for pair in rest.chunks(2) {
                let [edge, from_there] = pair else { return Ok(Value::Null) };
                if value < decimal_of(edge)? {
                    break;
                }
                points = from_there;
            }
            Ok(points.clone())
        }),
        sql: FunctionSql::Call(band_sql),
        trend: FunctionTrend::Unknown,
        // A band without points after its last edge gives a missing result.
        scripts: ScriptCalls { may_be_missing: |arguments| arguments % 2 == 1, ..ScriptCalls::WIDENED },
        phrase: None,
    },
];

fn decimal_of(value: &Value) -> EvalResult<Decimal> {
    match value {
        Value::Decimal(v) => Ok(*v),
        Value::Money(v) => decimal::of_money(*v),
        Value::Number(v) => decimal::of_number(*v),
        Value::Integer(v) => Ok(Decimal::from(*v)),
        _ => Err(Fault::Overflow),
    }
}

fn decimals(values: &[Value]) -> EvalResult<Vec<Decimal>> {
    values.iter().map(decimal_of).collect()
}

/// A result in the type that the signature for the first argument returns.
fn like(value: &Value, result: Decimal) -> Value {
    match value {
        Value::Decimal(_) => Value::Decimal(result),
        _ => Value::Number(decimal::to_number(result) + 0.0),
    }
}

fn band_sql(call: &mut SqlCall) -> Result<SqlExpr, String> {
    if !call.first_type().is_float() {
        return Err(call.no_counterpart());
    }
    let mut points = call.operand(1);
    let mut cases = Vec::new();
    for step in call.operands.get(2..).unwrap_or_default().chunks(2) {
        let [edge, from_there] = step else { continue };
        cases.push((call.operand(0).compare(SqlOp::Less, edge.clone()), points));
        points = from_there.clone();
    }
    Ok(call.null_if_argument_missing(SqlExpr::case(cases, points)))
}
