//! Lowering of operators on the types that scripts compute with.

use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use rhai::{Position, Token};

use super::value::{Low, cast};
use super::{Lowered, Lowering, Why};

/// The comparison that a token stands for.
pub(super) fn comparison(token: &Token) -> Option<CompareOp> {
    Some(match token {
        Token::EqualsTo => CompareOp::Equal,
        Token::NotEqualsTo => CompareOp::NotEqual,
        Token::LessThan => CompareOp::Less,
        Token::LessThanEqualsTo => CompareOp::LessEqual,
        Token::GreaterThan => CompareOp::Greater,
        Token::GreaterThanEqualsTo => CompareOp::GreaterEqual,
        _ => return None,
    })
}

/// The common type of two numbers.
fn meeting(a: Type, b: Type) -> Option<Type> {
    let numeric = |ty| matches!(ty, Type::Integer | Type::Number | Type::Decimal);
    Some(match (a, b) {
        (a, b) if !numeric(a) || !numeric(b) => return None,
        (Type::Decimal, _) | (_, Type::Decimal) => Type::Decimal,
        (Type::Number, _) | (_, Type::Number) => Type::Number,
        _ => Type::Integer,
    })
}

fn boolean(operation: Operation, nullable: bool) -> TypedExpr {
    TypedExpr { operation, ty: Type::Boolean, nullable }
}

/// `!a`
pub(super) fn not(a: TypedExpr) -> TypedExpr {
    let nullable = a.nullable;
    boolean(Operation::Not(Box::new(a)), nullable)
}

impl Lowering<'_> {
    pub(super) fn compare(&self, compare: CompareOp, a: Low, b: Low, at: Position) -> Lowered<Low> {
        let (a, b) = match (a, b) {
            (Low(Some(a)), Low(Some(b))) => (a, b),
            // `x == ()`
            (Low(one), Low(other)) => {
                let missing = match one.or(other) {
                    Some(expr) => boolean(Operation::IsMissing(Box::new(expr)), false),
                    None => TypedExpr::literal(Value::Boolean(true), Type::Boolean),
                };
                return match compare {
                    CompareOp::Equal => Ok(Low::of(missing)),
                    CompareOp::NotEqual => Ok(Low::of(not(missing))),
                    _ => Why::new("it compares `()` by order", at),
                };
            }
        };
        let equality = matches!(compare, CompareOp::Equal | CompareOp::NotEqual);
        let ty = match (a.ty, b.ty) {
            (Type::Boolean, Type::Boolean) if !equality => return Why::new("it orders true and false", at),
            (x, y) if x == y => x,
            (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date) => Type::DateTime,
            (x, y) => match meeting(x, y) {
                Some(ty) => ty,
                None => return Why::new(format!("it compares {x} with {y}"), at),
            },
        };
        let (a, b) = (cast(a, ty), cast(b, ty));
        let nullable = a.nullable || b.nullable;
        Ok(Low::of(boolean(Operation::Compare(compare, Box::new(a), Box::new(b)), nullable)))
    }

    pub(super) fn arithmetic(&self, token: &Token, a: Low, b: Low, at: Position) -> Lowered<Low> {
        let (Low(Some(a)), Low(Some(b))) = (a, b) else { return Why::new("it computes with `()`", at) };
        let pair = |a: TypedExpr, b: TypedExpr| (Box::new(a), Box::new(b));
        let result = |operation: Operation, ty: Type| Ok(Low::of(TypedExpr { operation, ty, nullable: true }));
        if let Some(ty) = meeting(a.ty, b.ty) {
            let (a, b) = pair(cast(a, ty), cast(b, ty));
            let operation = match token {
                Token::Plus => Operation::Add(a, b),
                Token::Minus => Operation::Subtract(a, b),
                Token::Multiply => Operation::Multiply(a, b),
                Token::Divide => Operation::Divide(a, b),
                Token::Modulo => Operation::Remainder(a, b),
                _ => return Why::new(format!("the operator `{}`", token.literal_syntax()), at),
            };
            return result(operation, ty);
        }
        match (token, a.ty, b.ty) {
            (Token::Minus, Type::Date, Type::Date) => {
                let (a, b) = pair(a, b);
                result(Operation::DaysBetween(a, b), Type::Integer)
            }
            (Token::Plus, Type::Date, Type::Integer) => {
                let (a, b) = pair(a, b);
                result(Operation::AddDays(a, b), Type::Date)
            }
            (Token::Minus, Type::Date, Type::Integer) => {
                let negative =
                    TypedExpr { operation: Operation::Negate(Box::new(b)), ty: Type::Integer, nullable: true };
                let (a, b) = pair(a, negative);
                result(Operation::AddDays(a, b), Type::Date)
            }
            (_, x, y) => Why::new(format!("`{}` of {x} and {y}", token.literal_syntax()), at),
        }
    }

    pub(super) fn negate(&self, a: Low, at: Position) -> Lowered<Low> {
        let Low(Some(a)) = a else { return Why::new("it computes with `()`", at) };
        match (&a.operation, a.ty) {
            (Operation::Literal(Value::Integer(v)), _) if *v != i64::MIN => {
                Ok(Low::literal(Value::Integer(-v), Type::Integer))
            }
            (Operation::Literal(Value::Number(v)), _) => Ok(Low::literal(Value::Number(0.0 - v), Type::Number)),
            (_, ty @ (Type::Integer | Type::Number | Type::Decimal)) => {
                Ok(Low::of(TypedExpr { operation: Operation::Negate(Box::new(a)), ty, nullable: true }))
            }
            (_, ty) => Why::new(format!("the negative of {ty}"), at),
        }
    }
}
