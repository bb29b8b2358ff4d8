//! The score: the weighted mean of points, exact until its one rounding to 18 places.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::ops::divide_half_even;

use super::criterion::FULL_WEIGHT;
use super::points::PLACES;

/// The policy for a criterion without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingPolicy {
    /// An error: the data must be corrected.
    Error,
    /// The least points of the scale.
    Zero,
    /// It does not count; the other weights grow in proportion.
    Renormalise,
    /// The population's median points.
    Median,
}

/// A score and how much of the weight had a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WeightedScore {
    /// In 10⁻¹⁸; `None` if no criterion counts.
    pub(super) score: Option<i128>,
    /// Weight with a value / all weight.
    pub(super) coverage: f64,
}

/// Score = Σ w·points / Σ w over `((weight, points), substitute)`. A criterion with neither points nor a substitute does
/// not count.
pub(super) fn weigh(criteria: impl Iterator<Item = ((i128, Option<i64>), Option<i64>)>) -> WeightedScore {
    let (mut all, mut present, mut counted, mut sum) = (0i128, 0i128, 0i128, 0i128);
    for ((weight, points), substitute) in criteria {
        all += weight;
        present += if points.is_some() { weight } else { 0 };
        if let Some(points) = points.or(substitute) {
            counted += weight;
            sum += weight * i128::from(points);
        }
    }
    let raise = 10i128.pow(u32::from((SCORE_SCALE - PLACES).unsigned_abs()));
    // A weight of 100% divides the factor `raise` exactly.
    let mean =
        || if counted == FULL_WEIGHT { sum * (raise / FULL_WEIGHT) } else { divide_half_even(sum * raise, counted) };
    let coverage = match present {
        _ if all == 0 => 0.0,
        _ if present == all => 1.0,
        _ => present as f64 / all as f64,
    };
    WeightedScore { score: (counted > 0).then(mean), coverage }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(criteria: &[(i128, Option<i64>)], substitute: Option<i64>, expected: Option<&str>) {
        let weighed = weigh(criteria.iter().map(|c| (*c, substitute)));
        let shown = weighed.score.map(|s| accolade_core::show::decimal(s, SCORE_SCALE, 0));
        assert_eq!(shown.as_deref(), expected, "{substitute:?}");
    }

    #[test]
    fn a_criterion_without_points_counts_with_its_substitute() {
        let half = [(50, Some(8_000_000)), (50, None)];
        check(&half, Some(0), Some("4"));
        check(&half, Some(5_000_000), Some("6.5"));
        check(&half, Some(-10_000_000), Some("-1"));
        check(&half, None, Some("8"));
        check(&[(1, None)], None, None);
    }

    #[test]
    fn a_score_is_exact_where_floats_are_not() {
        // 0.1·8 + 0.2·8 + 0.7·8 is 7.999999999999999 in floats.
        check(&[(10, Some(8_000_000)), (20, Some(8_000_000)), (70, Some(8_000_000))], None, Some("8"));
        check(&[(1, Some(1_000_000)), (2, Some(0))], None, Some("0.333333333333333333"));
    }
}
