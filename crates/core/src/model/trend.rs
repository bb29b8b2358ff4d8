//! How a value moves as another one grows.

use crate::values::Value;

/// How a value moves as the key of a changeable field grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// It stays the same; so does whether it is missing.
    Constant,
    /// It never falls.
    Rising,
    /// It never rises.
    Falling,
}

impl Trend {
    /// The trend of the negative.
    pub fn flipped(self) -> Trend {
        match self {
            Trend::Constant => Trend::Constant,
            Trend::Rising => Trend::Falling,
            Trend::Falling => Trend::Rising,
        }
    }

    /// The trend of a sum; `None` where one part rises and the other falls.
    pub fn plus(self, other: Trend) -> Option<Trend> {
        match (self, other) {
            (Trend::Constant, other) => Some(other),
            (own, Trend::Constant) => Some(own),
            (own, other) => (own == other).then_some(own),
        }
    }

    /// The trend of a multiple whose factor has this sign.
    pub fn times(self, sign: std::cmp::Ordering) -> Trend {
        match sign {
            std::cmp::Ordering::Less => self.flipped(),
            std::cmp::Ordering::Equal => Trend::Constant,
            std::cmp::Ordering::Greater => self,
        }
    }

    /// The trend of a composition: `self` is the trend with an argument whose own trend is `inner`.
    pub fn compose(self, inner: Trend) -> Trend {
        match self {
            Trend::Constant => Trend::Constant,
            Trend::Rising => inner,
            Trend::Falling => inner.flipped(),
        }
    }
}

/// How the result of a function moves with its arguments.
#[derive(Clone, Copy, Debug)]
pub enum FunctionTrend {
    /// Not known: the result is followed only while every argument stands still.
    Unknown,
    /// The trend of the result as each argument grows and the others stand still; the last stands for all that follow.
    PerArgument(&'static [Trend]),
    /// A direction that depends on the values of the arguments.
    Piecewise(PiecewiseTrend),
}

/// The value of the argument of this index.
pub type ArgumentValue<'a> = &'a dyn Fn(usize) -> Value;

/// A result that moves in one direction within each zone of its arguments.
#[derive(Clone, Copy, Debug)]
pub struct PiecewiseTrend {
    /// The arguments that have zones.
    pub zones: &'static [ArgumentZones],
    /// The trend of the result in a zone, from the trends of the arguments and their values at the beginning of the
    /// zone; `None` where there is no one trend.
    pub trend: fn(&[Trend], ArgumentValue) -> Option<Trend>,
}

/// The zones of one argument.
#[derive(Clone, Copy, Debug)]
pub struct ArgumentZones {
    /// The index of the argument.
    pub argument: usize,
    /// The number of zones.
    pub zones: u8,
    /// The zone, from 0, of the arguments' values. It never falls as the argument grows and the others stand still;
    /// `None` where a value is missing.
    pub zone: fn(ArgumentValue) -> Option<u8>,
}
