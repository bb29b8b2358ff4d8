//! One figure of a customer base or of a group of it.

use accolade_core::numbers::exact::Exact;

use super::intervals::ConfidenceInterval;

/// A figure, its interval and the counts it is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// The figure; none without data.
    pub value: Option<Exact>,
    /// Its 95% confidence interval, where there is a method for one.
    pub interval: Option<ConfidenceInterval>,
    /// The number of customers, answers or events that it is computed from.
    pub n: u64,
    /// For a share, its numerator; `n` is the denominator.
    pub hits: Option<u64>,
    /// Customers for whom a condition is neither true nor false; they are not counted.
    pub unknown: u64,
    /// What a reader should know about it.
    pub note: Option<String>,
    /// Whether the note is a warning.
    pub warn: bool,
}

impl Figure {
    /// A figure made of `n` things.
    pub fn new(value: Option<Exact>, n: u64) -> Figure {
        Figure { value, n, ..Figure::default() }
    }

    /// A share, `hits` of `n`, with its interval.
    pub fn share(hits: u64, n: u64) -> Figure {
        let value = accolade_core::numbers::exact::ratio(hits, n);
        Figure { interval: super::intervals::share(hits, n), hits: Some(hits), ..Figure::new(value, n) }
    }
}
