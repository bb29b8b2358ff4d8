//! How many decimals a reader needs to see on which side of a boundary a number lies.

use num_traits::Zero;

use super::exact::{self, Exact};
use crate::values::types::SCORE_SCALE;

/// The fewest decimals, at least `least`, with which the rounded number compares with zero and with each of `others` as the
/// number itself does.
pub fn telling_places(number: &Exact, least: u32, others: &[Exact]) -> u32 {
    let tells = |places: &u32| {
        let shown = exact::round(number, *places);
        let agrees = |other: &Exact| shown.cmp(other) == number.cmp(other);
        shown == *number || agrees(&Exact::zero()) && others.iter().all(agrees)
    };
    (least..MOST_PLACES).find(tells).unwrap_or(MOST_PLACES)
}

/// The places of the least float.
const MOST_PLACES: u32 = 324;

/// A score for a reader: two decimals, and more where they would show a whole or a half that it is not, or where it
/// lies on the other side of one of `others`.
pub fn score(unscaled: i128, others: &[Exact]) -> String {
    let number = exact::from_mantissa(unscaled, -i32::from(SCORE_SCALE));
    let half = exact::round(&(&number + &number), 0) / exact::whole(2);
    let beside: Vec<Exact> = others.iter().cloned().chain([half]).collect();
    exact::rounded(&number, telling_places(&number, 2, &beside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_as_short_as_tells_its_side() {
        let check = |unscaled: i128, others: &[i128], expected: &str| {
            let others: Vec<Exact> = others.iter().map(|hundredths| exact::from_mantissa(*hundredths, -2)).collect();
            assert_eq!(score(unscaled, &others), expected);
        };
        check(8_000_000_000_000_000_000, &[800], "8.00");
        check(7_999_999_500_000_000_000, &[], "7.9999995");
        check(7_499_600_000_000_000_000, &[], "7.4996");
        check(6_400_200_000_000_000_000, &[], "6.40");
        check(6_400_200_000_000_000_000, &[640], "6.4002");
        check(6_666_666_666_666_666_667, &[600], "6.67");
        check(6_666_666_666_666_666_667, &[667], "6.667");
        check(-1, &[], "-0.000000000000000001");
    }

    #[test]
    fn a_number_has_the_places_that_tell_it_from_others() {
        let check = |mantissa: i128, exponent: i32, least: u32, expected: u32| {
            let target = exact::from_mantissa(5, -1);
            assert_eq!(telling_places(&exact::from_mantissa(mantissa, exponent), least, &[target]), expected);
        };
        check(475, -3, 0, 2);
        check(4_996, -4, 0, 4);
        check(5, -1, 0, 1);
        check(4, -3, 2, 3);
        check(5, -324, 2, 324);
    }
}
