//! Lowering of operators on the types that scripts compute with.

use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use rhai::{Position, Token};

use super::value::{LoweredValue, cast};
use super::{Lowerer, LoweringResult, NotLowered};

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
fn common_type(a: Type, b: Type) -> Option<Type> {
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

impl Lowerer<'_> {
    pub(super) fn compare(
        &self,
        compare: CompareOp,
        a: LoweredValue,
        b: LoweredValue,
        at: Position,
    ) -> LoweringResult<LoweredValue> {
        let (a, b) = match (a, b) {
            (LoweredValue(Some(a)), LoweredValue(Some(b))) => (a, b),
            // `x == ()`
            (LoweredValue(one), LoweredValue(other)) => {
                let missing = match one.or(other) {
                    Some(expr) => boolean(Operation::IsMissing(Box::new(expr)), false),
                    None => TypedExpr::literal(Value::Boolean(true), Type::Boolean),
                };
                return match compare {
                    CompareOp::Equal => Ok(LoweredValue::of(missing)),
                    CompareOp::NotEqual => Ok(LoweredValue::of(not(missing))),
                    _ => NotLowered::err("it compares `()` by order", at),
                };
            }
        };
        let equality = matches!(compare, CompareOp::Equal | CompareOp::NotEqual);
        let ty = match (a.ty, b.ty) {
            (Type::Boolean, Type::Boolean) if !equality => return NotLowered::err("it orders true and false", at),
            (x, y) if x == y => x,
            (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date) => Type::DateTime,
            (x, y) => match common_type(x, y) {
                Some(ty) => ty,
                None => return NotLowered::err(format!("it compares {x} with {y}"), at),
            },
        };
        let (a, b) = (cast(a, ty), cast(b, ty));
        let nullable = a.nullable || b.nullable;
        Ok(LoweredValue::of(boolean(Operation::Compare(compare, Box::new(a), Box::new(b)), nullable)))
    }

    pub(super) fn arithmetic(
        &self,
        token: &Token,
        a: LoweredValue,
        b: LoweredValue,
        at: Position,
    ) -> LoweringResult<LoweredValue> {
        let (LoweredValue(Some(a)), LoweredValue(Some(b))) = (a, b) else {
            return NotLowered::err("it computes with `()`", at);
        };
        let pair = |a: TypedExpr, b: TypedExpr| (Box::new(a), Box::new(b));
        let result = |operation: Operation, ty: Type| Ok(LoweredValue::of(TypedExpr { operation, ty, nullable: true }));
        if let Some(ty) = common_type(a.ty, b.ty) {
            let (a, b) = pair(cast(a, ty), cast(b, ty));
            let operation = match token {
                Token::Plus => Operation::Add(a, b),
                Token::Minus => Operation::Subtract(a, b),
                Token::Multiply => Operation::Multiply(a, b),
                Token::Divide => Operation::Divide(a, b),
                Token::Modulo => Operation::Remainder(a, b),
                _ => return NotLowered::err(format!("the operator `{}`", token.literal_syntax()), at),
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
            (_, x, y) => NotLowered::err(format!("`{}` of {x} and {y}", token.literal_syntax()), at),
        }
    }

    pub(super) fn negate(&self, a: LoweredValue, at: Position) -> LoweringResult<LoweredValue> {
        let LoweredValue(Some(a)) = a else { return NotLowered::err("it computes with `()`", at) };
        match (&a.operation, a.ty) {
            (Operation::Literal(Value::Integer(v)), _) if *v != i64::MIN => {
                Ok(LoweredValue::literal(Value::Integer(-v), Type::Integer))
            }
            (Operation::Literal(Value::Number(v)), _) => {
                Ok(LoweredValue::literal(Value::Number(0.0 - v), Type::Number))
            }
            (_, ty @ (Type::Integer | Type::Number | Type::Decimal)) => {
                Ok(LoweredValue::of(TypedExpr { operation: Operation::Negate(Box::new(a)), ty, nullable: true }))
            }
            (_, ty) => NotLowered::err(format!("the negative of {ty}"), at),
        }
    }
}
