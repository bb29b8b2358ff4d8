//! The target of a measure: a range with exact ends.

use accolade_core::numbers::exact::Exact;
use num_traits::Zero;

/// A target of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalTarget {
    /// As written.
    pub text: String,
    /// The lower end and whether the target includes it.
    pub low: Option<(Exact, bool)>,
    /// The upper end and whether the target includes it.
    pub high: Option<(Exact, bool)>,
}

impl GoalTarget {
    /// Whether a figure meets it.
    pub fn met(&self, figure: &Exact) -> bool {
        self.low.as_ref().is_none_or(|(low, inside)| figure > low || *inside && figure == low)
            && self.high.as_ref().is_none_or(|(high, inside)| figure < high || *inside && figure == high)
    }

    /// The margin by which a figure meets the target; negative where it falls short.
    pub fn distance(&self, figure: &Exact) -> Exact {
        let above = self.low.as_ref().map(|(low, _)| figure - low);
        let below = self.high.as_ref().map(|(high, _)| high - figure);
        above.into_iter().chain(below).min().unwrap_or_else(Exact::zero)
    }

    /// The lower and the upper end, where it has one.
    pub fn bounds(&self) -> [Option<&Exact>; 2] {
        [&self.low, &self.high].map(|end| end.as_ref().map(|(end, _)| end))
    }

    /// Its ends, the lower one first.
    pub fn ends(&self) -> impl Iterator<Item = &Exact> {
        self.low.iter().chain(&self.high).map(|(end, _)| end)
    }
}
