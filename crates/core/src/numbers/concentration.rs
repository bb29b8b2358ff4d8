//! How unevenly an amount is spread over customers, as exact fractions.
//!
//! Sources: Gini, "Variabilità e mutabilità" (1912); Hirschman, "National Power and the Structure of Foreign Trade"
//! (1945) and Herfindahl, "Concentration in the Steel Industry" (1950); Rosenbluth, "Measures of Concentration" (1955).
//!
//! Amounts are whole numbers of one unit (money in 0.0001, `Domain::amount` for other types), in any order. A measure
//! is `None` where it means nothing: a negative amount, or a total of zero.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The Gini coefficient of a population: 0 where all amounts are equal, 1 − 1/n where one customer has everything.
///
/// G = Σ (2i − n − 1)·xᵢ / (n·Σ xᵢ), the amounts ascending.
pub fn gini(amounts: &[i128]) -> Option<BigRational> {
    let total = total(amounts)?;
    let mut ascending = amounts.to_vec();
    ascending.sort_unstable();
    let n = i128::try_from(ascending.len()).ok()?;
    let mut sum = ProductSum::default();
    for (i, amount) in (1..).zip(&ascending) {
        sum.add(2 * i - n - 1, *amount);
    }
    Some(BigRational::new(sum.total(), total * n))
}

/// The Gini coefficient as an estimate from a sample: G·n/(n − 1); `None` for fewer than two customers.
pub fn gini_unbiased(amounts: &[i128]) -> Option<BigRational> {
    let others = amounts.len().checked_sub(1).filter(|n| *n > 0)?;
    Some(gini(amounts)? * BigRational::new(amounts.len().into(), others.into()))
}

/// The Herfindahl–Hirschman index Σ sᵢ², of shares between 0 and 1: 1/n where all are equal, 1 for a single customer.
pub fn hhi(amounts: &[i128]) -> Option<BigRational> {
    let total = total(amounts)?;
    let mut sum = ProductSum::default();
    for amount in amounts {
        sum.add(*amount, *amount);
    }
    Some(BigRational::new(sum.total(), &total * &total))
}

/// The Rosenbluth index 1 / (n·(1 − G)): like the Herfindahl–Hirschman index, with more weight for small customers.
pub fn rosenbluth(amounts: &[i128]) -> Option<BigRational> {
    let equal = BigRational::one() - gini(amounts)?;
    (!equal.is_zero()).then(|| (equal * BigInt::from(amounts.len())).recip())
}

/// The share of the total that the `k` largest amounts have.
pub fn top_share(amounts: &[i128], k: usize) -> Option<BigRational> {
    let total = total(amounts)?;
    let mut largest = amounts.to_vec();
    let k = k.min(largest.len());
    if 0 < k && k < largest.len() {
        largest.select_nth_unstable_by_key(k - 1, |amount| std::cmp::Reverse(*amount));
    }
    Some(BigRational::new(sum(&largest[..k]), total))
}

/// How many of `n` customers are the top `share` of them: rounded up, so that a share above zero is somebody.
pub fn top_count(n: usize, share: &BigRational) -> usize {
    let count = (share * BigInt::from(n)).ceil();
    if count.is_negative() { 0 } else { count.to_integer().to_usize().map_or(n, |count| count.min(n)) }
}

/// The float nearest to a fraction.
pub fn float(fraction: &BigRational) -> Option<f64> {
    fraction.to_f64().filter(|v| v.is_finite())
}

/// The total of amounts of which none is negative and one is positive.
fn total(amounts: &[i128]) -> Option<BigInt> {
    if amounts.iter().any(|amount| *amount < 0) {
        return None;
    }
    Some(sum(amounts)).filter(|total| !total.is_zero())
}

fn sum(amounts: &[i128]) -> BigInt {
    let mut sum = ProductSum::default();
    for amount in amounts {
        sum.add(1, *amount);
    }
    sum.total()
}

/// A sum of products, kept in 128 bits as long as those hold it.
#[derive(Default)]
struct ProductSum {
    small: i128,
    large: BigInt,
}

impl ProductSum {
    fn add(&mut self, factor: i128, amount: i128) {
        match factor.checked_mul(amount) {
            Some(product) => {
                self.small = self.small.checked_add(product).unwrap_or_else(|| {
                    self.large += self.small;
                    product
                });
            }
            None => self.large += BigInt::from(factor) * amount,
        }
    }

