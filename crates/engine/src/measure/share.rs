//! One amount as a share of another, decided exactly.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::domain::{Domain, key_float};
use crate::eval::ops;
use crate::model::types::SCORE_SCALE;

/// A number as the fraction that its shortest decimal is.
pub fn fraction(number: f64) -> BigRational {
    let (mantissa, exponent) = ops::shortest_decimal(number);
    let power = BigInt::from(10).pow(exponent.unsigned_abs());
    if exponent < 0 {
        BigRational::new(mantissa.into(), power)
    } else {
        BigRational::from_integer(BigInt::from(mantissa) * power)
    }
}

/// A score that stands for part / whole: it compares with a decimal of up to 17 places as the exact quotient does.
/// `None` for a whole that is not positive.
///
/// A quotient that no score is lies between two, of which it takes the one that does not end in the digit 0.
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
        let of = |key| match domain {
            Domain::Exact { .. } => BigRational::from_integer(BigInt::from(key)),
            Domain::Float(_) => fraction(key_float(key)),
        };
        let quotient = of(part) / of(whole) * BigInt::from(raised);
        let (floor, rest) = quotient.numer().div_mod_floor(quotient.denom());
        let end = if floor.is_negative() { i128::MIN } else { i128::MAX };
        (floor.to_i128().unwrap_or(end), !rest.is_zero())
    });
    Some(if inexact && floor % 10 == 0 { floor.saturating_add(1) } else { floor })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measure::domain::float_key;
    use crate::model::Type;

    #[test]
    fn numbers_are_their_shortest_decimals() {
        for (number, n, d) in [(0.1, 1, 10), (-2.5, -5, 2), (0.0, 0, 1), (300.0, 300, 1)] {
            assert_eq!(fraction(number), BigRational::new(n.into(), d.into()), "{number}");
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
        assert_eq!(score_of(float_key(0.03f64.next_up()), float_key(0.1), number), Some(third + 1));
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
