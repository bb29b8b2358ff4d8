//! Whether the result of a lowered script may be missing.

use accolade_core::model::{Operation, TypedExpr, Value};

/// Whether the value of `expr` may be missing; `locals` holds the answer for each enclosing let. The result of an
/// operator is never missing, because an operator fails on a missing value.
pub(super) fn may_miss(expr: &TypedExpr, locals: &mut Vec<bool>) -> bool {
    match &expr.operation {
        Operation::Literal(value) => *value == Value::Null,
        Operation::Field(_) => expr.nullable,
        Operation::Local(number) => locals.get(*number).is_none_or(|missing| *missing),
        Operation::Let(value, body) => {
            let missing = may_miss(value, locals);
            locals.push(missing);
            let missing = may_miss(body, locals);
            locals.pop();
            missing
        }
        Operation::If(_, then, otherwise) => may_miss(then, locals) || may_miss(otherwise, locals),
        Operation::OrElse(_, otherwise) => may_miss(otherwise, locals),
        Operation::Cast(inner) => may_miss(inner, locals),
        Operation::Call(function, arguments) => {
            function.missing.in_scripts(arguments.len()) || arguments.iter().any(|argument| may_miss(argument, locals))
        }
        Operation::Script(..) => true,
        _ => false,
    }
}
