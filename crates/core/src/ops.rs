//! Kernels on single values. Each operator is defined once for both evaluators, here or, where it computes with
//! fractions, in `eval/number_kernels.rs`.

use std::cmp::Ordering;

pub use crate::values::fault::{EvalResult, Fault};
use crate::values::types::MONEY_SCALE;
use crate::values::value::Value;

/// The value, with zero without a sign. A value that is not finite is an overflow.
#[inline]
pub fn finite(value: f64) -> EvalResult<f64> {
    if value.is_finite() { Ok(value + 0.0) } else { Err(Fault::Overflow) }
}

/// `numerator / denominator` rounded half to even. `denominator` must not be zero.
#[inline]
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let quotient = match (i64::try_from(numerator), i64::try_from(denominator)) {
        // Division of 64-bit integers is fast, and most amounts fit them.
        (Ok(numerator), Ok(denominator)) if denominator > 0 => i128::from(numerator / denominator),
        _ => numerator / denominator,
    };
    let remainder = numerator - quotient * denominator;
    let half = remainder.unsigned_abs().cmp(&(denominator.unsigned_abs() - remainder.unsigned_abs()));
    let away = match half {
        Ordering::Less => false,
        Ordering::Equal => quotient % 2 != 0,
        Ordering::Greater => true,
    };
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    if away { quotient + sign } else { quotient }
}

/// 10 to the power `exponent`, if a 128-bit integer holds it.
#[inline]
pub fn power_of_ten(exponent: u32) -> Option<i128> {
    POWERS_OF_TEN.get(exponent as usize).copied()
}

const POWERS_OF_TEN: [i128; 39] = {
    let mut powers = [1; 39];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// The product, if a 128-bit integer holds it.
#[inline]
pub fn product(a: i128, b: i128) -> EvalResult<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Ok(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b).ok_or(Fault::Overflow),
    }
}

/// The shortest decimal that reads back as `value`: mantissa and power of ten.
pub fn shortest_decimal(value: f64) -> (i128, i32) {
    short_decimal(value).unwrap_or_else(|| printed_decimal(value))
}

/// The shortest decimal of a value that has few digits, as most have.
///
/// A quotient of whole numbers below 2⁵³ is the float nearest to it, so a mantissa that gives the value back is a
/// decimal of it. Of decimals of up to 15 digits only one reads back as any float, so it is the shortest.
fn short_decimal(value: f64) -> Option<(i128, i32)> {
    let mut power = 1.0;
    for places in 0..=6 {
        let mantissa = (value * power).round();
        if mantissa.abs() >= 1e15 || !mantissa.is_finite() {
            return None;
        }
        if mantissa / power == value {
            return Some(without_zeros(mantissa as i64, -places));
        }
        power *= 10.0;
    }
    None
}

fn without_zeros(mut mantissa: i64, mut exponent: i32) -> (i128, i32) {
    if mantissa == 0 {
        return (0, 0);
    }
    while mantissa % 10 == 0 {
        mantissa /= 10;
        exponent += 1;
    }
    (i128::from(mantissa), exponent)
}

/// The shortest decimal of any value.
fn printed_decimal(value: f64) -> (i128, i32) {
    // `{:e}` prints the shortest digits that round-trip, as `d.ddde±x`.
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let fraction = digits.split_once('.').map_or(0, |(_, f)| f.len());
    let mantissa: i128 = digits.replace('.', "").parse().unwrap_or(0);
    (mantissa, exponent - i32::try_from(fraction).unwrap_or(0))
}

/// `value · 10^exponent` rounded half to even.
#[inline]
pub fn scale_by_ten(value: i128, exponent: i32) -> EvalResult<i128> {
    if value == 0 {
        return Ok(0);
    }
    if exponent >= 0 {
        product(value, power_of_ten(exponent.unsigned_abs()).ok_or(Fault::Overflow)?)
    } else {
        // Beyond 10³⁸ every 128-bit value rounds to zero.
        Ok(power_of_ten(exponent.unsigned_abs()).map_or(0, |divisor| divide_half_even(value, divisor)))
    }
}

/// Money × integer.
#[inline]
pub fn money_times_integer(money: i128, integer: i64) -> EvalResult<i128> {
    product(money, i128::from(integer))
}

/// Money × number, with the number taken as its shortest decimal, rounded half to even.
#[inline]
pub fn money_times_number(money: i128, number: f64) -> EvalResult<i128> {
    let (mantissa, exponent) = shortest_decimal(number);
    scale_by_ten(product(money, mantissa)?, exponent)
}

/// Money / number, with the number taken as its shortest decimal, rounded half to even.
#[inline]
pub fn money_by_number(money: i128, number: f64) -> EvalResult<i128> {
    if number == 0.0 {
        return Err(Fault::DivisionByZero);
    }
    let (mantissa, exponent) = shortest_decimal(number);
    // money / (m · 10^e) = (money · 10^-e) / m, kept exact until the one rounding.
    if exponent <= 0 {
        let raised = scale_by_ten(money, -exponent)?;
        Ok(divide_half_even(raised, mantissa))
    } else {
        let divisor = scale_by_ten(mantissa, exponent)?;
        Ok(divide_half_even(money, divisor))
    }
}

/// Money / integer, rounded half to even.
#[inline]
pub fn money_by_integer(money: i128, integer: i64) -> EvalResult<i128> {
    if integer == 0 { Err(Fault::DivisionByZero) } else { Ok(divide_half_even(money, i128::from(integer))) }
}

