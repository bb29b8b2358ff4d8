//! Functions that round numbers and money.

use rust_decimal::Decimal;

use super::{
    FractionKernel, Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Signature, SqlCall,
    Trend, fixed,
};
use crate::model::{Type, Value};
use crate::numbers::fraction::Fraction;
use crate::ops;
use crate::ops::{EvalResult, Fault};
use crate::sql::fraction::SqlFraction;
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
        kernel: Kernel::Fractions(
            |a| {
                Ok(match a {
                    [Value::Integer(v)] => Value::Integer(v.checked_abs().ok_or(Fault::Overflow)?),
                    [Value::Money(v)] => Value::Money(v.abs()),
                    [Value::Decimal(v)] => Value::Decimal(v.abs()),
                    [Value::Number(v)] => Value::Number(v.abs()),
                    _ => Value::Null,
                })
            },
            FractionKernel::Number {
                apply: |a| Ok(one(a).abs()),
                rounds: false,
                sql: |a| sql_of_one(a, SqlFraction::abs),
            },
        ),
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
        missing: MissingResult::Never,
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
        kernel: Kernel::Fractions(
            |a| {
                let of = |value: Fraction, ty: Type| value.rounded(places(a.get(1).and_then(Fraction::of))).keep(ty);
                Ok(match a.first() {
                    Some(Value::Money(v)) => of(Fraction::of_money(*v), Type::Money)?,
                    Some(Value::Number(v)) => of(Fraction::of_number(*v), Type::Number)?,
                    _ => Value::Null,
                })
            },
            FractionKernel::Number {
                apply: |a| Ok(one(a).rounded(places(a.get(1).cloned()))),
                rounds: true,
                sql: round_sql,
            },
        ),
        sql: FunctionSql::None,
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "floor",
        signatures: SAME_NUMERIC,
        doc: "The largest whole value not above.",
        examples: &[("floor(2.7)", "2"), ("floor(-2.1)", "-3")],
        kernel: Kernel::Fractions(
            |a| whole(a, f64::floor, Decimal::floor, |v, unit| v.div_euclid(unit) * unit),
            FractionKernel::Number {
                apply: |a| Ok(one(a).floor()),
                rounds: false,
                sql: |a| sql_of_one(a, SqlFraction::floor),
            },
        ),
        sql: FunctionSql::Call(|call| Ok(whole_sql(SqlOp::Floor, call))),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "ceil",
        signatures: SAME_NUMERIC,
        doc: "The smallest whole value not below.",
        examples: &[("ceil(2.1)", "3"), ("ceil(-2.7)", "-2")],
        kernel: Kernel::Fractions(
            |a| whole(a, f64::ceil, Decimal::ceil, |v, unit| -((-v).div_euclid(unit) * unit)),
            FractionKernel::Number {
                apply: |a| Ok(one(a).negated().floor().negated()),
                rounds: false,
                sql: |a| sql_of_one(a, |of| of.negated().floor().negated()),
            },
        ),
        sql: FunctionSql::Call(|call| Ok(whole_sql(SqlOp::Ceil, call))),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
];

pub(super) fn one(arguments: &[Fraction]) -> Fraction {
    arguments.first().cloned().unwrap_or(Fraction::ZERO)
}

/// The number of places that `round` is given.
fn places(number: Option<Fraction>) -> i32 {
    let whole = number.and_then(|number| number.keep(Type::Integer).ok());
    match whole {
        Some(Value::Integer(places)) => i32::try_from(places.clamp(-400, 400)).unwrap_or(0),
        _ => 0,
    }
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

pub(super) fn sql_of_one(
    arguments: Vec<SqlFraction>,
    of: fn(SqlFraction) -> SqlFraction,
) -> Result<SqlFraction, String> {
    arguments.into_iter().next().map(of).ok_or_else(|| "an argument is absent".to_owned())
}

fn round_sql(mut arguments: Vec<SqlFraction>) -> Result<SqlFraction, String> {
    let places = match arguments.get(1).map(|places| (&places.numerator, &places.denominator, &places.power)) {
        None => Some(0),
        Some((SqlExpr::Whole(places), SqlExpr::Whole(1), SqlExpr::Whole(0))) => {
            i8::try_from((*places).clamp(-18, 18)).ok()
        }
        Some(_) => None,
    };
    match places {
        Some(places) if !arguments.is_empty() => Ok(arguments.swap_remove(0).rounded(places)),
        _ => Err("`round` needs a fixed number of decimal places there".to_owned()),
    }
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
