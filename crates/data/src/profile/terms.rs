//! Floats whose exact sum represents the sum so far.
//!
//! A long list is shortened without loss by the grow-expansion of Shewchuk, "Adaptive Precision Floating-Point
//! Arithmetic" (1997). There is one rounding, at the end.

use super::wide::WideSum;

/// A list that reaches this length is shortened.
const LONG: usize = 16;

/// Terms of at least this size are kept as they are. The partial sums of smaller terms are finite.
const HUGE: f64 = 1e288;

/// The state of one sum.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms(Vec<f64>);

impl Terms {
    pub(super) fn add(&mut self, value: f64) {
        let length = self.0.len();
        // A list that cannot be shortened is tried again at twice its length.
        if length >= LONG && length.is_power_of_two() {
            self.shorten();
        }
        self.0.push(value);
    }

    pub(super) fn list(&self) -> &[f64] {
        &self.0
    }

    /// The bytes that it has allocated on the heap.
    pub(super) fn heap(&self) -> usize {
        self.0.capacity() * size_of::<f64>()
    }

    /// Replaces the terms by fewer ones with the same sum, which do not overlap.
    fn shorten(&mut self) {
        let mut short: Vec<f64> = Vec::new();
        let mut huge: Vec<f64> = Vec::new();
        for term in self.0.drain(..) {
            if term.abs() >= HUGE {
                huge.push(term);
                continue;
            }
            let mut carry = term;
            let mut kept = 0;
            for i in 0..short.len() {
                let (large, small) = if carry.abs() < short[i].abs() { (short[i], carry) } else { (carry, short[i]) };
                let sum = large + small;
                let rest = small - (sum - large);
                if rest != 0.0 {
                    short[kept] = rest;
                    kept += 1;
                }
                carry = sum;
            }
            short.truncate(kept);
            short.push(carry);
        }
        short.append(&mut huge);
        self.0 = short;
    }

    /// The float nearest to the sum; infinite if the sum is too large for one.
    pub(super) fn sum(&self) -> f64 {
        match self.0.as_slice() {
            [] => 0.0,
            [one] => one + 0.0,
            [one, other] => one + other + 0.0,
            terms => {
                let mut sum = WideSum::new();
                terms.iter().for_each(|term| sum.add(*term));
                sum.round()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(values: &[f64]) -> f64 {
        let mut terms = Terms::default();
        values.iter().for_each(|v| terms.add(*v));
        terms.sum()
    }

    /// The sum of whole multiples of 2^-20, in whole numbers.
    fn sum_of_whole(values: &[i64]) -> f64 {
        values.iter().map(|v| i128::from(*v)).sum::<i128>() as f64 / f64::from(1 << 20)
    }

    #[test]
    fn sums_are_exact() {
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[-0.0]).to_bits(), 0);
        assert_eq!(sum(&[1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX, -f64::MAX, 1.0]), 1.0);
        assert_eq!(sum(&[f64::MAX, f64::MAX, 5e-324]), f64::INFINITY);
        let mut many = vec![f64::MAX; 100];
        many.extend(vec![-f64::MAX; 100]);
        many.extend(vec![5e-324; 100]);
        assert_eq!(sum(&many), 100.0 * 5e-324);
    }

    proptest! {
        #[test]
        fn order_does_not_show(
            (values, shuffled) in prop::collection::vec(
                prop_oneof![-1e3..1e3f64, -1e300..1e300f64, Just(f64::MAX), Just(-f64::MAX), -1e-300..1e-300f64],
                0..100,
            )
            .prop_flat_map(|values| (Just(values.clone()), Just(values).prop_shuffle()))
        ) {
            prop_assert_eq!(sum(&values).to_bits(), sum(&shuffled).to_bits());
        }

        #[test]
        fn the_sum_is_the_nearest_float(values in prop::collection::vec(any::<i64>().prop_map(|v| v >> 11), 0..200)) {
            let floats: Vec<f64> = values.iter().map(|v| *v as f64 / f64::from(1 << 20)).collect();
            prop_assert_eq!(sum(&floats), sum_of_whole(&values));
        }
    }
}
