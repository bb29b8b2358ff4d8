//! The syntax tree of expressions and of the small notations around them.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::span::{Name, Span, Spanned};

/// An expression and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its form.
    pub kind: ExprKind,
    /// Where it is written.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `10_000`, `30%`, `"text"`, …
    Literal(Literal),
    /// `revenue`, `orders.amount`, `behaviour.r`: one or more names.
    Path(Vec<Name>),
    /// `-x`, `not x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, `a >= b`, `a and b`, …
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x in [a, b]`, `x not in [a, b]`
    InList {
        /// What is looked for.
        value: Box<Expr>,
        /// The list.
        list: Vec<Expr>,
        /// `not in`
        negated: bool,
    },
    /// `x in a..b` (closed), `x in a ..< b` (half-open), and `not in`.
    InRange {
        /// What is looked for.
        value: Box<Expr>,
        /// Lower end, included.
        low: Box<Expr>,
        /// Upper end.
        high: Box<Expr>,
        /// Whether the upper end is included (`..`).
        closed: bool,
        /// `not in`
        negated: bool,
    },
    /// `if c then x else y`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// When it holds.
        then: Box<Expr>,
        /// When it does not.
        otherwise: Box<Expr>,
    },
    /// `x is missing`, `x is not missing`
    IsMissing {
        /// The value that is tested.
        value: Box<Expr>,
        /// `is not missing`
        negated: bool,
    },
    /// `x or else y`
    OrElse(Box<Expr>, Box<Expr>),
    /// `f(a, b)`, `sum(orders.amount in year where orders.margin > 0)`, `retention(p to q where c)`
    Call(Call),
}

/// A call of a function or an aggregate.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub function: Name,
    /// Its arguments.
    pub arguments: Vec<Expr>,
    /// `in PERIOD`
    pub period: Option<Name>,
    /// `to PERIOD`, as in `retention(p to q)`
    pub to: Option<Name>,
    /// `where CONDITION`
    pub filter: Option<Box<Expr>>,
}

/// A literal value. Numbers are exact.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `10_000`, `12.5`
    Number(Decimal),
    /// `30%`, as a fraction: 0.3
    Percent(Decimal),
    /// `"text"`
    Text(String),
    /// `true`, `false`
    Boolean(bool),
    /// `2026-01-01`
    Date(NaiveDate),
    /// `2026-01-01T12:30:00`
    DateTime(NaiveDateTime),
    /// `30 days`, `6 months`
    Duration(i64, TimeUnit),
}

impl Literal {
    /// Whether it is a number such as `1.000`, which is one thousand where a point stands between groups of digits: with
    /// three decimals that are zero, after one to three digits.
    pub fn may_be_thousands(&self) -> bool {
        let Literal::Number(number) = self else { return false };
        let whole = number.trunc().abs();
        number.scale() == 3 && number.fract().is_zero() && !whole.is_zero() && whole < Decimal::ONE_THOUSAND
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
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
    /// `and`
    And,
    /// `or`
    Or,
}

/// A test of one value, as in a band: `< 1_000`, `1_000 ..< 10_000`, `>= 8`, `"gold"`, `missing`, `rest`.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// `< x`, `<= x`, `> x`, `>= x`, `= x` or a bare literal (the same as `= x`).
    Compare(BinaryOp, Spanned<Literal>),
    /// `a .. b` (closed) or `a ..< b` (half-open).
    Range {
        /// Lower end, included.
        low: Spanned<Literal>,
        /// Upper end.
        high: Spanned<Literal>,
        /// Whether the upper end is included (`..`).
        closed: bool,
    },
    /// `in ["a", "b"]`
    OneOf(Vec<Spanned<Literal>>),
    /// `missing`
    Missing,
    /// `rest`
    Rest,
}

/// How a class of an ABC analysis is cut.
#[derive(Clone, Debug, PartialEq)]
pub enum ClassCut {
    /// `top 80% of revenue`
    TopShare(Decimal, Option<Name>),
    /// `next 15% of revenue`
    NextShare(Decimal, Option<Name>),
    /// `own 20%`, `own 20% of revenue`
    OwnShare(Decimal, Option<Name>),
    /// `top 20% of customers`
    TopCustomersShare(Decimal),
    /// `next 30% of customers`
    NextCustomersShare(Decimal),
    /// `top 50 customers`
    TopCustomers(u64),
    /// `next 100 customers`
    NextCustomers(u64),
    /// `>= 100_000` (or any other comparison or range)
    Test(Pattern),
    /// `rest`
    Rest,
}

/// How values are put into bins: `5 by value`, `4 by rank nested`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bins {
    /// How many.
    pub count: u32,
    /// By which rule.
    pub by: BinRule,
    /// Frequency within recency, monetary within both.
    pub nested: bool,
}

/// The rule that places the edges of bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinRule {
    /// Quantiles of the values, right-closed.
    Value,
    /// Quantiles of the rank, ties broken by customer key.
    Rank,
    /// The rule of the R package `rfm`.
    RPackage,
}

/// A span of time relative to `as_of` or fixed.
#[derive(Clone, Debug, PartialEq)]
pub enum PeriodSpec {
    /// `last 12 months`: [as_of + 1 day − 12 months, as_of + 1 day).
    Last(i64, TimeUnit),
    /// `12 months before year`: the span that ends where `year` begins, its months counted from the same day.
    Before(i64, TimeUnit, Name),
    /// `2025-01-01 .. 2025-12-31` (closed) or `..<` (half-open).
    Between {
        /// First day.
        from: NaiveDate,
        /// Last day, or the day after with `..<`.
        to: NaiveDate,
        /// Whether `to` is in the period.
        closed: bool,
    },
}

/// A measure over the customer base: `sum(revenue) by customer_class, city`.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureSpec {
    /// What is measured.
    pub expr: Expr,
    /// The fields whose values make the groups, the outer one first.
    pub by: Vec<Spanned<Vec<Name>>>,
}

/// A column's declared type: `integer? 1..5`, `money`, `text in [gold, silver]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnType {
    /// `text`, `integer`, …
    pub base: BaseType,
    /// `?`: may be missing.
    pub nullable: bool,
    /// `1..5`: a closed range checked on read.
    pub range: Option<(Spanned<Literal>, Spanned<Literal>)>,
    /// `in [gold, silver]`: the only values it has, checked on read.
    pub allowed: Option<Vec<Spanned<Literal>>>,
}

/// The types a column can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseType {
    /// Text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A 64-bit whole number.
    Integer,
    /// A 64-bit floating-point number.
    Number,
    /// An exact amount of money with up to four decimal places.
    Money,
    /// A fraction; `30%` or `0.3` in the data.
    Percent,
    /// A calendar date.
    Date,
    /// A date and a time of day.
    DateTime,
}
