//! Every ordered type as a line of integers, so that boundaries are decided exactly by one piece of code.
//!
//! An exact type is its stored integer (money in 0.0001, a score in 10⁻¹⁸). A float is mapped to an integer
//! that keeps the order, neighbouring floats to neighbouring integers. `< x` is then `≤ key(x) − 1` for all.

use std::cmp::Ordering;

use accolade_parser::expr::ast::Literal;
use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Float64Array, Int64Array};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use rust_decimal::Decimal;

use super::fraction::Fraction;
use crate::values::types::{MONEY_SCALE, SCORE_SCALE};
use crate::values::{Type, Value};
use crate::{literals, ops};

/// How a type's values lie on the line of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Integers counted in 10^-scale.
    Exact {
        /// The type, for showing a key.
        ty: Type,
        /// Decimal places.
        scale: i8,
    },
    /// Finite floats.
    Float(Type),
}

impl Domain {
    /// The domain of a numeric type.
    pub fn of(ty: Type) -> Option<Domain> {
        Some(match ty {
            Type::Integer | Type::Duration => Domain::Exact { ty, scale: 0 },
            Type::Money => Domain::Exact { ty, scale: MONEY_SCALE },
            Type::Score => Domain::Exact { ty, scale: SCORE_SCALE },
            Type::Number | Type::Percent => Domain::Float(ty),
            _ => return None,
        })
    }

    /// The type whose values it orders.
    #[inline]
    pub fn ty(self) -> Type {
        match self {
            Domain::Exact { ty, .. } | Domain::Float(ty) => ty,
        }
    }

    /// The key of a value of the type; `None` for a missing one.
    #[inline]
    pub fn key(self, value: &Value) -> Option<i128> {
        match value {
            Value::Integer(v) => Some(i128::from(*v)),
            Value::Money(v) | Value::Score(v) => Some(*v),
            Value::Number(v) => Some(float_key(*v)),
            _ => None,
        }
    }

    /// The value of a key.
    #[inline]
    pub fn value(self, key: i128) -> Value {
        match self {
            Domain::Exact { ty: Type::Money, .. } => Value::Money(key),
            Domain::Exact { ty: Type::Score, .. } => Value::Score(key),
            Domain::Exact { .. } => {
                Value::Integer(i64::try_from(key).unwrap_or(if key < 0 { i64::MIN } else { i64::MAX }))
            }
            Domain::Float(_) => Value::Number(key_float(key)),
        }
    }

    /// The largest key that is not above `literal` and the smallest that is not below it; equal when the
    /// type can hold it exactly.
    pub fn nearest_keys(self, literal: &Literal) -> Option<(i128, i128)> {
        let decimal = match literal {
            Literal::Number(d) | Literal::Percent(d) => *d,
            other => {
                let key = self.key(&literals::convert(other, self.ty())?)?;
                return Some((key, key));
            }
        };
        match self {
            Domain::Exact { scale, .. } => decimal_keys(decimal, scale),
            Domain::Float(_) => {
                let Value::Number(nearest) = literals::convert(literal, Type::Number)? else { return None };
                let key = float_key(nearest);
                // A literal of many digits may lie beside the decimal that the float nearest to it counts as.
                Some(match Fraction::of_number(nearest).cmp(&Fraction::of(&Value::Decimal(decimal))?) {
                    Ordering::Less => (key, key + 1),
                    Ordering::Equal => (key, key),
                    Ordering::Greater => (key - 1, key),
                })
            }
        }
    }

    /// A key as an amount that can be added up exactly: the stored integer, or the float's shortest decimal
    /// in units of 10^-places.
    pub fn amount(self, key: i128, places: i32) -> Option<i128> {
        match self {
            Domain::Exact { .. } => Some(key),
            Domain::Float(_) => {
                let (mantissa, exponent) = ops::shortest_decimal(key_float(key));
                ops::scale_by_ten(mantissa, exponent + places).ok()
            }
        }
    }
}

fn decimal_keys(decimal: Decimal, scale: i8) -> Option<(i128, i128)> {
    let decimal = decimal.normalize();
    let scale = u32::from(scale.unsigned_abs());
    if decimal.scale() <= scale {
        let key = decimal.mantissa().checked_mul(ops::power_of_ten(scale - decimal.scale())?)?;
        return Some((key, key));
    }
    let floor = decimal.mantissa().div_euclid(ops::power_of_ten(decimal.scale() - scale)?);
    Some((floor, floor + 1))
}

/// The key of a finite float.
#[inline]
pub fn float_key(value: f64) -> i128 {
    let bits = (value + 0.0).to_bits().cast_signed();
    i128::from(if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits })
}

/// The float of a key.
#[inline]
pub fn key_float(key: i128) -> f64 {
    let key = i64::try_from(key).unwrap_or(if key < 0 { i64::MIN + 1 } else { i64::MAX });
    let bits = if key < 0 { i64::MIN.wrapping_sub(key) } else { key };
    let value = f64::from_bits(bits.cast_unsigned());
    if value.is_finite() { value } else { f64::MAX.copysign(value) }
}

/// A numeric column as keys.
#[derive(Clone, Copy, Debug)]
pub enum KeyColumn<'a> {
    /// Integers and durations.
    Integer(&'a Int64Array),
    /// Money and scores.
    Decimal(&'a Decimal128Array),
    /// Numbers and percentages.
    Float(&'a Float64Array),
}

impl<'a> KeyColumn<'a> {
    /// The keys of a numeric column; `None` for a column of another type.
    pub fn of(column: &'a ArrayRef) -> Option<KeyColumn<'a>> {
        Some(match column.data_type() {
            DataType::Int64 => KeyColumn::Integer(column.as_primitive::<Int64Type>()),
            DataType::Decimal128(..) => KeyColumn::Decimal(column.as_primitive::<Decimal128Type>()),
            DataType::Float64 => KeyColumn::Float(column.as_primitive::<Float64Type>()),
            _ => return None,
        })
    }

    /// The key at `row`; `None` where the value is missing.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i128> {
        match self {
            KeyColumn::Integer(a) => a.is_valid(row).then(|| i128::from(a.value(row))),
            KeyColumn::Decimal(a) => a.is_valid(row).then(|| a.value(row)),
            KeyColumn::Float(a) => a.is_valid(row).then(|| float_key(a.value(row))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_keys_keep_order_and_come_back() {
        let values = [-1e300, -1.5, -f64::MIN_POSITIVE, 0.0, 5e-324, 0.1, 0.3, 1.0, 1e300];
        assert!(values.windows(2).all(|w| float_key(w[0]) < float_key(w[1])));
        assert!(values.iter().all(|v| key_float(float_key(*v)).to_bits() == v.to_bits()));
        assert_eq!(float_key(-0.0), float_key(0.0));
        assert_eq!(key_float(float_key(1.0) + 1), 1.0f64.next_up());
        assert_eq!(float_key(0.0) - 1, float_key(-5e-324));
    }
}
