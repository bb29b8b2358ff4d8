//! SQL expressions that do not depend on a dialect.

use crate::values::types::{MONEY_SCALE, SCORE_SCALE};
use crate::values::{Type, Value};

/// An expression over the columns of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlExpr {
    /// A column by its name.
    Column(String),
    /// Text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A null of this type.
    Null(SqlType),
    /// A whole number of any size.
    Whole(i128),
    /// `unscaled · 10^-places`
    Decimal(i128, i8),
    /// A float.
    Float(f64),
    /// A day, counted from 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00.
    Moment(i64),
    /// A value as another type.
    Cast(Box<SqlExpr>, SqlType),
    /// An operator or function and its operands.
    Apply(SqlOp, Vec<SqlExpr>),
    /// Operands of an operator that takes any number of them.
    Chain(SqlVariadicOp, Vec<SqlExpr>),
    /// The result of the first condition that holds or, with a value to compare, of the first that equals it.
    Case(Option<Box<SqlExpr>>, Vec<(SqlExpr, SqlExpr)>, Option<Box<SqlExpr>>),
    /// Whether a value is one of a list.
    OneOf(Box<SqlExpr>, Vec<SqlExpr>),
    /// Text in the order of its code points.
    Collated(Box<SqlExpr>),
    /// An aggregate of the rows for which a condition holds.
    Aggregate(SqlOp, Vec<SqlExpr>, Option<Box<SqlExpr>>),
    /// A function over the rows of a partition, in descending order if there is an order.
    Window(SqlOp, Vec<SqlExpr>, Vec<SqlExpr>, Option<Box<SqlExpr>>),
}

/// The type of a value in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlType {
    /// `text`
    Text,
    /// `boolean`
    Boolean,
    /// `integer` and `duration`
    Integer,
    /// `number` and `percent`
    Double,
    /// `money`, four places
    Money,
    /// Points, six places
    Points,
    /// `score`, 18 places
    Score,
    /// `date`
    Date,
    /// `datetime`
    Moment,
    /// A whole number of up to 38 digits.
    Whole,
}

impl SqlType {
    /// The SQL type of a type; `None` for the types of scripts.
    pub fn of(ty: Type) -> Option<SqlType> {
        Some(match ty {
            Type::Text => SqlType::Text,
            Type::Boolean => SqlType::Boolean,
            Type::Integer | Type::Duration => SqlType::Integer,
            Type::Number | Type::Percent => SqlType::Double,
            Type::Money => SqlType::Money,
            Type::Score => SqlType::Score,
            Type::Date => SqlType::Date,
            Type::DateTime => SqlType::Moment,
            Type::Decimal | Type::Rows => return None,
        })
    }
}

/// An operator that takes any number of operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlVariadicOp {
    /// All hold.
    And,
    /// One holds.
    Or,
    /// A sum.
    Plus,
    /// Texts one after the other.
    Concat,
    /// The least that is not missing.
    Least,
    /// The greatest that is not missing.
    Greatest,
    /// The first that is not missing.
    Coalesce,
}

/// An operator or function with a fixed number of operands; `spelling.rs` spells each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says; the table of spellings shows its operands")]
pub enum SqlOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Not,
    IsNull,
    IsNotNull,
    Minus,
    Times,
    AddInteger,
    SubtractInteger,
    MultiplyInteger,
    DivideNumber,
    Share,
    IntegerOfWhole,
    DivideWhole,
    RemainderWhole,
    DivideHalfEven,
    MoneyOfWhole,
    PointsOfWhole,
    ScoreOfParts,
    DecimalOfNumber,
    WholeOfDecimal,
    MantissaOfNumber,
    PowerOfNumber,
    PowerOfTen,
    FloorWhole,
    NumberOfDecimal,
    NumberOfQuotient,
    RoundEven,
    NullIf,
    Floor,
    Ceil,
    Abs,
    Sqrt,
    Gcd,
    AddMonths,
    AddDays,
    DaysBetween,
    WholeMonths,
    Year,
    Quarter,
    Month,
    Day,
    Weekday,
    Lower,
    Upper,
    Trim,
    Length,
    Contains,
    StartsWith,
    EndsWith,
    DayText,
    CountRows,
    Count,
    CountDistinct,
    Sum,
    Min,
    Max,
    MinBoolean,
    MaxBoolean,
    First,
    Last,
    List,
    DatedList,
    Rank,
}

/// A value as a literal of its type.
pub fn literal(value: &Value, ty: Type) -> Option<SqlExpr> {
    Some(match value {
        Value::Null => SqlExpr::Null(SqlType::of(ty)?),
        Value::Boolean(v) => SqlExpr::Boolean(*v),
        Value::Integer(v) => SqlExpr::Whole(i128::from(*v)),
        Value::Number(v) => SqlExpr::Float(*v),
        Value::Money(v) => SqlExpr::Decimal(*v, MONEY_SCALE),
        Value::Score(v) => SqlExpr::Decimal(*v, SCORE_SCALE),
        Value::Date(v) => SqlExpr::Date(*v),
        Value::DateTime(v) => SqlExpr::Moment(*v),
        Value::Text(v) => SqlExpr::Text(v.to_string()),
        Value::Decimal(_) | Value::Rows(_) => return None,
    })
}

