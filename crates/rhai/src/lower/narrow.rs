//! Points as integers or floats where all results are, because columns of decimals are slower.

use accolade_core::model::{Operation, Type, TypedExpr, Value};
use accolade_core::{decimal, functions};

use super::value::cast;
use crate::values::MOST_POINTS;

/// The expression with all results as integers, or else as floats if these are equal to the decimals; or else as
/// decimals, where floats are clamped before they become decimals. An expression of another type is unchanged.
pub(super) fn narrow_points(expr: TypedExpr) -> Option<TypedExpr> {
    if expr.ty != Type::Decimal {
        return Some(expr);
    }
    let as_type = |ty: Type| ends(&expr, ty, &|end| as_type(end, ty));
    as_type(Type::Integer)
        .or_else(|| as_type(Type::Number))
        .or_else(|| ends(&expr, Type::Decimal, &|end| Some(within(end))))
}

/// The expression with each of its results replaced; `None` if one cannot be.
fn ends(expr: &TypedExpr, ty: Type, replaced: &dyn Fn(&TypedExpr) -> Option<TypedExpr>) -> Option<TypedExpr> {
    let end = |expr: &TypedExpr| ends(expr, ty, replaced).map(Box::new);
    let operation = match &expr.operation {
        Operation::Let(value, body) => Operation::Let(value.clone(), end(body)?),
        Operation::If(condition, then, otherwise) => Operation::If(condition.clone(), end(then)?, end(otherwise)?),
        _ => return replaced(expr),
    };
    Some(TypedExpr { operation, ty, nullable: expr.nullable })
}

fn as_type(end: &TypedExpr, ty: Type) -> Option<TypedExpr> {
    match &end.operation {
        Operation::Cast(inner) if inner.ty == ty => Some((**inner).clone()),
        Operation::Literal(Value::Null) => Some(cast(end.clone(), ty)),
        Operation::Literal(Value::Decimal(literal)) => {
            let value = if ty == Type::Integer {
                Value::Integer(i64::try_from(*literal).ok().filter(|v| rust_decimal::Decimal::from(*v) == *literal)?)
            } else {
                let number = decimal::to_number(*literal);
                decimal::of_number(number).ok().filter(|back| back == literal)?;
                Value::Number(number)
            };
            Some(TypedExpr::literal(value, ty))
        }
        _ => None,
    }
}

/// A float that becomes a decimal, clamped like the results of the interpreter.
fn within(end: &TypedExpr) -> TypedExpr {
    match &end.operation {
        Operation::Cast(inner) if inner.ty == Type::Number => {
            let bound = |most: f64| TypedExpr::literal(Value::Number(most), Type::Number);
            let arguments = vec![(**inner).clone(), bound(-MOST_POINTS), bound(MOST_POINTS)];
            let nullable = inner.nullable;
            cast(
                TypedExpr { operation: Operation::Call(functions::clamp(), arguments), ty: Type::Number, nullable },
                end.ty,
            )
        }
        _ => end.clone(),
    }
}
