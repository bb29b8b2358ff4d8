//! Points: the scale, and the ramps from a number to points.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::numbers::domain::{Domain, key_float};
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::{literals, ops};
use accolade_parser::expr;
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::Node;
use accolade_rules::analysis::Analyser;
use rust_decimal::Decimal;

/// Decimal places of points.
pub(super) const PLACES: i8 = 6;

/// The least and most points, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Scale {
    pub(super) fn clamp(self, points: i64) -> i64 {
        points.clamp(self.low, self.high)
    }

    /// The same points on the reversed scale.
    fn mirror(self, points: i64) -> i64 {
        self.low + self.high - points
    }
}

/// Reads `scale:`.
pub(super) fn parse_scale(node: &Node, analyser: &mut Analyser) -> Option<Scale> {
    let (low, high) = expr::range(fields::text(node, analyser.out)?, analyser.out)?;
    match (unscaled(low.value), unscaled(high.value)) {
        (Some(low), Some(high)) if low < high => Some(Scale { low, high }),
        (Some(_), Some(_)) => {
            analyser.out_of_range(
                low.span.to(high.span),
                "the scale is empty",
                "write the lower end first, such as `0..10`",
            );
            None
        }
        _ => {
            analyser.out_of_range(
                node.span(),
                "the scale is too large or has too many decimals",
                "a scale has at most six decimals and ends within a billion",
            );
            None
        }
    }
}

/// Points in millionths; `None` if they have more decimals or are out of range.
pub(super) fn unscaled(points: Decimal) -> Option<i64> {
    let value = literals::unscaled(points, PLACES)?;
    i64::try_from(value).ok().filter(|v| v.abs() <= 1_000_000_000_000_000)
}

/// Points as the key of a score.
pub(super) fn score_key(points: i64) -> i128 {
    i128::from(points) * 10i128.pow(u32::from((SCORE_SCALE - PLACES).unsigned_abs()))
}

/// How a numeric value becomes points.
#[derive(Clone, Debug)]
pub(super) enum Ramp {
    /// The value is the points.
    Direct,
    /// Rises evenly from the least points at `from` to the most at `to`.
    Linear {
        /// In units of 10⁻¹².
        from: i128,
        /// In units of 10⁻¹².
        to: i128,
    },
}

/// Decimal places of a linear ramp's arithmetic.
pub(super) const RAMP_PLACES: i8 = 12;

/// An end of a linear ramp in units of 10⁻¹²; `None` if it is out of range.
pub(super) fn ramp_end(number: Decimal) -> Option<i128> {
    literals::unscaled(number, RAMP_PLACES).filter(|v| v.abs() <= 1_000_000_000_000_000_000_000_000_000)
}

impl Ramp {
    /// The points of a key, on the scale.
    pub(super) fn points(&self, key: i128, domain: Domain, scale: Scale) -> i64 {
        match self {
            Ramp::Direct => {
                let clamped = |v: i128| {
                    i64::try_from(v.clamp(i128::from(scale.low), i128::from(scale.high))).unwrap_or(scale.low)
                };
                match scaled(key, domain, i32::from(PLACES)) {
                    Some(points) => clamped(points),
                    None => end_of_scale(key, scale),
                }
            }
            Ramp::Linear { from, to } => match scaled(key, domain, i32::from(RAMP_PLACES)) {
                Some(value) if value <= *from => scale.low,
                Some(value) if value >= *to => scale.high,
                Some(value) => {
                    let rise = ops::product(value - from, i128::from(scale.high - scale.low));
                    let Ok(rise) = rise else { return scale.low };
                    scale.low + i64::try_from(ops::divide_half_even(rise, to - from)).unwrap_or(0)
                }
                None => end_of_scale(key, scale),
            },
        }
    }

    /// The least and most points of the keys in `range`; a ramp never falls.
    pub(super) fn range(&self, range: KeyInterval, domain: Domain, scale: Scale) -> (i64, i64) {
        let at = |key: i128, end: i64| {
            if key == i128::MIN || key == i128::MAX { end } else { self.points(key, domain, scale) }
        };
        (at(range.low, scale.low), at(range.high, scale.high))
    }
}

/// A decimal as points, clamped to the scale.
pub(super) fn decimal_points(value: Decimal, scale: Scale) -> i64 {
    let exponent = i32::from(PLACES) - i32::try_from(value.scale()).unwrap_or(0);
    match ops::scale_by_ten(value.mantissa(), exponent) {
        Ok(points) => i64::try_from(points.clamp(i128::from(scale.low), i128::from(scale.high))).unwrap_or(scale.low),
        Err(_) => end_of_scale(value.mantissa(), scale),
    }
}

/// The points of a key too large for the arithmetic, which is beyond any scale.
fn end_of_scale(key: i128, scale: Scale) -> i64 {
    if key < 0 { scale.low } else { scale.high }
}

/// A key's value in units of 10^-places, rounded half to even.
fn scaled(key: i128, domain: Domain, places: i32) -> Option<i128> {
    match domain {
        Domain::Exact { scale, .. } => ops::scale_by_ten(key, places - i32::from(scale)).ok(),
        Domain::Float(_) => {
            if let Some(near) = scaled_without_ties(key_float(key), places) {
                return Some(near);
            }
            let (mantissa, exponent) = ops::shortest_decimal(key_float(key));
            ops::scale_by_ten(mantissa, exponent + places).ok()
        }
    }
}

/// A float in units of 10^-places; `None` if it is large or close to a tie. Away from ties the float's shortest
/// decimal, which is within half a unit in the last place, rounds the same way.
fn scaled_without_ties(value: f64, places: i32) -> Option<i128> {
    let scaled = value * 10f64.powi(places);
    let whole = scaled.round();
    let sure = scaled.abs() < 1e12 && (scaled - whole).abs() < 0.499;
    sure.then_some(whole as i128)
}

/// Reverses points if lower values are better.
pub(super) fn orient(points: i64, scale: Scale, lower_is_better: bool) -> i64 {
    if lower_is_better { scale.mirror(points) } else { points }
}
