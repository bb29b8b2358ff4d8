//! Lowered values: typed expressions, and `()`, which takes on any type.

use accolade_core::model::{Operation, Type, TypedExpr, Value};

/// A lowered value; `None` is `()`.
#[derive(Clone, Debug)]
pub(super) struct LoweredValue(pub(super) Option<TypedExpr>);

impl LoweredValue {
    pub(super) fn of(expr: TypedExpr) -> LoweredValue {
        LoweredValue(Some(expr))
    }

    pub(super) fn literal(value: Value, ty: Type) -> LoweredValue {
        LoweredValue(Some(TypedExpr::literal(value, ty)))
    }

    pub(super) const NOTHING: LoweredValue = LoweredValue(None);

    /// The expression as type `ty`, which it has or widens to.
    pub(super) fn typed(self, ty: Type) -> TypedExpr {
        self.0.map_or_else(|| TypedExpr::literal(Value::Null, ty), |expr| cast(expr, ty))
    }

    /// Clamps a literal float to `-most..=most`; other values are unchanged.
    pub(super) fn within(self, most: f64) -> LoweredValue {
        match self.0.as_ref().map(|expr| &expr.operation) {
            Some(Operation::Literal(Value::Number(v))) => {
                LoweredValue::literal(Value::Number(v.clamp(-most, most)), Type::Number)
            }
            _ => self,
        }
    }

    pub(super) fn ty(&self) -> Option<Type> {
        self.0.as_ref().map(|expr| expr.ty)
    }

    /// Whether both are the same expression.
    pub(super) fn is_same(&self, other: &LoweredValue) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }

    /// Whether evaluating it can neither fail nor differ from what the interpreter does.
    pub(super) fn is_safe(&self) -> bool {
        self.0.as_ref().is_none_or(is_safe)
    }

    /// Whether it is a literal, field or local, which costs nothing to repeat.
    pub(super) fn is_short(&self) -> bool {
        let short =
            |e: &TypedExpr| matches!(e.operation, Operation::Literal(_) | Operation::Field(_) | Operation::Local(_));
        self.0.as_ref().is_none_or(short)
    }
}

/// Whether evaluating `expr` can neither fail nor differ from what the interpreter does.
pub(super) fn is_safe(expr: &TypedExpr) -> bool {
    let own = matches!(
        expr.operation,
        Operation::Literal(_) | Operation::Field(_) | Operation::Local(_) | Operation::IsMissing(_)
    );
    own && expr.operands().into_iter().all(is_safe)
}

/// `expr` cast to type `ty`; a literal is converted at once.
pub(super) fn cast(expr: TypedExpr, ty: Type) -> TypedExpr {
    if expr.ty == ty {
        return expr;
    }
    if let Operation::Literal(value) = &expr.operation {
        let converted = match (value, ty) {
            (Value::Integer(v), Type::Number) => Some(Value::Number(*v as f64)),
            (Value::Integer(v), Type::Decimal) => Some(Value::Decimal((*v).into())),
            (Value::Number(v), Type::Decimal) => accolade_core::decimal::of_number(*v).ok().map(Value::Decimal),
            (Value::Null, _) => Some(Value::Null),
            _ => None,
        };
        if let Some(value) = converted {
            return TypedExpr::literal(value, ty);
        }
    }
    let nullable = expr.nullable;
    TypedExpr { operation: Operation::Cast(Box::new(expr)), ty, nullable }
}
