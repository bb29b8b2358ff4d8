//! Exact numbers: a figure of the customer base is compared with its target without rounding.
//!
//! Floats count as the shortest decimal that reads back as them, so that three customers with 0.1 have 0.3.

use arrow::array::ArrayRef;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use rust_decimal::Decimal;

use crate::numbers::decimal_sum::DecimalSum;
use crate::numbers::domain::{Domain, KeyColumn, key_float};
use crate::numbers::nearest_float::quotient;
use crate::ops::{scale_by_ten, shortest_decimal};
use crate::values::Type;

/// An exact number.
pub type Exact = BigRational;

/// `numerator / denominator`; none for a denominator of zero.
pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Exact> {
    let denominator = denominator.into();
    (!denominator.is_zero()).then(|| Exact::new(numerator.into(), denominator))
}

/// A whole number.
pub fn whole(number: impl Into<BigInt>) -> Exact {
    Exact::from_integer(number.into())
}

/// `mantissa · 10^exponent`.
pub fn from_mantissa(mantissa: i128, exponent: i32) -> Exact {
    let ten = BigInt::from(10).pow(exponent.unsigned_abs());
    if exponent >= 0 { Exact::from_integer(ten * mantissa) } else { Exact::new(mantissa.into(), ten) }
}

/// A decimal.
pub fn decimal(decimal: Decimal) -> Exact {
    from_mantissa(decimal.mantissa(), -i32::try_from(decimal.scale()).unwrap_or(0))
}

/// The nearest float.
pub fn float(number: &Exact) -> f64 {
    let size = quotient(number.numer().magnitude(), number.denom().magnitude());
    // Zero has no sign.
    if number.is_negative() { 0.0 - size } else { size }
}

/// A number rounded half to even to `places` decimals.
pub fn round(number: &Exact, places: u32) -> Exact {
    Exact::from_integer(unscaled(number, places)) / unit(places)
}

/// The number of 10^-places that is nearest to a number, half to even.
fn unscaled(number: &Exact, places: u32) -> BigInt {
    half_even(&(number * unit(places)))
}

/// 10^places
fn unit(places: u32) -> Exact {
    from_mantissa(1, i32::try_from(places).unwrap_or(0))
}

/// As [`round`], as text.
pub fn rounded(number: &Exact, places: u32) -> String {
    let unscaled = unscaled(number, places);
    let digits = format!("{:0>width$}", unscaled.abs().to_string(), width = places as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places as usize);
    let sign = if unscaled.is_negative() { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A number in full where it is a short decimal, otherwise with `places` decimals.
pub fn shortest(number: &Exact, places: u32) -> String {
    let text = rounded(number, places);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The nearest integer, the even one of two.
pub(super) fn half_even(number: &Exact) -> BigInt {
    let floor = number.floor().to_integer();
    let rest = number - Exact::from_integer(floor.clone());
    let up = match rest.cmp(&Exact::new(BigInt::one(), BigInt::from(2))) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor.bit(0),
        std::cmp::Ordering::Greater => true,
    };
    if up { floor + 1 } else { floor }
}

/// A numeric column as mantissas and powers of ten.
#[derive(Clone, Copy, Debug)]
pub struct NumberColumn<'a> {
    keys: KeyColumn<'a>,
    exponent: i32,
}

impl<'a> NumberColumn<'a> {
    /// The numbers of a column of type `ty`; none for a type that is not numeric.
    pub fn of(column: &'a ArrayRef, ty: Type) -> Option<NumberColumn<'a>> {
        let exponent = match Domain::of(ty)? {
            Domain::Exact { scale, .. } => -i32::from(scale),
            Domain::Float(_) => 0,
        };
        Some(NumberColumn { keys: KeyColumn::of(column)?, exponent })
    }

    /// The number at `row`, if it is not missing.
    pub fn get(&self, row: usize) -> Option<(i128, i32)> {
        let key = self.keys.get(row)?;
        Some(if let KeyColumn::Float(_) = self.keys { shortest_decimal(key_float(key)) } else { (key, self.exponent) })
    }

    /// The key of the number at `row`, if it is not missing.
    pub fn key(&self, row: usize) -> Option<i128> {
        self.keys.get(row)
    }

    /// The number at `row`, if it is not missing, in units of 10^-places for a float and in its own for all others.
    pub fn amount(&self, row: usize, places: i32) -> Option<i128> {
        let (mantissa, exponent) = self.get(row)?;
        if let KeyColumn::Float(_) = self.keys {
            scale_by_ten(mantissa, exponent + places).ok()
        } else {
            Some(mantissa)
        }
    }

    /// The number of a key.
    pub fn of_key(&self, key: i128) -> Exact {
        let (mantissa, exponent) =
            if let KeyColumn::Float(_) = self.keys { shortest_decimal(key_float(key)) } else { (key, self.exponent) };
        from_mantissa(mantissa, exponent)
    }
}

/// An exact sum, whatever the numbers and their order.
#[derive(Clone, Debug, Default)]
pub struct Total {
    sum: DecimalSum,
    /// What did not fit the sum.
    overflow: Option<Exact>,
    /// The number of summands.
    pub count: u64,
}

impl Total {
    /// Adds `mantissa · 10^exponent`.
    pub fn add(&mut self, (mantissa, exponent): (i128, i32)) {
        self.count += 1;
        if !self.sum.add_part(exponent, mantissa) {
            let beyond = self.overflow.take().unwrap_or_else(Exact::zero);
            self.overflow = Some(beyond + from_mantissa(mantissa, exponent));
        }
    }

    /// The sum of the numbers of some rows. Rows with a missing number are skipped.
    pub fn of(numbers: &NumberColumn, rows: &[usize]) -> Total {
        let mut total = Total::default();
        rows.iter().filter_map(|row| numbers.get(*row)).for_each(|number| total.add(number));
        total
    }

    /// The sum.
    pub fn sum(&self) -> Exact {
        let sum = self.sum.sum().exact();
        self.overflow.as_ref().map_or(sum.clone(), |beyond| sum + beyond)
    }

    /// The arithmetic mean; `None` without any number.
    pub fn mean(&self) -> Option<Exact> {
        (self.count > 0).then(|| self.sum() / whole(self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_half_to_even() {
        for (numerator, denominator, places, expected) in [
            (1, 2, 0, "0"),
            (3, 2, 0, "2"),
            (-5, 2, 0, "-2"),
            (2, 3, 2, "0.67"),
            (-1, 3, 1, "-0.3"),
            (12_345, 1000, 2, "12.34"),
            (7, 1, 2, "7.00"),
        ] {
            assert_eq!(rounded(&ratio(numerator, denominator).unwrap(), places), expected);
        }
        assert_eq!(shortest(&ratio(1, 4).unwrap(), 6), "0.25");
        assert_eq!(shortest(&ratio(300, 1).unwrap(), 6), "300");
        assert_eq!(ratio(1, 0), None);
    }

    #[test]
    fn sums_are_exact_beyond_128_bits_and_over_mixed_powers() {
        let mut total = Total::default();
        for number in [(i128::MAX, 0), (i128::MAX, 0), (1, -1), (2, -1), (-i128::MAX, 0), (-i128::MAX, 0)] {
            total.add(number);
        }
        assert_eq!(total.sum(), ratio(3, 10).unwrap());
        assert_eq!(total.mean(), ratio(1, 20));
        assert_eq!(Total::default().mean(), None);
    }
}
