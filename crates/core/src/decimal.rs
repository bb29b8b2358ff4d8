//! Columns of floating decimals, which lowered scripts compute with: 16 bytes each, as `rust_decimal` serialises them.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, FixedSizeBinaryArray};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use rust_decimal::Decimal;

use super::ops;
use crate::model::CompareOp;
use crate::values::fault::{EvalResult, Fault};
use crate::values::types::MONEY_SCALE;

/// The bytes of a decimal.
const WIDTH: usize = 16;

/// A column of decimals; `None` is a missing value.
pub fn array(values: impl Iterator<Item = Option<Decimal>>) -> ArrayRef {
    let mut bytes = Vec::with_capacity(values.size_hint().0 * WIDTH);
    let mut present = Vec::with_capacity(values.size_hint().0);
    for value in values {
        bytes.extend_from_slice(&value.unwrap_or_default().serialize());
        present.push(value.is_some());
    }
    let nulls = NullBuffer::from(present);
    let nulls = (nulls.null_count() > 0).then_some(nulls);
    Arc::new(FixedSizeBinaryArray::new(16, Buffer::from_vec(bytes), nulls))
}

/// The decimal at `row`, which must not be missing.
#[inline]
pub fn value(column: &FixedSizeBinaryArray, row: usize) -> Decimal {
    column.value(row).try_into().map(Decimal::deserialize).unwrap_or_default()
}

/// Money as a decimal of four places.
#[inline]
pub fn of_money(money: i128) -> EvalResult<Decimal> {
    scaled(money, MONEY_SCALE)
}

/// `unscaled · 10^-scale`, a decimal of `scale` places.
#[inline]
pub fn scaled(unscaled: i128, scale: i8) -> EvalResult<Decimal> {
    Decimal::try_from_i128_with_scale(unscaled, u32::from(scale.unsigned_abs())).map_err(|_| Fault::Overflow)
}

/// A decimal as money, rounded half to even to four places.
#[inline]
pub fn to_money(decimal: Decimal) -> EvalResult<i128> {
    let exponent = i32::from(MONEY_SCALE) - i32::try_from(decimal.scale()).unwrap_or(0);
    ops::scale_by_ten(decimal.mantissa(), exponent)
}

/// A number as the decimal of its shortest text.
pub fn of_number(number: f64) -> EvalResult<Decimal> {
    let (mantissa, exponent) = ops::shortest_decimal(number);
    let (mantissa, scale) =
        if exponent >= 0 { (ops::scale_by_ten(mantissa, exponent)?, 0) } else { (mantissa, -exponent) };
    let scale = scale.unsigned_abs();
    if scale <= Decimal::MAX_SCALE {
        return Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| Fault::Overflow);
    }
    // More places than a decimal has: rounded to those it has.
    let rounded = ops::scale_by_ten(mantissa, i32::try_from(Decimal::MAX_SCALE).unwrap_or(28) - scale.cast_signed())?;
    Decimal::try_from_i128_with_scale(rounded, Decimal::MAX_SCALE).map_err(|_| Fault::Overflow)
}

/// A decimal as the nearest number.
pub fn to_number(decimal: Decimal) -> f64 {
    decimal.to_string().parse().unwrap_or(f64::NAN)
}

/// An operator of two decimals.
pub type DecimalKernel = fn(Decimal, Decimal) -> EvalResult<Decimal>;

/// The sum.
#[inline]
pub fn add(a: Decimal, b: Decimal) -> EvalResult<Decimal> {
    a.checked_add(b).ok_or(Fault::Overflow)
}

/// The difference.
#[inline]
pub fn subtract(a: Decimal, b: Decimal) -> EvalResult<Decimal> {
    a.checked_sub(b).ok_or(Fault::Overflow)
}

/// The product, rounded where it has more than 28 digits.
#[inline]
pub fn multiply(a: Decimal, b: Decimal) -> EvalResult<Decimal> {
    a.checked_mul(b).ok_or(Fault::Overflow)
}

/// The quotient to 28 digits.
pub fn divide(a: Decimal, b: Decimal) -> EvalResult<Decimal> {
    if b.is_zero() { Err(Fault::DivisionByZero) } else { a.checked_div(b).ok_or(Fault::Overflow) }
}

/// The remainder of a division that truncates towards zero.
pub fn remainder(a: Decimal, b: Decimal) -> EvalResult<Decimal> {
    if b.is_zero() { Err(Fault::DivisionByZero) } else { a.checked_rem(b).ok_or(Fault::Overflow) }
}

/// A column as decimals. Calls `failed` for each row whose value is too large for a decimal.
pub fn cast(column: &ArrayRef, failed: impl Fn(usize, Fault)) -> ArrayRef {
    let rows = 0..column.len();
    let some = |row: usize, outcome: EvalResult<Decimal>| outcome.map_err(|fault| failed(row, fault)).ok();
    match column.data_type() {
        DataType::Int64 => {
            let integers = column.as_primitive::<Int64Type>();
            array(integers.iter().map(|v| v.map(Decimal::from)))
        }
        DataType::Float64 => {
            let numbers = column.as_primitive::<Float64Type>();
            array(rows.map(|row| numbers.is_valid(row).then(|| some(row, of_number(numbers.value(row)))).flatten()))
        }
        DataType::Decimal128(_, scale) => {
            let exact = column.as_primitive::<Decimal128Type>();
            array(rows.map(|row| exact.is_valid(row).then(|| some(row, scaled(exact.value(row), *scale))).flatten()))
        }
        _ => Arc::clone(column),
    }
}

/// A comparison of two columns of decimals.
pub fn compare(compare: CompareOp, a: &FixedSizeBinaryArray, b: &FixedSizeBinaryArray) -> BooleanArray {
    // A column of one row stands for that value in every row.
    let of_b = |row: usize| if b.len() == 1 { 0 } else { row };
    let holds = |row: usize| {
        let present = a.is_valid(row) && b.is_valid(of_b(row));
        present.then(|| compare.holds(value(a, row).cmp(&value(b, of_b(row)))))
    };
    (0..a.len()).map(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimals_as_written() {
        for (number, expected) in
            [(0.1, "0.1"), (-2.5, "-2.5"), (1e20, "100000000000000000000"), (1e-30, "0"), (0.0, "0")]
        {
            assert_eq!(of_number(number).unwrap().normalize().to_string(), expected, "{number}");
        }
        assert_eq!(of_number(1e30), Err(Fault::Overflow));
    }

    #[test]
    fn money_keeps_its_places_and_columns_their_values() {
        let one = of_money(12_500).unwrap();
        assert_eq!(one.to_string(), "1.2500");
        let column = array([Some(one), None].into_iter());
        let column = column.as_fixed_size_binary();
        assert!(column.is_null(1));
        assert_eq!(value(column, 0).to_string(), "1.2500");
    }
}
