//! Where a value in its type may differ from the exact value, so that an expression is computed by fractions.

use crate::functions::{FractionKernel, Kernel};
use crate::model::{Operation, Type, TypedExpr, Value};

/// Whether `expr` computes with a number that its type may have had to round.
pub fn reads_rounded(expr: &TypedExpr) -> bool {
    match &expr.operation {
        // A literal of more digits than its type holds.
        Operation::Literal(Value::Decimal(_)) => expr.ty != Type::Decimal,
        Operation::Add(..)
        | Operation::Subtract(..)
        | Operation::Multiply(..)
        | Operation::Divide(..)
        | Operation::Negate(_)
        | Operation::Cast(_)
        | Operation::Compare(..)
        | Operation::OneOf(..) => expr.operands().into_iter().any(may_round),
        Operation::Call(function, arguments) => {
            matches!(function.kernel, Kernel::Fractions(..)) && arguments.iter().any(may_round)
        }
        _ => false,
    }
}

/// Whether the value of `expr` in its type may differ from its exact value. Values that are kept are exact: fields,
/// literals that their type holds, results of functions of floats and of scripts.
pub fn may_round(expr: &TypedExpr) -> bool {
    let any = || expr.operands().into_iter().any(may_round);
    match &expr.operation {
        Operation::Literal(Value::Decimal(_)) => expr.ty != Type::Decimal,
        Operation::Add(..) | Operation::Subtract(..) => expr.ty.is_float() || any(),
        Operation::Multiply(_, by) => expr.ty.is_float() || expr.ty == Type::Money && by.ty.is_float() || any(),
        Operation::Divide(..) => expr.ty != Type::Integer,
        Operation::Negate(_) | Operation::OrElse(..) => any(),
        Operation::If(_, then, otherwise) => may_round(then) || may_round(otherwise),
        Operation::Cast(a) => expr.ty.is_float() && !a.ty.is_float() || may_round(a),
        Operation::Call(function, arguments) => match &function.kernel {
            Kernel::Fractions(_, FractionKernel::Number { rounds, .. }) => {
                arguments.iter().all(|argument| argument.ty.is_numeric()) && (*rounds || any())
            }
            _ => false,
        },
        _ => false,
    }
}
