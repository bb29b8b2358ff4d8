//! Typed expressions: every operator has one meaning, every coercion is written out.

use std::sync::Arc;

use super::function::Function;
use super::script::ScriptFunction;
use crate::values::types::Type;
use crate::values::value::Value;

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
    /// (rounded half-even). In scripts integer / integer → integer, towards zero. Division by zero is a fault.
    Divide(Box<TypedExpr>, Box<TypedExpr>),
    /// The remainder of a division that truncates towards zero, in scripts. The operands have one type.
    Remainder(Box<TypedExpr>, Box<TypedExpr>),
    /// Number, integer, money or duration.
    Negate(Box<TypedExpr>),
    /// Integer, money, score, percent → number; integer, money, number → decimal (a number by its shortest text);
    /// date → datetime (midnight); datetime → date.
    Cast(Box<TypedExpr>),
    /// A date moved by calendar months.
    AddMonths(Box<TypedExpr>, i64),
    /// A date moved by a duration in days.
    AddDays(Box<TypedExpr>, Box<TypedExpr>),
    /// Date − date → duration in days.
    DaysBetween(Box<TypedExpr>, Box<TypedExpr>),
    /// Operands of the same type.
    Compare(CompareOp, Box<TypedExpr>, Box<TypedExpr>),
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
    Call(Arc<Function>, Vec<TypedExpr>),
    /// A function that a script defines.
    Script(Arc<ScriptFunction>, Vec<TypedExpr>),
    /// Binds the value of the first operand to the next number, by which the second operand reads it. Lets are
    /// nested; the outermost has number 0.
    Let(Box<TypedExpr>, Box<TypedExpr>),
    /// The value of the let of this number.
    Local(usize),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
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

impl CompareOp {
    /// Whether it holds for two values in this order.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Equal => order.is_eq(),
            CompareOp::NotEqual => order.is_ne(),
            CompareOp::Less => order.is_lt(),
            CompareOp::LessEqual => order.is_le(),
            CompareOp::Greater => order.is_gt(),
            CompareOp::GreaterEqual => order.is_ge(),
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

    /// The same expression with each field index replaced by its entry in `fields` and every let written out; `None` if
    /// that would be too long.
    pub fn inline_lets(&self, fields: &[usize]) -> Option<TypedExpr> {
        let mut room = 2_000;
        write_out(self, fields, &mut Vec::new(), &mut room)
    }

    /// Its direct operands.
    pub fn operands(&self) -> Vec<&TypedExpr> {
        match &self.operation {
            Operation::Literal(_) | Operation::AsOf | Operation::Field(_) | Operation::Local(_) => Vec::new(),
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
            | Operation::Remainder(a, b)
            | Operation::Let(a, b)
            | Operation::AddDays(a, b)
            | Operation::DaysBetween(a, b)
            | Operation::Compare(_, a, b)
            | Operation::And(a, b)
            | Operation::Or(a, b)
            | Operation::OrElse(a, b) => vec![a, b],
            Operation::If(a, b, c) => vec![a, b, c],
            Operation::Call(_, arguments) | Operation::Script(_, arguments) => arguments.iter().collect(),
        }
    }

    /// The number of expressions in it, itself included.
    pub fn size(&self) -> usize {
        1 + self.operands().into_iter().map(TypedExpr::size).sum::<usize>()
    }

    /// Whether it is nested more than `levels` deep.
    pub fn is_deeper_than(&self, levels: usize) -> bool {
        levels == 0 || self.operands().into_iter().any(|operand| operand.is_deeper_than(levels - 1))
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

fn write_out(expr: &TypedExpr, fields: &[usize], locals: &mut Vec<TypedExpr>, room: &mut usize) -> Option<TypedExpr> {
    *room = room.checked_sub(1)?;
    let mut one = |e: &TypedExpr| write_out(e, fields, locals, room).map(Box::new);
    let operation = match &expr.operation {
        Operation::Let(value, body) => {
            let value = *one(value)?;
            locals.push(value);
            let body = write_out(body, fields, locals, room);
            locals.pop();
            return body;
        }
        Operation::Local(number) => {
            let value = locals.get(*number)?.clone();
            *room = room.checked_sub(value.size())?;
            return Some(value);
        }
        Operation::Field(index) => Operation::Field(*fields.get(*index)?),
        Operation::Literal(_) | Operation::AsOf => expr.operation.clone(),
        Operation::Add(a, b) => Operation::Add(one(a)?, one(b)?),
        Operation::Subtract(a, b) => Operation::Subtract(one(a)?, one(b)?),
        Operation::Multiply(a, b) => Operation::Multiply(one(a)?, one(b)?),
        Operation::Divide(a, b) => Operation::Divide(one(a)?, one(b)?),
        Operation::Remainder(a, b) => Operation::Remainder(one(a)?, one(b)?),
        Operation::Negate(a) => Operation::Negate(one(a)?),
        Operation::Cast(a) => Operation::Cast(one(a)?),
        Operation::AddMonths(a, months) => Operation::AddMonths(one(a)?, *months),
        Operation::AddDays(a, b) => Operation::AddDays(one(a)?, one(b)?),
        Operation::DaysBetween(a, b) => Operation::DaysBetween(one(a)?, one(b)?),
        Operation::Compare(compare, a, b) => Operation::Compare(*compare, one(a)?, one(b)?),
        Operation::OneOf(a, list) => Operation::OneOf(one(a)?, list.clone()),
        Operation::And(a, b) => Operation::And(one(a)?, one(b)?),
        Operation::Or(a, b) => Operation::Or(one(a)?, one(b)?),
        Operation::Not(a) => Operation::Not(one(a)?),
        Operation::If(a, b, c) => Operation::If(one(a)?, one(b)?, one(c)?),
        Operation::IsMissing(a) => Operation::IsMissing(one(a)?),
        Operation::OrElse(a, b) => Operation::OrElse(one(a)?, one(b)?),
        Operation::Call(function, arguments) => {
            Operation::Call(Arc::clone(function), arguments.iter().map(|a| one(a).map(|a| *a)).collect::<Option<_>>()?)
        }
        Operation::Script(function, arguments) => Operation::Script(
            Arc::clone(function),
            arguments.iter().map(|a| one(a).map(|a| *a)).collect::<Option<_>>()?,
        ),
    };
    Some(TypedExpr { operation, ty: expr.ty, nullable: expr.nullable })
}
