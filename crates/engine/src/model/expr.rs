//! Typed expressions: every operator has one meaning, every coercion is written out.

use super::types::Type;
use super::value::Value;
use crate::functions::Function;

/// An expression whose type is known.
///
/// Its fields are indices: into the columns of one source for an expression inside an aggregate,
/// into the slots of the rule set for all others.
#[derive(Clone, Debug)]
pub struct TypedExpr {
    /// What it does.
    pub operation: Operation,
    /// The type of its result.
    pub ty: Type,
    /// Whether its result may be missing.
    pub nullable: bool,
}

/// What a typed expression does. A missing operand gives a missing result unless said otherwise.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A constant.
    Literal(Value),
    /// The date of the run.
    AsOf,
    /// The field of this index.
    Field(usize),
    /// Both operands have the same type; so has the result. Overflow is a fault.
    Add(Box<TypedExpr>, Box<TypedExpr>),
    /// As `Add`.
    Subtract(Box<TypedExpr>, Box<TypedExpr>),
    /// Integer × integer, number × number, money × integer (exact), money × number (rounded half-even).
    Multiply(Box<TypedExpr>, Box<TypedExpr>),
    /// Number / number → number, money / money → number, money / number and money / integer → money
    /// (rounded half-even). Division by zero is a fault.
    Divide(Box<TypedExpr>, Box<TypedExpr>),
    /// Number, integer, money or duration.
    Negate(Box<TypedExpr>),
    /// Integer, money, score, percent → number; date → datetime (midnight); datetime → date.
    Cast(Box<TypedExpr>),
    /// A date moved by calendar months.
    AddMonths(Box<TypedExpr>, i64),
    /// A date moved by a duration in days.
    AddDays(Box<TypedExpr>, Box<TypedExpr>),
    /// Date − date → duration in days.
    DaysBetween(Box<TypedExpr>, Box<TypedExpr>),
    /// Operands of the same type.
    Compare(Compare, Box<TypedExpr>, Box<TypedExpr>),
    /// Whether the value is one of the literals (all of its type).
    OneOf(Box<TypedExpr>, Vec<Value>),
    /// Three-valued: false wins over missing.
    And(Box<TypedExpr>, Box<TypedExpr>),
    /// Three-valued: true wins over missing.
    Or(Box<TypedExpr>, Box<TypedExpr>),
    /// Three-valued.
    Not(Box<TypedExpr>),
    /// Condition, then, otherwise; a missing condition gives a missing result.
    If(Box<TypedExpr>, Box<TypedExpr>, Box<TypedExpr>),
    /// Never missing.
    IsMissing(Box<TypedExpr>),
    /// The first operand unless it is missing.
    OrElse(Box<TypedExpr>, Box<TypedExpr>),
    /// A function of the registry.
    Call(&'static Function, Vec<TypedExpr>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Compare {
    /// Whether it holds of two values that stand in this order.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Compare::Equal => order.is_eq(),
            Compare::NotEqual => order.is_ne(),
            Compare::Less => order.is_lt(),
            Compare::LessEqual => order.is_le(),
            Compare::Greater => order.is_gt(),
            Compare::GreaterEqual => order.is_ge(),
        }
    }
}

impl TypedExpr {
    /// A constant.
    pub fn literal(value: Value, ty: Type) -> Self {
        let nullable = value.is_null();
        TypedExpr { operation: Operation::Literal(value), ty, nullable }
    }

    /// The field `index`.
    pub fn field(index: usize, ty: Type, nullable: bool) -> Self {
        TypedExpr { operation: Operation::Field(index), ty, nullable }
    }

    /// Its direct operands.
    pub fn operands(&self) -> Vec<&TypedExpr> {
        match &self.operation {
            Operation::Literal(_) | Operation::AsOf | Operation::Field(_) => Vec::new(),
            Operation::Negate(a)
            | Operation::Cast(a)
            | Operation::AddMonths(a, _)
            | Operation::OneOf(a, _)
            | Operation::Not(a)
            | Operation::IsMissing(a) => vec![a],
            Operation::Add(a, b)
            | Operation::Subtract(a, b)
            | Operation::Multiply(a, b)
            | Operation::Divide(a, b)
            | Operation::AddDays(a, b)
            | Operation::DaysBetween(a, b)
            | Operation::Compare(_, a, b)
            | Operation::And(a, b)
            | Operation::Or(a, b)
            | Operation::OrElse(a, b) => vec![a, b],
            Operation::If(a, b, c) => vec![a, b, c],
            Operation::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Calls `visit` with the index of every field it reads.
    pub fn for_each_field(&self, visit: &mut impl FnMut(usize)) {
        if let Operation::Field(index) = self.operation {
            visit(index);
        }
        for operand in self.operands() {
            operand.for_each_field(visit);
        }
    }
}
