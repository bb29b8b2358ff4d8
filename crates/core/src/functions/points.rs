//! Functions that turn a value into points, as criteria and scripts do.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{
    FractionKernel, Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Signature, SqlCall,
    fixed, variadic,
};
use crate::model::{Type, Value};
use crate::numbers::fraction::Fraction;
use crate::ops::{EvalResult, Fault};
use crate::sql::fraction::SqlFraction;
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
        kernel: Kernel::Fractions(
            |a| {
                let [value, low, high] = a else { return Ok(Value::Null) };
                let above = ops::compare(value, low).is_some_and(Ordering::is_ge);
                Ok(Value::Boolean(above && ops::compare(value, high).is_some_and(Ordering::is_le)))
            },
            FractionKernel::Truth {
                test: |a| matches!(a, [value, low, high] if low <= value && value <= high),
                sql: |a| {
                    let [value, low, high] = <[SqlFraction; 3]>::try_from(a).map_err(|_| "it takes three numbers")?;
                    Ok(SqlExpr::all(vec![
                        value.clone().compare(SqlOp::GreaterEqual, low),
                        value.compare(SqlOp::LessEqual, high),
                    ]))
                },
            },
        ),
        sql: FunctionSql::Call(|call| {
            Ok(call.null_if_argument_missing(SqlExpr::all(vec![
                call.operand(0).compare(SqlOp::GreaterEqual, call.operand(1)),
                call.operand(0).compare(SqlOp::LessEqual, call.operand(2)),
            ])))
        }),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::WIDENED,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "linear",
        signatures: LINEAR,
        doc: "The line from 0 where the first argument is at the second, to 1 where it is at the third, and no further; \
              with five arguments the line from the fourth to the fifth. The second must be less than the third.",
        examples: &[("linear(5_000, 0, 20_000)", "0.25"), ("linear(25_000, 0, 20_000, 0, 10)", "10")],
        kernel: Kernel::Fractions(
            |a| match a.first() {
                Some(Value::Decimal(_)) => decimal_linear(a),
                _ => {
                    let numbers: Vec<Fraction> = a.iter().filter_map(Fraction::of).collect();
                    linear(&numbers)?.keep(Type::Number)
                }
            },
            FractionKernel::Number { apply: linear, rounds: true, sql: |_| Err("`linear` has no SQL".to_owned()) },
        ),
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::WIDENED,
        missing: MissingResult::Undefined(bounds_may_meet),
        phrase: None,
    },
    Function {
        name: "band",
        signatures: BAND,
        doc: "The points of the band that the first argument is in: the second argument below the first edge, then \
              edges, which ascend, each with the points from there on.",
        examples: &[("band(500, 1, 1_000, 4, 10_000, 7)", "1"), ("band(10_000, 1, 1_000, 4, 10_000, 7)", "7")],
        kernel: Kernel::Fractions(
            |a| {
                let numbers: Vec<Fraction> = a.iter().filter_map(Fraction::of).collect();
                Ok(band(&numbers).and_then(|points| a.get(points).cloned()).unwrap_or(Value::Null))
            },
            FractionKernel::Number {
                apply: |a| Ok(band(a).and_then(|points| a.get(points).cloned()).unwrap_or(Fraction::ZERO)),
                rounds: false,
                sql: |_| Err("`band` has no SQL for numbers that are computed there; name them first".to_owned()),
            },
        ),
        sql: FunctionSql::Call(band_sql),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::WIDENED,
        // A band without points after its last edge gives a missing result.
        missing: MissingResult::ByArguments(|arguments| arguments % 2 == 1),
        phrase: None,
    },
];

/// The index of the points of the band that the first number is in; `None` for an edge without points.
fn band(arguments: &[Fraction]) -> Option<usize> {
    let [value, _, edges @ ..] = arguments else { return None };
    let passed = edges.chunks(2).take_while(|pair| pair[0] <= *value);
    let mut points = 1;
    for pair in passed {
        if pair.len() < 2 {
            return None;
        }
        points += 2;
    }
    Some(points)
}

fn linear(arguments: &[Fraction]) -> EvalResult<Fraction> {
    let (value, from, to, low, high) = match arguments {
        [value, from, to] => (value, from, to, &Fraction::ZERO, &Fraction::ONE),
        [value, from, to, low, high] => (value, from, to, low, high),
        _ => return Err(Fault::DivisionByZero),
    };
    if from >= to {
        return Err(Fault::DivisionByZero);
    }
    let way = value.clamp(from, to).minus(from).over(&to.minus(from))?;
    Ok(low.plus(&way.times(&high.minus(low))))
}

/// The line over decimals, in scripts.
fn decimal_linear(arguments: &[Value]) -> EvalResult<Value> {
    let decimal = |value: &Value| if let Value::Decimal(v) = value { Some(*v) } else { None };
    let numbers: Vec<Decimal> = arguments.iter().filter_map(decimal).collect();
    let (value, from, to, low, high) = match *numbers.as_slice() {
        [value, from, to] => (value, from, to, Decimal::ZERO, Decimal::ONE),
        [value, from, to, low, high] => (value, from, to, low, high),
        _ => return Ok(Value::Null),
    };
    if from >= to {
        return Err(Fault::DivisionByZero);
    }
    let way = decimal::divide(decimal::subtract(value.clamp(from, to), from)?, decimal::subtract(to, from)?)?;
    Ok(Value::Decimal(decimal::add(low, decimal::multiply(way, decimal::subtract(high, low)?)?)?))
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

/// Whether the second argument may be at or above the third, as far as they are literals.
fn bounds_may_meet(literals: &[Option<&Value>]) -> bool {
    match literals {
        [_, Some(from), Some(to), ..] => ops::compare(from, to) != Some(Ordering::Less),
        _ => true,
    }
}
