//! What a measure should be: a stretch of numbers, decided exactly.

use accolade_core::numbers::exact::Exact;
use num_traits::Zero;

/// A target of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As written.
    pub text: String,
    /// The least number and whether it is in the target.
    pub low: Option<(Exact, bool)>,
    /// The greatest number and whether it is in the target.
    pub high: Option<(Exact, bool)>,
}

impl Target {
    /// Whether a figure meets it.
    pub fn met(&self, figure: &Exact) -> bool {
        self.low.as_ref().is_none_or(|(low, inside)| figure > low || *inside && figure == low)
            && self.high.as_ref().is_none_or(|(high, inside)| figure < high || *inside && figure == high)
    }

    /// How far a figure is on the right side of the target; below zero how much it falls short.
    pub fn distance(&self, figure: &Exact) -> Exact {
        let above = self.low.as_ref().map(|(low, _)| figure - low);
        let below = self.high.as_ref().map(|(high, _)| high - figure);
        above.into_iter().chain(below).min().unwrap_or_else(Exact::zero)
    }

    /// The number at which it begins, if it does, and the number at which it ends.
    pub fn bounds(&self) -> [Option<&Exact>; 2] {
        [&self.low, &self.high].map(|end| end.as_ref().map(|(end, _)| end))
    }

    /// The numbers at which it begins and ends.
    pub fn ends(&self) -> impl Iterator<Item = &Exact> {
        self.low.iter().chain(&self.high).map(|(end, _)| end)
    }
}
