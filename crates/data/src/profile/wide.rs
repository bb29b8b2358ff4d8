//! A number wide enough for the exact sum of any floats.
//!
//! Every float is a whole multiple of 2^-1074, so a sum is a whole number of those, held in digits of 32 bits.

/// Digits enough for the largest float, 2^1024, with room for the carries of as many floats as there may be.
const DIGITS: usize = 68;

/// The most additions between carries.
const CARRY: u32 = 1 << 29;

/// A sum of floats.
pub(super) struct WideSum {
    /// The least significant first; a digit may be negative or too large until it is carried.
    digits: [i64; DIGITS],
    added: u32,
}

impl WideSum {
    pub(super) fn new() -> WideSum {
        WideSum { digits: [0; DIGITS], added: 0 }
    }

    /// Adds a float, which must be finite.
    pub(super) fn add(&mut self, value: f64) {
        if self.added == CARRY {
            self.carry();
        }
        self.added += 1;
        let bits = value.to_bits();
        let exponent = (bits >> 52) & 0x7ff;
        let fraction = bits & ((1 << 52) - 1);
        // Subnormal numbers have the exponent of the least normal ones and no implicit leading bit.
        let (mantissa, shift) = if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        let (first, shift) = ((shift / 32) as usize, shift % 32);
        let mut rest = u128::from(mantissa) << shift;
        for digit in &mut self.digits[first..first + 3] {
            let part = (rest & 0xffff_ffff) as i64;
            *digit += if value < 0.0 { -part } else { part };
            rest >>= 32;
        }
    }

    /// Makes every digit but the last one at least 0 and less than 2^32.
    fn carry(&mut self) {
        let mut carry = 0;
        for digit in &mut self.digits[..DIGITS - 1] {
            let sum = *digit + carry;
            *digit = sum & 0xffff_ffff;
            carry = sum >> 32;
        }
        self.digits[DIGITS - 1] += carry;
        self.added = 0;
    }

    /// The nearest float, to even where two are equally near; infinite if it is too large for one.
    pub(super) fn round(mut self) -> f64 {
        self.carry();
        let negative = self.digits[DIGITS - 1] < 0;
        if negative {
            self.digits.iter_mut().for_each(|digit| *digit = -*digit);
            self.carry();
        }
        let Some(top) = self.digits.iter().rposition(|digit| *digit != 0) else { return 0.0 };
        let low = top.saturating_sub(3);
        let head = self.digits[low..=top]
            .iter()
            .rev()
            .fold(0u128, |head, digit| head << 32 | u128::from(digit.unsigned_abs()));
        // The head has more bits than a float, so the digits below it only distinguish a tie from a greater sum.
        let sticky = self.digits[..low].iter().any(|digit| *digit != 0);
        let rounded = (head | u128::from(sticky)) as f64;
        let value = scaled(rounded, 32 * i32::try_from(low).unwrap_or(0) - 1074);
        if negative { -value } else { value }
    }
}

/// `value · 2^exponent`, in steps that are exact. The exponent is -1074 at least.
fn scaled(value: f64, exponent: i32) -> f64 {
    if exponent < -1000 {
        value * 2f64.powi(exponent + 500) * 2f64.powi(-500)
    } else if exponent > 900 {
        value * 2f64.powi(900) * 2f64.powi(exponent - 900)
    } else {
        value * 2f64.powi(exponent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(values: &[f64]) -> f64 {
        let mut wide = WideSum::new();
        values.iter().for_each(|v| wide.add(*v));
        wide.round()
    }

    #[test]
    fn rounds_once_and_to_even() {
        let tie = 2f64.powi(53);
        for (values, expected) in [
            (vec![], 0.0),
            (vec![-1.5, -1.0, -3.0], -5.5),
            (vec![tie, 1.0], tie),
            (vec![tie, 1.0, 1e-300], tie + 2.0),
            (vec![-tie, -1.0], -tie),
            (vec![-tie, -1.0, -1e-300], -tie - 2.0),
            (vec![tie + 2.0, 1.0], tie + 4.0),
            (vec![1e16, 1.0, -1e16], 1.0),
            (vec![f64::MAX, f64::MAX, -f64::MAX], f64::MAX),
            (vec![f64::MAX, f64::MAX], f64::INFINITY),
            (vec![-f64::MAX, -f64::MAX], f64::NEG_INFINITY),
            (vec![f64::MAX, 2f64.powi(969)], f64::MAX),
            (vec![f64::MAX, 2f64.powi(970)], f64::INFINITY),
            (vec![5e-324, 5e-324], 1e-323),
            (vec![f64::MIN_POSITIVE, -5e-324], 2.225_073_858_507_201e-308),
        ] {
            assert_eq!(sum(&values), expected, "{values:?}");
        }
    }

    proptest! {
        #[test]
        fn one_float_is_itself(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            prop_assert_eq!(sum(&[value]), value);
        }

        #[test]
        fn two_floats_have_the_sum_of_the_processor(a in any::<u64>(), b in any::<u64>(), near in any::<bool>()) {
            let a = f64::from_bits(a);
            let b = if near { a * (1.0 + (b % 1000) as f64) / 500.0 * if b % 2 == 0 { -1.0 } else { 1.0 } } else { f64::from_bits(b) };
            prop_assume!(a.is_finite() && b.is_finite());
            prop_assert_eq!(sum(&[a, b]), a + b);
        }

        #[test]
        fn whole_numbers_have_their_sum(values in prop::collection::vec(any::<i64>().prop_map(|v| v >> 11), 0..50)) {
            let floats: Vec<f64> = values.iter().map(|v| *v as f64 / 1024.0).collect();
            let expected = values.iter().map(|v| i128::from(*v)).sum::<i128>() as f64 / 1024.0;
            prop_assert_eq!(sum(&floats), expected);
        }
    }
}
