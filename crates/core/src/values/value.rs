//! One value of a record.

use std::sync::Arc;

use arrow::array::StructArray;
use rust_decimal::Decimal;

use super::types::Type;

/// A value. The variants are storage forms, of which one may serve several types, see [`Type`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Missing.
    Null,
    /// `boolean`
    Boolean(bool),
    /// `integer`, and `duration` in days
    Integer(i64),
    /// `number` and `percent`; always finite, never −0
    Number(f64),
    /// `money`, in 0.0001 of the currency
    Money(i128),
    /// `score`, in 10⁻¹⁸
    Score(i128),
    /// `date`, in days since 1970-01-01
    Date(i32),
    /// `datetime`, in microseconds since 1970-01-01T00:00:00
    DateTime(i64),
    /// `text`
    Text(Arc<str>),
    /// `decimal`
    Decimal(Decimal),
    /// `rows`, one field per column
    Rows(Arc<StructArray>),
}

impl Value {
    /// Text.
    pub fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    /// Whether it is missing.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether a value of this variant can be held in a column of type `ty`.
    pub fn fits(&self, ty: Type) -> bool {
        matches!(
            (self, ty),
            (Value::Null, _)
                | (Value::Boolean(_), Type::Boolean)
                | (Value::Integer(_), Type::Integer | Type::Duration)
                | (Value::Number(_), Type::Number | Type::Percent)
                | (Value::Money(_), Type::Money)
                | (Value::Score(_), Type::Score)
                | (Value::Date(_), Type::Date)
                | (Value::DateTime(_), Type::DateTime)
                | (Value::Text(_), Type::Text)
                | (Value::Decimal(_), Type::Decimal)
                | (Value::Rows(_), Type::Rows)
        )
    }
}
