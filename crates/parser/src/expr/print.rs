//! Canonical printing of expressions: what is printed parses to the same tree.
//!
//! Brackets stand only where the tree needs them, except that `if` as an operand always has them.

use std::fmt::{Display, Formatter, Result, Write};

use rust_decimal::Decimal;

use super::ast::{BinaryOp, Call, Expr, ExprKind, Literal, UnaryOp, Unit};
use crate::plural;
use crate::span::Name;

/// The precedence table at the head of the grammar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    If,
    Or,
    And,
    Not,
    Comparison,
    OrElse,
    Sum,
    Product,
    Negate,
    Operand,
}

impl Level {
    /// The level a right operand must have, for operators that associate to the left.
    fn above(self) -> Level {
        match self {
            Level::If => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Comparison,
            Level::Comparison => Level::OrElse,
            Level::OrElse => Level::Sum,
            Level::Sum => Level::Product,
            Level::Product => Level::Negate,
            Level::Negate | Level::Operand => Level::Operand,
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            ExprKind::Literal(literal) => literal.fmt(f),
            ExprKind::Path(names) => joined(f, names, "."),
            ExprKind::Unary(UnaryOp::Negate, operand) => {
                f.write_char('-')?;
                at_least(f, operand, Level::Negate)
            }
            ExprKind::Unary(UnaryOp::Not, operand) => {
                f.write_str("not ")?;
                at_least(f, operand, Level::Not)
            }
            ExprKind::Binary(op, left, right) => {
                let level = op_level(*op);
                // Comparisons do not associate, so both sides are of the next level.
                let left_level = if level == Level::Comparison { level.above() } else { level };
                at_least(f, left, left_level)?;
                write!(f, " {op} ")?;
                at_least(f, right, level.above())
            }
            ExprKind::OrElse(left, right) => {
                at_least(f, left, Level::OrElse)?;
                f.write_str(" or else ")?;
                at_least(f, right, Level::Sum)
            }
            ExprKind::InList { value, list, negated } => {
                at_least(f, value, Level::OrElse)?;
                f.write_str(if *negated { " not in [" } else { " in [" })?;
                joined(f, list, ", ")?;
                f.write_char(']')
            }
            ExprKind::InRange { value, low, high, closed, negated } => {
                at_least(f, value, Level::OrElse)?;
                f.write_str(if *negated { " not in " } else { " in " })?;
                at_least(f, low, Level::OrElse)?;
                f.write_str(range_operator(*closed))?;
                at_least(f, high, Level::OrElse)
            }
            ExprKind::IsMissing { value, negated } => {
                at_least(f, value, Level::OrElse)?;
                f.write_str(if *negated { " is not missing" } else { " is missing" })
            }
            ExprKind::If { condition, then, otherwise } => {
                write!(f, "if {condition} then {then} else {otherwise}")
            }
            ExprKind::Call(call) => call.fmt(f),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}(", self.function.value)?;
        joined(f, &self.arguments, ", ")?;
        if let Some(period) = &self.period {
            write!(f, " in {}", period.value)?;
        }
        if let Some(to) = &self.to {
            write!(f, " to {}", to.value)?;
        }
        if let Some(filter) = &self.filter {
            write!(f, " where {filter}")?;
        }
        f.write_char(')')
    }
}

impl BinaryOp {
    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Equal => "=",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => ">=",
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
        }
    }
}

impl Display for BinaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.sign())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Literal::Number(n) => number(f, *n),
            Literal::Percent(n) => {
                number(f, hundredfold(*n))?;
                f.write_char('%')
            }
            Literal::Text(text) => quoted(f, text),
            Literal::Boolean(value) => value.fmt(f),
            Literal::Date(date) => date.fmt(f),
            Literal::DateTime(moment) => write!(f, "{}T{}", moment.date(), moment.time()),
            Literal::Duration(amount, unit) => duration(f, *amount, *unit),
        }
    }
}

fn op_level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Or => Level::Or,
        BinaryOp::And => Level::And,
        BinaryOp::Add | BinaryOp::Subtract => Level::Sum,
        BinaryOp::Multiply | BinaryOp::Divide => Level::Product,
        _ => Level::Comparison,
    }
}

fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::If { .. } => Level::If,
        ExprKind::Unary(UnaryOp::Not, _) => Level::Not,
        ExprKind::Unary(UnaryOp::Negate, _) => Level::Negate,
        ExprKind::Binary(op, ..) => op_level(*op),
        ExprKind::InList { .. } | ExprKind::InRange { .. } | ExprKind::IsMissing { .. } => Level::Comparison,
        ExprKind::OrElse(..) => Level::OrElse,
        ExprKind::Literal(_) | ExprKind::Path(_) | ExprKind::Call(_) => Level::Operand,
    }
}

fn at_least(f: &mut Formatter<'_>, expr: &Expr, wanted: Level) -> Result {
    if level(expr) < wanted { write!(f, "({expr})") } else { expr.fmt(f) }
}

/// `..` or ` ..< `
pub(super) fn range_operator(closed: bool) -> &'static str {
    if closed { ".." } else { " ..< " }
}

/// `30 days`, `1 month`
pub(super) fn duration(f: &mut Formatter<'_>, amount: i64, unit: Unit) -> Result {
    let word = match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    };
    number(f, Decimal::from(amount))?;
    write!(f, " {}", plural(amount, word))
}

/// A fraction as a percentage.
pub(super) fn hundredfold(fraction: Decimal) -> Decimal {
    let mut percent = fraction.normalize();
    match percent.scale().checked_sub(2) {
        Some(scale) if percent.set_scale(scale).is_ok() => percent,
        _ => fraction.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(Decimal::MAX),
    }
}

/// A number with `_` between thousands from 10_000 on.
pub(super) fn number(f: &mut Formatter<'_>, n: Decimal) -> Result {
    let plain = n.normalize().to_string();
    let unsigned = plain.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if plain.len() > unsigned.len() {
        f.write_char('-')?;
    }
    for (i, digit) in whole.char_indices() {
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            f.write_char('_')?;
        }
        f.write_char(digit)?;
    }
    if fraction.is_empty() { Ok(()) } else { write!(f, ".{fraction}") }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

trait Shown {
    fn shown(&self, f: &mut Formatter<'_>) -> Result;
}

impl Shown for Expr {
    fn shown(&self, f: &mut Formatter<'_>) -> Result {
        self.fmt(f)
    }
}

impl Shown for Name {
    fn shown(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.value)
    }
}

fn joined(f: &mut Formatter<'_>, items: &[impl Shown], separator: &str) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        item.shown(f)?;
    }
    Ok(())
}
