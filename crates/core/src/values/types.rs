//! The types of values and how each is held in Arrow.

use std::fmt;

use arrow::datatypes::{DataType, TimeUnit};

/// Decimal places of money: 1 unit of the stored integer is 0.0001 of the currency.
pub const MONEY_SCALE: i8 = 4;
/// Decimal places of a score; enough to decide any grade boundary exactly.
pub const SCORE_SCALE: i8 = 18;
/// Precision of both, the most a 128-bit decimal holds.
pub const PRECISION: u8 = 38;

/// The type of a value. Whether it may be missing is kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// UTF-8 text.
    Text,
    /// True or false.
    Boolean,
    /// A 64-bit whole number.
    Integer,
    /// A 64-bit float, always finite.
    Number,
    /// A fraction, held like a number; `30%` is 0.3.
    Percent,
    /// An exact amount in the rule set's currency, four decimal places.
    Money,
    /// A rating's score, exact to 18 decimal places.
    Score,
    /// A calendar date.
    Date,
    /// A date and a time of day, in microseconds, without a time zone.
    DateTime,
    /// A number of days.
    Duration,
    /// A decimal of up to 28 digits whose point floats, as scripts compute with; no column of a source has it.
    Decimal,
    /// The event rows of one customer, for scripts alone.
    Rows,
}

impl Type {
    /// The Arrow type of a column of this type.
    pub fn arrow(self) -> DataType {
        match self {
            Type::Text => DataType::Utf8View,
            Type::Boolean => DataType::Boolean,
            Type::Integer | Type::Duration => DataType::Int64,
            Type::Number | Type::Percent => DataType::Float64,
            Type::Money => DataType::Decimal128(PRECISION, MONEY_SCALE),
            Type::Score => DataType::Decimal128(PRECISION, SCORE_SCALE),
            Type::Date => DataType::Date32,
            Type::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
            Type::Decimal => DataType::FixedSizeBinary(16),
            // What rows hold depends on the source.
            Type::Rows => DataType::Null,
        }
    }

    /// Whether it is held as a 64-bit float.
    pub fn is_float(self) -> bool {
        matches!(self, Type::Number | Type::Percent)
    }

    /// Whether its values can be used in arithmetic.
    pub fn is_numeric(self) -> bool {
        matches!(self, Type::Integer | Type::Number | Type::Percent | Type::Money | Type::Score | Type::Decimal)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Text => "text",
            Type::Boolean => "boolean",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Percent => "percent",
            Type::Money => "money",
            Type::Score => "score",
            Type::Date => "date",
            Type::DateTime => "datetime",
            Type::Duration => "duration",
            Type::Decimal => "decimal",
            Type::Rows => "rows",
        })
    }
}