/// Integer / integer towards zero, in scripts.
#[inline]
pub fn integer_by_integer(a: i64, b: i64) -> EvalResult<i64> {
    if b == 0 { Err(Fault::DivisionByZero) } else { a.checked_div(b).ok_or(Fault::Overflow) }
}

/// The remainder of a division that truncates towards zero, in scripts.
#[inline]
pub fn integer_remainder(a: i64, b: i64) -> EvalResult<i64> {
    if b == 0 { Err(Fault::DivisionByZero) } else { a.checked_rem(b).ok_or(Fault::Overflow) }
}

/// A number as money: its shortest decimal rounded half to even to 4 places.
#[inline]
pub fn number_to_money(number: f64) -> EvalResult<i128> {
    let (mantissa, exponent) = shortest_decimal(number);
    scale_by_ten(mantissa, exponent + i32::from(MONEY_SCALE))
}

/// Microseconds of a day.
pub const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The day of a datetime.
#[inline]
pub fn day_of(micros: i64) -> i32 {
    i32::try_from(micros.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX)
}

/// The sign of a value; `Equal` for a missing one, since a result that depends on it is always missing.
#[inline]
pub fn sign(value: &Value) -> Ordering {
    match value {
        Value::Integer(v) => v.cmp(&0),
        Value::Money(v) | Value::Score(v) => v.cmp(&0),
        Value::Decimal(v) => v.cmp(&rust_decimal::Decimal::ZERO),
        Value::Number(v) => v.partial_cmp(&0.0).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}

/// The order of two values of the same variant; `None` when one is missing or the variants differ.
#[inline]
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Money(a), Value::Money(b)) | (Value::Score(a), Value::Score(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_goes_to_even() {
        for (n, d, expected) in
            [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (5, -2, -2), (6, 4, 2), (2, 3, 1), (1, 3, 0), (-2, 3, -1)]
        {
            assert_eq!(divide_half_even(n, d), expected, "{n}/{d}");
        }
    }

    #[test]
    fn shortest_decimals_read_back() {
        for value in [0.0, 0.3, -0.1, 1e300, 5e-324, 123_456.789, 1.0, 30.0] {
            let (mantissa, exponent) = shortest_decimal(value);
            assert_eq!(format!("{mantissa}e{exponent}").parse::<f64>(), Ok(value));
        }
    }

    fn check_shortest(value: f64) {
        assert_eq!(shortest_decimal(value), printed_decimal(value), "{value:e}");
    }

    #[test]
    fn few_digits_are_the_shortest_decimal_too() {
        for value in
            [0.0, -0.0, 1.15, -1.15, 0.3, 1e15, 999_999_999_999_999.0, 1e14, 123_456_789.123_456, 1e-7, 0.1 + 0.2]
        {
            check_shortest(value);
            check_shortest(value.next_up());
            check_shortest(value.next_down());
        }
        for exponent in -30..=30 {
            (1..=999).for_each(|digits| check_shortest(format!("{digits}e{exponent}").parse().unwrap()));
        }
        for special in [f64::MAX, f64::MIN_POSITIVE, 5e-324, 4_503_599_627_370_497.5, 9_007_199_254_740_993.0] {
            check_shortest(special);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_float_has_the_decimal_that_is_printed(
            bits in proptest::prelude::any::<u64>(),
            digits in -9_999_999_999_999_999i64..=9_999_999_999_999_999,
            places in 0u32..20,
            cut in 0u32..16,
        ) {
            let any = f64::from_bits(bits);
            if any.is_finite() {
                check_shortest(any);
            }
            // Decimals of every length, and their neighbours.
            let written: f64 = format!("{}e-{places}", digits / 10i64.pow(cut)).parse().unwrap();
            for value in [written, written.next_up(), written.next_down()] {
                check_shortest(value);
            }
        }

        #[test]
        fn half_goes_to_even_whatever_the_size(
            numerator in proptest::prelude::any::<i128>(),
            denominator in proptest::prelude::any::<i128>(),
            cut in 0u32..127,
            other_cut in 0u32..127,
        ) {
            let (numerator, denominator) = (numerator >> 1 >> cut, denominator >> 1 >> other_cut);
            if denominator != 0 {
                let rounded = divide_half_even(numerator, denominator);
                let [exact, below, above] = [rounded, rounded - 1, rounded + 1].map(|q| {
                    let off = num_bigint::BigInt::from(q) * denominator - numerator;
                    off.magnitude().clone()
                });
                assert!(exact <= below && exact <= above);
                assert!((exact != below && exact != above) || rounded % 2 == 0);
            }
        }
    }

    #[test]
    fn money_arithmetic_is_decimal() {
        // 0.1 · 3 is 0.30000000000000004 in floats.
        assert_eq!(money_times_number(1_000, 3.0), Ok(3_000));
        assert_eq!(money_times_number(10, 0.05), Ok(0));
        assert_eq!(money_times_number(30, 0.05), Ok(2));
        assert_eq!(money_by_number(10_000, 0.3), Ok(33_333));
        assert_eq!(money_by_number(10_000, 0.0), Err(Fault::DivisionByZero));
        assert_eq!(money_by_integer(10_000, 3), Ok(3_333));
        assert_eq!(number_to_money(1e-300), Ok(0));
        assert_eq!(number_to_money(1e300), Err(Fault::Overflow));
    }
}
