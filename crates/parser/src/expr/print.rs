//! Canonical printing of expressions: what is printed parses to the same tree.
//!
//! Brackets stand only where the tree needs them, except that `if` as an operand always has them.

use std::fmt::{Display, Formatter, Result, Write};

use rust_decimal::Decimal;

use super::ast::{BinaryOp, Call, Expr, ExprKind, Literal, TimeUnit, UnaryOp};
use crate::plural;
use crate::span::Name;

/// The precedence table at the head of the grammar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
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

impl Precedence {
    /// The level a right operand must have, for operators that associate to the left.
    fn next_tighter(self) -> Precedence {
        match self {
            Precedence::If => Precedence::Or,
            Precedence::Or => Precedence::And,
            Precedence::And => Precedence::Not,
            Precedence::Not => Precedence::Comparison,
            Precedence::Comparison => Precedence::OrElse,
            Precedence::OrElse => Precedence::Sum,
            Precedence::Sum => Precedence::Product,
            Precedence::Product => Precedence::Negate,
            Precedence::Negate | Precedence::Operand => Precedence::Operand,
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
                write_operand(f, operand, Precedence::Negate)
            }
            ExprKind::Unary(UnaryOp::Not, operand) => {
                f.write_str("not ")?;
                write_operand(f, operand, Precedence::Not)
            }
            ExprKind::Binary(op, left, right) => {
                let level = op_level(*op);
                // Comparisons do not associate, so both sides are of the next level.
                let left_level = if level == Precedence::Comparison { level.next_tighter() } else { level };
                write_operand(f, left, left_level)?;
                write!(f, " {op} ")?;
                write_operand(f, right, level.next_tighter())
            }
            ExprKind::OrElse(left, right) => {
                write_operand(f, left, Precedence::OrElse)?;
                f.write_str(" or else ")?;
                write_operand(f, right, Precedence::Sum)
            }
            ExprKind::InList { value, list, negated } => {
                write_operand(f, value, Precedence::OrElse)?;
                f.write_str(if *negated { " not in [" } else { " in [" })?;
                joined(f, list, ", ")?;
                f.write_char(']')
            }
            ExprKind::InRange { value, low, high, closed, negated } => {
                write_operand(f, value, Precedence::OrElse)?;
                f.write_str(if *negated { " not in " } else { " in " })?;
                write_operand(f, low, Precedence::OrElse)?;
                f.write_str(range_operator(*closed))?;
                write_operand(f, high, Precedence::OrElse)
            }
            ExprKind::IsMissing { value, negated } => {
                write_operand(f, value, Precedence::OrElse)?;
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
    pub(super) fn symbol(self) -> &'static str {
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
        f.write_str(self.symbol())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            // Without its decimals it would no longer be doubted.
            Literal::Number(n) if self.may_be_thousands() => n.fmt(f),
            Literal::Number(n) => number(f, *n),
            Literal::Percent(n) => {
                number(f, to_percentage(*n))?;
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

fn op_level(op: BinaryOp) -> Precedence {
    match op {
        BinaryOp::Or => Precedence::Or,
        BinaryOp::And => Precedence::And,
        BinaryOp::Add | BinaryOp::Subtract => Precedence::Sum,
        BinaryOp::Multiply | BinaryOp::Divide => Precedence::Product,
        _ => Precedence::Comparison,
    }
}

fn level(expr: &Expr) -> Precedence {
    match &expr.kind {
        ExprKind::If { .. } => Precedence::If,
        ExprKind::Unary(UnaryOp::Not, _) => Precedence::Not,
        ExprKind::Unary(UnaryOp::Negate, _) => Precedence::Negate,
        ExprKind::Binary(op, ..) => op_level(*op),
        ExprKind::InList { .. } | ExprKind::InRange { .. } | ExprKind::IsMissing { .. } => Precedence::Comparison,
        ExprKind::OrElse(..) => Precedence::OrElse,
        ExprKind::Literal(_) | ExprKind::Path(_) | ExprKind::Call(_) => Precedence::Operand,
    }
}

fn write_operand(f: &mut Formatter<'_>, expr: &Expr, wanted: Precedence) -> Result {
    if level(expr) < wanted { write!(f, "({expr})") } else { expr.fmt(f) }
}

/// `..` or ` ..< `
pub(super) fn range_operator(closed: bool) -> &'static str {
    if closed { ".." } else { " ..< " }
}

/// `30 days`, `1 month`
pub(super) fn duration(f: &mut Formatter<'_>, amount: i64, unit: TimeUnit) -> Result {
    let word = match unit {
        TimeUnit::Day => "day",
        TimeUnit::Week => "week",
        TimeUnit::Month => "month",
        TimeUnit::Quarter => "quarter",
        TimeUnit::Year => "year",
    };
    number(f, Decimal::from(amount))?;
    write!(f, " {}", plural(amount, word))
}

/// A fraction as a percentage.
pub(super) fn to_percentage(fraction: Decimal) -> Decimal {
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

trait ListItem {
    fn write_item(&self, f: &mut Formatter<'_>) -> Result;
}

impl ListItem for Expr {
    fn write_item(&self, f: &mut Formatter<'_>) -> Result {
        self.fmt(f)
    }
}

impl ListItem for Name {
    fn write_item(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.value)
    }
}

fn joined(f: &mut Formatter<'_>, items: &[impl ListItem], separator: &str) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        item.write_item(f)?;
    }
    Ok(())
}
