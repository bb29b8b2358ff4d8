//! Functions that choose among their arguments.

use std::cmp::Ordering;

use super::{
    FractionKernel, Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Signature, Trend, fixed,
    variadic,
};
use crate::model::{Type, Value};
use crate::numbers::fraction::Fraction;
use crate::ops;
use crate::sql::fraction::SqlFraction;
use crate::sql::tree::{SqlExpr, SqlVariadicOp};

const COMPARABLE: &[Signature] = &[
    variadic(&[Type::Integer, Type::Integer], Type::Integer),
    variadic(&[Type::Money, Type::Money], Type::Money),
    variadic(&[Type::Number, Type::Number], Type::Number),
    variadic(&[Type::Date, Type::Date], Type::Date),
    variadic(&[Type::Decimal, Type::Decimal], Type::Decimal),
];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "least",
        signatures: COMPARABLE,
        doc: "The least of its arguments.",
        examples: &[("least(3, 1, 2)", "1")],
        kernel: Kernel::Fractions(
            |a| Ok(pick(a, Ordering::Less)),
            FractionKernel::Number {
                apply: |a| Ok(a.iter().min().cloned().unwrap_or(Fraction::ZERO)),
                rounds: false,
                sql: |a| SqlFraction::extreme(SqlVariadicOp::Least, a),
            },
        ),
        sql: FunctionSql::Call(|call| {
            Ok(call.null_if_argument_missing(SqlExpr::Chain(SqlVariadicOp::Least, call.operands.clone())))
        }),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::WIDENED,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "greatest",
        signatures: COMPARABLE,
        doc: "The greatest of its arguments.",
        examples: &[("greatest(3, 1, 2)", "3")],
        kernel: Kernel::Fractions(
            |a| Ok(pick(a, Ordering::Greater)),
            FractionKernel::Number {
                apply: |a| Ok(a.iter().max().cloned().unwrap_or(Fraction::ZERO)),
                rounds: false,
                sql: |a| SqlFraction::extreme(SqlVariadicOp::Greatest, a),
            },
        ),
        sql: FunctionSql::Call(|call| {
            Ok(call.null_if_argument_missing(SqlExpr::Chain(SqlVariadicOp::Greatest, call.operands.clone())))
        }),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::WIDENED,
        missing: MissingResult::Never,
        phrase: None,
    },
    CLAMP,
];

pub(super) const CLAMP: Function = Function {
    name: "clamp",
    signatures: &[
        fixed(&[Type::Integer, Type::Integer, Type::Integer], Type::Integer),
        fixed(&[Type::Money, Type::Money, Type::Money], Type::Money),
        fixed(&[Type::Number, Type::Number, Type::Number], Type::Number),
        fixed(&[Type::Decimal, Type::Decimal, Type::Decimal], Type::Decimal),
    ],
    doc: "The first argument, but not below the second nor above the third.",
    examples: &[("clamp(12, 0, 10)", "10"), ("clamp(-1, 0, 10)", "0")],
    kernel: Kernel::Fractions(
        |a| {
            let [value, low, high] = a else { return Ok(Value::Null) };
            let raised = pick(&[value.clone(), low.clone()], Ordering::Greater);
            Ok(pick(&[raised, high.clone()], Ordering::Less))
        },
        FractionKernel::Number {
            apply: |a| {
                let [value, low, high] = a else { return Ok(Fraction::ZERO) };
                Ok(value.max(low).min(high).clone())
            },
            rounds: false,
            sql: |mut a| {
                let high = a.pop().into_iter();
                let raised = SqlFraction::extreme(SqlVariadicOp::Greatest, a)?;
                SqlFraction::extreme(SqlVariadicOp::Least, std::iter::once(raised).chain(high).collect())
            },
        },
    ),
    sql: FunctionSql::Call(|call| {
        let raised = SqlExpr::Chain(SqlVariadicOp::Greatest, vec![call.operand(0), call.operand(1)]);
        Ok(call.null_if_argument_missing(SqlExpr::Chain(SqlVariadicOp::Least, vec![raised, call.operand(2)])))
    }),
    trend: FunctionTrend::PerArgument(&[Trend::Rising]),
    scripts: ScriptCalls::WIDENED,
    missing: MissingResult::Never,
    phrase: None,
};

fn pick(arguments: &[Value], wanted: Ordering) -> Value {
    let better = |best: &Value, next: &Value| ops::compare(next, best) == Some(wanted);
    let mut rest = arguments.iter();
    let Some(first) = rest.next() else { return Value::Null };
    rest.fold(first, |best, next| if better(best, next) { next } else { best }).clone()
}