    fn total(self) -> BigInt {
        self.large + self.small
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    type Measure = fn(&[i128]) -> Option<BigRational>;

    fn check(measure: Measure, amounts: &[i128], expected: Option<(i128, i128)>) {
        let expected = expected.map(|(n, d)| BigRational::new(n.into(), d.into()));
        assert_eq!(measure(amounts), expected, "{amounts:?}");
    }

    #[test]
    fn by_hand() {
        check(gini, &[1, 1, 1, 1], Some((0, 1)));
        check(gini, &[0, 0, 0, 8], Some((3, 4)));
        check(gini, &[3, 1], Some((1, 4)));
        check(gini, &[7], Some((0, 1)));
        check(gini_unbiased, &[0, 0, 0, 8], Some((1, 1)));
        check(gini_unbiased, &[7], None);
        check(hhi, &[1, 1, 1, 1], Some((1, 4)));
        check(hhi, &[7], Some((1, 1)));
        check(hhi, &[3, 1], Some((10, 16)));
        check(rosenbluth, &[1, 1, 1, 1], Some((1, 4)));
        check(rosenbluth, &[0, 5], Some((1, 1)));
        check(|a| top_share(a, 2), &[1, 5, 3, 1], Some((8, 10)));
        check(|a| top_share(a, 0), &[1, 5], Some((0, 1)));
        check(|a| top_share(a, 9), &[1, 5], Some((1, 1)));
    }

    #[test]
    fn without_meaning() {
        for measure in [gini, gini_unbiased, hhi, rosenbluth, |a: &[i128]| top_share(a, 1)] {
            for amounts in [&[][..], &[0], &[0, 0], &[5, -1]] {
                check(measure, amounts, None);
            }
        }
    }

    /// The example of the R package ineq.
    #[test]
    fn as_published() {
        let incomes = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261];
        let published: [(Measure, f64); 3] = [(gini, 0.4620911), (hhi, 0.1840812), (rosenbluth, 0.1859051)];
        for (measure, expected) in published {
            let found = float(&measure(&incomes).unwrap()).unwrap();
            assert!((found - expected).abs() < 5e-8, "{found} is not {expected}");
        }
    }

    #[test]
    fn sums_beyond_128_bits() {
        let most = i128::MAX;
        check(gini, &[most, most, most], Some((0, 1)));
        check(hhi, &[most, most, most], Some((1, 3)));
        check(|a| top_share(a, 1), &[most, most, most], Some((1, 3)));
        check(gini, &[0, 0, most], Some((2, 3)));
    }

    #[test]
    fn a_share_of_customers_is_rounded_up() {
        let percent = |p: i32| BigRational::new(p.into(), 100.into());
        for (n, p, expected) in [(100, 1, 1), (101, 1, 2), (3, 20, 1), (5, 20, 1), (6, 20, 2), (7, 100, 7), (0, 20, 0)]
        {
            assert_eq!(top_count(n, &percent(p)), expected, "{p}% of {n}");
        }
        assert_eq!(top_count(5, &percent(900)), 5);
        assert_eq!(top_count(5, &percent(-1)), 0);
    }

    /// The Gini coefficient by its definition: the mean difference of all pairs over twice the mean.
    fn by_pairs(amounts: &[i128]) -> BigRational {
        let (n, total) = (amounts.len() as i128, amounts.iter().sum::<i128>());
        let differences: i128 = amounts.iter().flat_map(|a| amounts.iter().map(move |b| (a - b).abs())).sum();
        BigRational::new(differences.into(), (2 * n * total).into())
    }

    proptest! {
        #[test]
        fn laws(amounts in prop::collection::vec(0i128..1_000_000, 1..40), factor in 1i128..1000, seed in 0usize..40) {
            prop_assume!(amounts.iter().any(|a| *a > 0));
            let n = amounts.len();
            prop_assert_eq!(gini(&amounts).unwrap(), by_pairs(&amounts));

            // Neither the order nor the unit matters.
            let mut changed: Vec<i128> = amounts.iter().map(|a| a * factor).collect();
            changed.rotate_left(seed % n);
            for measure in [gini, gini_unbiased, hhi, rosenbluth] {
                prop_assert_eq!(measure(&amounts), measure(&changed));
            }

            // Bounds, and shares that grow to the whole.
            let (least, most) = (BigRational::new(1.into(), n.into()), BigRational::one());
            prop_assert!(gini(&amounts).unwrap() <= &most - &least);
            prop_assert!(hhi(&amounts).unwrap() >= least && hhi(&amounts).unwrap() <= most);
            let shares: Vec<BigRational> = (0..=n).map(|k| top_share(&amounts, k).unwrap()).collect();
            prop_assert!(shares.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert_eq!(&shares[n], &most);
        }
    }
}
