//! One amount as a share of another, decided exactly.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use super::domain::{Domain, key_float};
use crate::ops;
use crate::values::types::SCORE_SCALE;

/// The shortest decimals of some numbers as integers in units of 10^-places, and the places, which they share.
pub fn aligned<const N: usize>(numbers: [f64; N]) -> ([BigInt; N], u32) {
    let decimals = numbers.map(ops::shortest_decimal);
    let lowest = decimals.iter().map(|(_, exponent)| *exponent).fold(0, i32::min);
    let whole =
        |(mantissa, exponent): (i128, i32)| BigInt::from(mantissa) * power_of_ten((exponent - lowest).unsigned_abs());
    (decimals.map(whole), lowest.unsigned_abs())
}

/// 10 to the power `exponent`.
pub fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// A score that stands for part / whole: it compares with a decimal of up to 17 places as the exact quotient does.
/// `None` for a whole that is not positive.
///
/// A quotient that lies between two scores becomes the one that does not end in the digit 0.
pub fn score_of(part: i128, whole: i128, domain: Domain) -> Option<i128> {
    if whole <= 0 {
        return None;
    }
    let raised = 10i128.pow(u32::from(SCORE_SCALE.unsigned_abs()));
    let exact = match domain {
        Domain::Exact { .. } => {
            part.checked_mul(raised).map(|part| (part.div_euclid(whole), part.rem_euclid(whole) != 0))
        }
        Domain::Float(_) => None,
    };
    let (floor, inexact) = exact.unwrap_or_else(|| {
        let (part, whole) = match domain {
            Domain::Exact { .. } => (BigInt::from(part), BigInt::from(whole)),
            Domain::Float(_) => aligned([part, whole].map(key_float)).0.into(),
        };
        let (floor, rest) = (part * raised).div_mod_floor(&whole);
        let end = if floor.is_negative() { i128::MIN } else { i128::MAX };
        (floor.to_i128().unwrap_or(end), !rest.is_zero())
    });
    Some(if inexact && floor % 10 == 0 { floor.saturating_add(1) } else { floor })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numbers::domain::float_key;
    use crate::values::Type;

    #[test]
    fn numbers_are_their_shortest_decimals() {
        for (numbers, expected, places) in [
            ([0.1, -2.5], [1, -25], 1),
            ([0.0, 300.0], [0, 300], 0),
            ([1e3, 0.25], [100_000, 25], 2),
            ([5e-324, 0.0], [5, 0], 324),
        ] {
            assert_eq!(aligned(numbers), (expected.map(BigInt::from), places), "{numbers:?}");
        }
    }

    #[test]
    fn a_share_is_a_hair_beside_a_decimal_or_just_that() {
        let money = Domain::Exact { ty: Type::Money, scale: 4 };
        let third = 300_000_000_000_000_000;
        let big = 10i128.pow(30);
        for (part, whole, expected) in [
            (3, 10, Some(third)),
            (3 * big, 10 * big, Some(third)),
            (3 * big + 1, 10 * big, Some(third + 1)),
            (3 * big - 1, 10 * big, Some(third - 1)),
            (-3 * big - 1, 10 * big, Some(-third - 1)),
            (-3 * big + 1, 10 * big, Some(-third + 1)),
            (0, 5, Some(0)),
            (i128::MAX, 1, Some(i128::MAX)),
            (i128::MIN, 1, Some(i128::MIN)),
            (1, 0, None),
            (1, -1, None),
        ] {
            assert_eq!(score_of(part, whole, money), expected, "{part} of {whole}");
        }
        let number = Domain::of(Type::Number).unwrap();
        // 0.03 / 0.1 is 0.3 in decimals and 0.3 or less in floats.
        assert_eq!(score_of(float_key(0.03), float_key(0.1), number), Some(third));
        assert_eq!(score_of(float_key(0.03f64.next_up()), float_key(0.1), number), Some(third + 20));
        assert_eq!(score_of(float_key(1e300), float_key(1e-300), number), Some(i128::MAX));
    }

    proptest! {
        #[test]
        fn it_compares_as_the_quotient_does(part in -2_000i128..2_000, whole in 1i128..2_000, hundredths in -300i128..300) {
            let money = Domain::Exact { ty: Type::Money, scale: 4 };
            let share = score_of(part, whole, money).unwrap();
            prop_assert_eq!(share.cmp(&(hundredths * 10i128.pow(16))), (part * 100).cmp(&(hundredths * whole)));
        }
    }
}
