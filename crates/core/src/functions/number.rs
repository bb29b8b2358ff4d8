//! Functions that round numbers and money.

use rust_decimal::Decimal;

use super::{Function, FunctionSql, FunctionTrend, Kernel, ScriptCalls, Signature, SqlCall, Trend, fixed};
use crate::model::{Type, Value};
use crate::ops;
use crate::ops::{EvalResult, Fault};
use crate::sql::numbers;
use crate::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use crate::values::types::MONEY_SCALE;

const SAME_NUMERIC: &[Signature] = &[
    fixed(&[Type::Integer], Type::Integer),
    fixed(&[Type::Money], Type::Money),
    fixed(&[Type::Number], Type::Number),
    fixed(&[Type::Decimal], Type::Decimal),
];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        signatures: SAME_NUMERIC,
        doc: "The value without its sign.",
        examples: &[("abs(-3)", "3"), ("abs(2.5)", "2.5")],
        kernel: Kernel::Row(|a| {
            Ok(match a {
                [Value::Integer(v)] => Value::Integer(v.checked_abs().ok_or(Fault::Overflow)?),
                [Value::Money(v)] => Value::Money(v.abs()),
                [Value::Decimal(v)] => Value::Decimal(v.abs()),
                [Value::Number(v)] => Value::Number(v.abs()),
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::Call(|call| {
            let value = call.operand(0);
            if call.first_type() != Type::Integer {
                return Ok(SqlExpr::apply(SqlOp::Abs, [value]));
            }
            let negative = value.clone().compare(SqlOp::Less, SqlExpr::Whole(0));
            let turned =
                SqlExpr::apply(SqlOp::SubtractInteger, [SqlExpr::Whole(0).cast(SqlType::Integer), value.clone()]);
            Ok(SqlExpr::Case(None, vec![(negative, turned)], Some(Box::new(value))))
        }),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        phrase: None,
    },
    Function {
        name: "round",
        signatures: &[
            fixed(&[Type::Money], Type::Money),
            fixed(&[Type::Money, Type::Integer], Type::Money),
            fixed(&[Type::Number], Type::Number),
            fixed(&[Type::Number, Type::Integer], Type::Number),
        ],
        doc: "Rounds half to even, to a whole number or to the given decimal places.",
        examples: &[("round(2.5)", "2"), ("round(1.005, 2)", "1"), ("round(3.5)", "4")],
        kernel: Kernel::Row(|a| {
            let places = match a {
                [_, Value::Integer(places)] => i32::try_from((*places).clamp(-40, 40)).unwrap_or(0),
                _ => 0,
            };
            Ok(match a.first() {
                Some(Value::Money(v)) => Value::Money(round_decimal(*v, i32::from(MONEY_SCALE) - places)?),
                Some(Value::Number(v)) => {
                    let (mantissa, exponent) = ops::shortest_decimal(*v);
                    let rounded = round_decimal(mantissa, -exponent - places)?;
                    Value::Number(ops::finite(format!("{rounded}e{exponent}").parse().unwrap_or(f64::INFINITY))?)
                }
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::Call(round_sql),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        phrase: None,
    },
    Function {
        name: "floor",
        signatures: SAME_NUMERIC,
        doc: "The largest whole value not above.",
        examples: &[("floor(2.7)", "2"), ("floor(-2.1)", "-3")],
        kernel: Kernel::Row(|a| whole(a, f64::floor, Decimal::floor, |v, unit| v.div_euclid(unit) * unit)),
        sql: FunctionSql::Call(|call| Ok(whole_sql(SqlOp::Floor, call))),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        phrase: None,
    },
    Function {
        name: "ceil",
        signatures: SAME_NUMERIC,
        doc: "The smallest whole value not below.",
        examples: &[("ceil(2.1)", "3"), ("ceil(-2.7)", "-2")],
        kernel: Kernel::Row(|a| whole(a, f64::ceil, Decimal::ceil, |v, unit| -((-v).div_euclid(unit) * unit))),
        sql: FunctionSql::Call(|call| Ok(whole_sql(SqlOp::Ceil, call))),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        phrase: None,
    },
];

fn round_decimal(value: i128, cut: i32) -> EvalResult<i128> {
    if cut <= 0 {
        return Ok(value);
    }
    ops::scale_by_ten(ops::scale_by_ten(value, -cut)?, cut)
        .or_else(|fault| if ops::scale_by_ten(value, -cut)? == 0 { Ok(0) } else { Err(fault) })
}

fn whole(
    arguments: &[Value],
    number: fn(f64) -> f64,
    decimal: fn(&Decimal) -> Decimal,
    money: fn(i128, i128) -> i128,
) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Number(v)] => Value::Number(ops::finite(number(*v))?),
        [Value::Decimal(v)] => Value::Decimal(decimal(v)),
        [Value::Money(v)] => Value::Money(money(*v, 10i128.pow(u32::from(MONEY_SCALE.unsigned_abs())))),
        [other] => other.clone(),
        _ => Value::Null,
    })
}

fn round_sql(call: &mut SqlCall) -> Result<SqlExpr, String> {
    let places = match call.operands.get(1) {
        None => Some(0),
        Some(SqlExpr::Whole(places)) => i8::try_from((*places).clamp(-18, 18)).ok(),
        Some(_) => None,
    };
    let Some(places) = places else {
        return Err("`round` needs a fixed number of decimal places there".to_owned());
    };
    Ok(match call.first_type() {
        Type::Money if places >= MONEY_SCALE => call.operand(0),
        Type::Money => numbers::round_even(call.operand(0).cast(SqlType::Money), places).cast(SqlType::Money),
        _ => {
            let rounded = numbers::round_even(numbers::decimal(call.operand(0)), places);
            SqlExpr::Chain(SqlVariadicOp::Plus, vec![rounded.cast(SqlType::Double), SqlExpr::Float(0.0)])
        }
    })
}

fn whole_sql(op: SqlOp, call: &SqlCall) -> SqlExpr {
    let whole = || SqlExpr::apply(op, [call.operand(0)]);
    match call.first_type() {
        Type::Integer => call.operand(0),
        Type::Money => whole().cast(SqlType::Money),
        // Zero has no sign.
        _ => SqlExpr::Chain(SqlVariadicOp::Plus, vec![whole().cast(SqlType::Double), SqlExpr::Float(0.0)]),
    }
}
