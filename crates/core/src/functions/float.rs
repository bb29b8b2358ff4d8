//! Functions of floats, and conversions from and to numbers.

use super::number::{one, sql_of_one};
use super::{
    FractionKernel, Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Signature, Trend, fixed,
};
use crate::model::{Type, Value};
use crate::numbers::fraction::Fraction;
use crate::ops;
use crate::ops::EvalResult;
use crate::sql::tree::{SqlExpr, SqlOp, SqlType};

const NUMBER: &[Signature] = &[fixed(&[Type::Number], Type::Number)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sqrt",
        signatures: NUMBER,
        doc: "The square root; missing (counted as too large) for a negative number.",
        examples: &[("sqrt(9)", "3")],
        kernel: Kernel::Row(|a| float(a, f64::sqrt)),
        sql: FunctionSql::Call(|call| {
            let defined = call.operand(0).compare(SqlOp::GreaterEqual, SqlExpr::Float(0.0));
            Ok(SqlExpr::case(
                vec![(defined, SqlExpr::apply(SqlOp::Sqrt, [call.operand(0)]))],
                SqlExpr::Null(SqlType::Double),
            ))
        }),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Undefined(|_| true),
        phrase: None,
    },
    Function {
        name: "ln",
        signatures: NUMBER,
        doc: "The natural logarithm; missing (counted as too large) at or below zero.",
        examples: &[("ln(1)", "0")],
        kernel: Kernel::Row(|a| float(a, f64::ln)),
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Undefined(|_| true),
        phrase: None,
    },
    Function {
        name: "log10",
        signatures: NUMBER,
        doc: "The logarithm to base 10; missing (counted as too large) at or below zero.",
        examples: &[("log10(1000)", "3")],
        kernel: Kernel::Row(|a| float(a, f64::log10)),
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Undefined(|_| true),
        phrase: None,
    },
    Function {
        name: "power",
        signatures: &[fixed(&[Type::Number, Type::Number], Type::Number)],
        doc: "The first number raised to the second.",
        examples: &[("power(2, 10)", "1024")],
        kernel: Kernel::Row(|a| {
            Ok(match a {
                [Value::Number(base), Value::Number(exponent)] => Value::Number(ops::finite(base.powf(*exponent))?),
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Undefined(|_| true),
        phrase: None,
    },
    Function {
        name: "to_number",
        signatures: &[
            fixed(&[Type::Money], Type::Number),
            fixed(&[Type::Score], Type::Number),
            fixed(&[Type::Number], Type::Number),
        ],
        doc: "An amount of money (in units of the currency), a score or a percentage as a plain number.",
        examples: &[("to_number(30%)", "0.3")],
        kernel: Kernel::Fractions(|a| kept(a, Type::Number), SAME),
        sql: FunctionSql::None,
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "to_money",
        signatures: &[fixed(&[Type::Number], Type::Money)],
        doc: "A number as an amount in the rule set's currency, rounded half to even to 4 places.",
        examples: &[("to_money(12.5)", "12.50")],
        kernel: Kernel::Fractions(|a| kept(a, Type::Money), SAME),
        sql: FunctionSql::None,
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
];

/// A conversion inside an expression, which changes nothing.
const SAME: FractionKernel =
    FractionKernel::Number { apply: |a| Ok(one(a)), rounds: true, sql: |a| sql_of_one(a, |of| of) };

/// A number as a value of type `ty`.
fn kept(arguments: &[Value], ty: Type) -> EvalResult<Value> {
    arguments.first().and_then(Fraction::of).map_or(Ok(Value::Null), |value| value.keep(ty))
}

fn float(arguments: &[Value], result: fn(f64) -> f64) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Number(v)] => Value::Number(ops::finite(result(*v))?),
        _ => Value::Null,
    })
}