impl SqlExpr {
    /// An operator over operands.
    pub fn apply<const N: usize>(op: SqlOp, operands: [SqlExpr; N]) -> SqlExpr {
        SqlExpr::Apply(op, operands.into())
    }

    /// The value as another type.
    pub fn cast(self, ty: SqlType) -> SqlExpr {
        SqlExpr::Cast(Box::new(self), ty)
    }

    /// Whether it is missing.
    pub fn is_null(self) -> SqlExpr {
        SqlExpr::apply(SqlOp::IsNull, [self])
    }

    /// The comparison of two values by an operator.
    pub fn compare(self, op: SqlOp, other: SqlExpr) -> SqlExpr {
        SqlExpr::apply(op, [self, other])
    }

    /// Whether all conditions hold.
    pub fn all(conditions: Vec<SqlExpr>) -> SqlExpr {
        chain(SqlVariadicOp::And, conditions, true)
    }

    /// Whether one of the conditions holds.
    pub fn any(conditions: Vec<SqlExpr>) -> SqlExpr {
        chain(SqlVariadicOp::Or, conditions, false)
    }

    /// The result of the first condition that holds.
    pub fn case(whens: Vec<(SqlExpr, SqlExpr)>, otherwise: SqlExpr) -> SqlExpr {
        if whens.is_empty() {
            return otherwise;
        }
        SqlExpr::Case(None, whens, (!matches!(otherwise, SqlExpr::Null(_))).then(|| Box::new(otherwise)))
    }

    /// The first that is not missing.
    pub fn or_else(self, other: SqlExpr) -> SqlExpr {
        SqlExpr::Chain(SqlVariadicOp::Coalesce, vec![self, other])
    }

    /// Whether it is a column or a literal, which costs nothing to write twice.
    pub fn is_plain(&self) -> bool {
        matches!(
            self,
            SqlExpr::Column(_)
                | SqlExpr::Text(_)
                | SqlExpr::Boolean(_)
                | SqlExpr::Null(_)
                | SqlExpr::Whole(_)
                | SqlExpr::Decimal(..)
                | SqlExpr::Float(_)
                | SqlExpr::Date(_)
                | SqlExpr::Moment(_)
        ) || matches!(self, SqlExpr::Collated(inner) if inner.is_plain())
    }

    /// The same with each direct operand changed.
    pub fn map(self, change: &mut dyn FnMut(SqlExpr) -> SqlExpr) -> SqlExpr {
        let mut all = |list: Vec<SqlExpr>| list.into_iter().map(&mut *change).collect::<Vec<_>>();
        match self {
            SqlExpr::Cast(a, ty) => SqlExpr::Cast(Box::new(change(*a)), ty),
            SqlExpr::Collated(a) => SqlExpr::Collated(Box::new(change(*a))),
            SqlExpr::Apply(op, list) => SqlExpr::Apply(op, all(list)),
            SqlExpr::Chain(op, list) => SqlExpr::Chain(op, all(list)),
            SqlExpr::OneOf(a, list) => SqlExpr::OneOf(Box::new(change(*a)), list),
            SqlExpr::Case(of, whens, otherwise) => SqlExpr::Case(
                of.map(|of| Box::new(change(*of))),
                whens.into_iter().map(|(when, then)| (change(when), change(then))).collect(),
                otherwise.map(|otherwise| Box::new(change(*otherwise))),
            ),
            SqlExpr::Aggregate(op, list, filter) => {
                let list = all(list);
                SqlExpr::Aggregate(op, list, filter.map(|filter| Box::new(change(*filter))))
            }
            SqlExpr::Window(op, list, parts, order) => {
                let (list, parts) = (all(list), all(parts));
                SqlExpr::Window(op, list, parts, order.map(|order| Box::new(change(*order))))
            }
            plain => plain,
        }
    }

    /// Calls `visit` with the name of every column in it.
    pub fn for_each_column(&self, visit: &mut dyn FnMut(&str)) {
        if let SqlExpr::Column(name) = self {
            visit(name);
        }
        self.clone().map(&mut |operand| {
            operand.for_each_column(visit);
            operand
        });
    }
}

fn chain(op: SqlVariadicOp, mut operands: Vec<SqlExpr>, none: bool) -> SqlExpr {
    match operands.len() {
        0 => SqlExpr::Boolean(none),
        1 => operands.remove(0),
        _ => SqlExpr::Chain(op, operands),
    }
}
