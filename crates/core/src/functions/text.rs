//! Functions of text.

use super::{Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Signature, fixed, variadic};
use crate::model::{Type, Value};
use crate::ops::EvalResult;
use crate::sql::tree::{SqlExpr, SqlOp, SqlVariadicOp};

const TEXT: &[Signature] = &[fixed(&[Type::Text], Type::Text)];
const TEST: &[Signature] = &[fixed(&[Type::Text, Type::Text], Type::Boolean)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "lower",
        signatures: TEXT,
        doc: "The text in lower case (Unicode).",
        examples: &[("lower(\"Gold\")", "gold")],
        kernel: Kernel::Row(|a| change(a, |t| t.to_lowercase())),
        sql: FunctionSql::Operator(SqlOp::Lower),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "upper",
        signatures: TEXT,
        doc: "The text in upper case (Unicode).",
        examples: &[("upper(\"Gold\")", "GOLD")],
        kernel: Kernel::Row(|a| change(a, |t| t.to_uppercase())),
        sql: FunctionSql::Operator(SqlOp::Upper),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "trim",
        signatures: TEXT,
        doc: "The text without white space at either end.",
        examples: &[("trim(\" gold \")", "gold")],
        kernel: Kernel::Row(|a| change(a, |t| t.trim().to_owned())),
        sql: FunctionSql::Operator(SqlOp::Trim),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "length",
        signatures: &[fixed(&[Type::Text], Type::Integer)],
        doc: "The number of characters (Unicode scalar values).",
        examples: &[("length(\"één\")", "3")],
        kernel: Kernel::Row(|a| {
            Ok(match a {
                [Value::Text(t)] => Value::Integer(i64::try_from(t.chars().count()).unwrap_or(i64::MAX)),
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::Operator(SqlOp::Length),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "contains",
        signatures: TEST,
        doc: "Whether the first text holds the second; upper and lower case differ.",
        examples: &[("contains(\"wholesale\", \"sale\")", "true")],
        kernel: Kernel::Row(|a| test(a, |t, part| t.contains(part))),
        sql: FunctionSql::Operator(SqlOp::Contains),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "starts_with",
        signatures: TEST,
        doc: "Whether the first text begins with the second.",
        examples: &[("starts_with(\"NL-123\", \"NL\")", "true")],
        kernel: Kernel::Row(|a| test(a, |t, part| t.starts_with(part))),
        sql: FunctionSql::Operator(SqlOp::StartsWith),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "ends_with",
        signatures: TEST,
        doc: "Whether the first text ends with the second.",
        examples: &[("ends_with(\"a.nl\", \".be\")", "false")],
        kernel: Kernel::Row(|a| test(a, |t, part| t.ends_with(part))),
        sql: FunctionSql::Operator(SqlOp::EndsWith),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "concat",
        signatures: &[variadic(&[Type::Text, Type::Text], Type::Text)],
        doc: "The texts one after the other.",
        examples: &[("concat(\"A\", \"-\", \"key\")", "A-key")],
        kernel: Kernel::Row(|a| {
            let parts: String =
                a.iter().filter_map(|v| if let Value::Text(t) = v { Some(t.as_ref()) } else { None }).collect();
            Ok(Value::text(&parts))
        }),
        sql: FunctionSql::Call(|call| Ok(SqlExpr::Chain(SqlVariadicOp::Concat, call.operands.clone()))),
        trend: FunctionTrend::Unknown,
        // The interpreter limits the length of a text.
        scripts: ScriptCalls::INTERPRETED,
        missing: MissingResult::Never,
        phrase: None,
    },
];

fn change(arguments: &[Value], result: impl Fn(&str) -> String) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Text(text)] => Value::text(&result(text)),
        _ => Value::Null,
    })
}

fn test(arguments: &[Value], holds: impl Fn(&str, &str) -> bool) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Text(text), Value::Text(part)] => Value::Boolean(holds(text, part)),
        _ => Value::Null,
    })
}
