//! The float nearest to a quotient of whole numbers.

use std::cmp::Ordering;

use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

/// The float nearest to a quotient, to even where two are equally near; infinite beyond the largest.
pub(super) fn quotient(numerator: &BigUint, denominator: &BigUint) -> f64 {
    if numerator.is_zero() {
        return 0.0;
    }
    let bits = |number: &BigUint| i64::try_from(number.bits()).unwrap_or(i64::MAX);
    // The quotient is at least 2^low and below 2^(low + 2).
    let low = bits(numerator) - bits(denominator) - 1;
    // The least exponent of the last bit that a float may have; and two bits more than a float has.
    let last = (low - 54).max(LEAST_EXPONENT - 2);
    let raise = |number: &BigUint, by: i64| number << by.max(0).unsigned_abs();
    let (whole, rest) = raise(numerator, -last).div_rem(&raise(denominator, last));
    // A rest is marked by the last bit, which is below what a float holds, so that no tie is seen where there is none.
    let marked = (whole << 1u32) + u32::from(!rest.is_zero());
    float_of(marked, last - 1)
}

/// The exponent of the least float above zero.
const LEAST_EXPONENT: i64 = -1074;

/// The float nearest to `mantissa · 2^exponent`.
fn float_of(mantissa: BigUint, exponent: i64) -> f64 {
    let bits = i64::try_from(mantissa.bits()).unwrap_or(i64::MAX);
    // What is cut off so that 53 bits are left, and no bit is less than the least float.
    let cut = (bits - 53).max(LEAST_EXPONENT - exponent);
    let (kept, exponent) =
        if cut > 0 { (half_even_shift(&mantissa, cut), exponent + cut) } else { (mantissa, exponent) };
    let kept = kept.to_f64().unwrap_or(f64::INFINITY);
    // Two steps, since 2^exponent alone may be too small or too large for a float; neither rounds.
    let half = i32::try_from(exponent / 2).unwrap_or(i32::MAX);
    let other = i32::try_from(exponent - exponent / 2).unwrap_or(i32::MAX);
    kept * 2f64.powi(half) * 2f64.powi(other)
}

/// `number / 2^by` rounded half to even.
fn half_even_shift(number: &BigUint, by: i64) -> BigUint {
    let by = by.unsigned_abs();
    let kept = number >> by;
    let rest = number - (&kept << by);
    let half = BigUint::one() << (by - 1);
    let up = match rest.cmp(&half) {
        Ordering::Less => false,
        Ordering::Equal => kept.bit(0),
        Ordering::Greater => true,
    };
    if up { kept + 1u32 } else { kept }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(numerator: &str, denominator: &str, expected: f64) {
        let [a, b] = [numerator, denominator].map(|text| text.parse::<BigUint>().unwrap());
        assert_eq!(quotient(&a, &b).to_bits(), expected.to_bits(), "{numerator}/{denominator}");
    }

    #[test]
    fn a_quotient_is_rounded_once_to_the_nearest_float() {
        check("0", "7", 0.0);
        check("1", "3", 1.0 / 3.0);
        check("9007199254740993", "1", 9_007_199_254_740_992.0);
        check("9007199254740995", "1", 9_007_199_254_740_996.0);
        // Just above a tie, by less than any float could tell.
        check(
            "90071992547409930000000000000000000000000000001",
            "10000000000000000000000000000000",
            9_007_199_254_740_994.0,
        );
        check(&format!("1{}", "0".repeat(400)), "1", f64::INFINITY);
    }

    proptest! {
        #[test]
        fn decimals_are_read_as_the_library_reads_them(mantissa in 1u64.., exponent in -345i32..310) {
            let ten = |power: i32| BigUint::from(10u32).pow(power.max(0).unsigned_abs());
            let found = quotient(&(BigUint::from(mantissa) * ten(exponent)), &ten(-exponent));
            prop_assert_eq!(found, format!("{mantissa}e{exponent}").parse::<f64>().unwrap());
        }
    }
}
