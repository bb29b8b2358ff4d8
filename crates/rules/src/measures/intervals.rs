//! 95% confidence intervals of figures:
//!
//! - shares: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), as
//!   recommended by Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001);
//! - net promoter score: the adjusted Wald interval, ¾ added to promoters and to detractors and 3 to all answers, of
//!   Rocks, "Interval Estimation for the 'Net Promoter Score'", The American Statistician 70 (2016);
//! - difference of two means: Welch, "The Generalization of 'Student's' Problem…", Biometrika 34 (1947);
//! - difference of two figures with intervals of their own: the square-and-add limits of Newcombe, "Interval
//!   Estimation for the Difference Between Independent Proportions", Statistics in Medicine 17 (1998), which Zou and
//!   Donner (2008) extend to any two figures.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The 97.5% quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The ends of an interval.
pub type ConfidenceInterval = (f64, f64);

/// Wilson's interval of a share, `hits` of `n`; none if `n` is zero.
pub fn share(hits: u64, n: u64) -> Option<ConfidenceInterval> {
    if n == 0 {
        return None;
    }
    let (p, n) = (hits as f64 / n as f64, n as f64);
    let center = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let all = 1.0 + Z * Z / n;
    Some((((center - spread) / all).clamp(0.0, 1.0), ((center + spread) / all).clamp(0.0, 1.0)))
}

/// The adjusted Wald interval of a net promoter score, between −100 and 100; none if `n` is zero.
pub fn net_promoter(promoters: u64, detractors: u64, n: u64) -> Option<ConfidenceInterval> {
    if n == 0 {
        return None;
    }
    let n = n as f64 + 3.0;
    let (p, d) = ((promoters as f64 + 0.75) / n, (detractors as f64 + 0.75) / n);
    let spread = Z * ((p + d - (p - d) * (p - d)) / n).sqrt();
    Some(((100.0 * (p - d - spread)).max(-100.0), (100.0 * (p - d + spread)).min(100.0)))
}

/// The size, mean and variance of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The number of values.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their variance, that of a sample (n − 1).
    pub variance: f64,
}

/// Welch's interval of the difference of two means, the first less the second; none where a sample has fewer than two
/// numbers.
pub fn difference_of_means(a: Sample, b: Sample) -> Option<ConfidenceInterval> {
    if a.n < 2 || b.n < 2 {
        return None;
    }
    let (u, v) = (a.variance / a.n as f64, b.variance / b.n as f64);
    let difference = a.mean - b.mean;
    if u + v == 0.0 {
        return Some((difference, difference));
    }
    let freedom = (u + v) * (u + v) / (u * u / (a.n as f64 - 1.0) + v * v / (b.n as f64 - 1.0));
    let t = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(0.975);
    let spread = t * (u + v).sqrt();
    Some((difference - spread, difference + spread))
}

/// The interval of a difference of two figures, the first less the second, each with its own interval.
pub fn difference((a, of_a): (f64, ConfidenceInterval), (b, of_b): (f64, ConfidenceInterval)) -> ConfidenceInterval {
    let down = ((a - of_a.0).powi(2) + (of_b.1 - b).powi(2)).sqrt();
    let up = ((of_a.1 - a).powi(2) + (b - of_b.0).powi(2)).sqrt();
    (a - b - down, a - b + up)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<ConfidenceInterval>, low: f64, high: f64) {
        let found = found.unwrap();
        assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{found:?}");
    }

    #[test]
    fn shares_as_newcombe_tabulates_them() {
        // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
        near(share(81, 263), 0.2553, 0.3662);
        near(share(15, 148), 0.0624, 0.1605);
        near(share(0, 20), 0.0, 0.1611);
        near(share(1, 29), 0.0061, 0.1718);
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn differences_of_shares_as_newcombe_tabulates_them() {
        // Newcombe, "Interval estimation for the difference" (1998), table II, method 10.
        let of = |h, n| (h as f64 / n as f64, share(h, n).unwrap());
        near(Some(difference(of(56, 70), of(48, 80))), 0.0524, 0.3339);
        near(Some(difference(of(9, 10), of(3, 10))), 0.1705, 0.8090);
    }

    #[test]
    fn net_promoter_scores() {
        // By hand: p = 50.75/103, d = 20.75/103.
        let (p, d) = (50.75f64 / 103.0, 20.75f64 / 103.0);
        let spread = Z * ((p + d - (p - d) * (p - d)) / 103.0).sqrt();
        near(net_promoter(50, 20, 100), 100.0 * (p - d - spread), 100.0 * (p - d + spread));
        assert_eq!(net_promoter(0, 0, 0), None);
        assert!(net_promoter(1, 0, 1).unwrap().1 <= 100.0);
    }

    #[test]
    fn means_by_welch() {
        // Sleep data of Student (1908): t.test(extra ~ group) of R gives -3.3654832 to 0.2054832.
        let sample = |values: &[f64]| {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
            Sample { n: values.len() as u64, mean, variance }
        };
        let a = sample(&[0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
        let b = sample(&[1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
        near(difference_of_means(a, b), -3.365_483, 0.205_483);
        assert_eq!(difference_of_means(sample(&[1.0]), b), None);
        assert_eq!(difference_of_means(sample(&[2.0, 2.0]), sample(&[1.0, 1.0])), Some((1.0, 1.0)));
    }
}
