//! Sums of floats that count as decimals.

use super::fraction::{Fraction, scaled};
use crate::ops::shortest_decimal;

/// A sum of decimals, exact whatever their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecimalSum {
    /// The sums of mantissas by power of ten, in the order of the powers.
    parts: Vec<(i32, i128)>,
}

impl DecimalSum {
    /// Adds the shortest decimal of a float.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let (mantissa, exponent) = shortest_decimal(value);
        self.add_part(exponent, mantissa);
    }

    /// Adds `mantissa · 10^exponent`; false if the sum of that power would not fit 128 bits, which takes more than 2^70
    /// floats. Then nothing is added.
    #[inline]
    pub fn add_part(&mut self, exponent: i32, mantissa: i128) -> bool {
        match self.parts.binary_search_by_key(&exponent, |(power, _)| *power) {
            Ok(at) => match self.parts[at].1.checked_add(mantissa) {
                Some(sum) => self.parts[at].1 = sum,
                None => return false,
            },
            Err(at) => self.parts.insert(at, (exponent, mantissa)),
        }
        true
    }

    /// The sums of mantissas by power of ten.
    pub fn parts(&self) -> &[(i32, i128)] {
        &self.parts
    }

    /// The bytes that it has allocated.
    pub fn heap(&self) -> usize {
        self.parts.capacity() * size_of::<(i32, i128)>()
    }

    /// The arithmetic mean of `count` numbers that add up to it; `None` if there are none.
    pub fn mean(&self, count: i64) -> Option<Fraction> {
        self.sum().over(&Fraction::Small(count.into(), 1)).ok()
    }

    /// The sum.
    pub fn sum(&self) -> Fraction {
        self.parts.iter().fold(Fraction::ZERO, |sum, (exponent, mantissa)| sum.plus(&scaled(*mantissa, *exponent)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(values: &[f64]) -> f64 {
        let mut sum = DecimalSum::default();
        values.iter().for_each(|value| sum.add(*value));
        sum.sum().number().unwrap_or(f64::INFINITY)
    }

    #[test]
    fn decimals_add_up_as_they_are_written() {
        for (values, expected) in [
            (vec![], 0.0),
            (vec![-0.0], 0.0),
            (vec![0.1, 0.2], 0.3),
            (vec![0.1; 10], 1.0),
            (vec![1e16, 1.0, -1e16], 1.0),
            (vec![f64::MAX, f64::MAX, -f64::MAX, -f64::MAX, 1.0], 1.0),
            (vec![f64::MAX, f64::MAX, 5e-324], f64::INFINITY),
        ] {
            assert_eq!(sum(&values).to_bits(), f64::to_bits(expected), "{values:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn order_does_not_show(
            (values, shuffled) in prop::collection::vec(
                prop_oneof![-1e3..1e3f64, -1e300..1e300f64, Just(f64::MAX), Just(-f64::MAX), -1e-300..1e-300f64],
                0..60,
            )
            .prop_flat_map(|values| (Just(values.clone()), Just(values).prop_shuffle()))
        ) {
            prop_assert_eq!(sum(&values).to_bits(), sum(&shuffled).to_bits());
        }
    }
}
