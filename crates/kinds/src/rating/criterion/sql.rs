//! Points as SQL.

use accolade_core::numbers::domain::Domain;
use accolade_core::ops::divide_half_even;
use accolade_core::sql::numbers::{decimal, half_even, round_even, times, whole};
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use accolade_parser::Diagnostics;
use accolade_rules::sql::{SqlLowering, at_least};

use super::super::points::{PLACES, RAMP_PLACES, Ramp, Scale, orient};
use super::{Criterion, Method};

/// Points as a literal.
pub(in super::super) fn literal(points: i64) -> SqlExpr {
    SqlExpr::Decimal(i128::from(points), PLACES)
}

impl Criterion {
    /// The points of a record, on the scale.
    pub(in super::super) fn as_sql(&self, sql: &mut SqlLowering, scale: Scale) -> Result<SqlExpr, Diagnostics> {
        let turn = |points: i64| orient(points, scale, self.lower_is_better);
        Ok(match &self.method {
            Method::Script(_) => {
                let why = format!("a script gives the points of `{}`", self.name);
                return Err(sql.refuse_at(&why, Some(self.span)));
            }
            Method::Bands { slot, bands, .. } => {
                let value = sql.field(*slot)?;
                bands.as_sql(&value, &turn, sql)?
            }
            Method::Percentile { slot, domain } => {
                let value = sql.field(*slot)?;
                let name = sql.name().to_owned();
                let points = self.points_by_key(&sql.cut_offs(), scale, &name)?;
                let mut keys: Vec<i128> = Vec::new();
                for edge in sql.cut_offs().get(&self.percentile_list()) {
                    keys.extend(edge.bound().ceiling_key(*domain));
                }
                keys.dedup();
                let of = |key: Option<i128>| points(key).map_or(SqlExpr::Null(SqlType::Points), |p| literal(turn(p)));
                let reached = keys.iter().rev().map(|key| (at_least(value.clone(), *domain, *key), of(Some(*key))));
                let below = (SqlExpr::apply(SqlOp::IsNotNull, [value.clone()]), literal(turn(scale.low)));
                SqlExpr::case(reached.chain([below]).collect(), SqlExpr::Null(SqlType::Points))
            }
            Method::Ramp { slot, domain, ramp, .. } => {
                let value = sql.field(*slot)?;
                let ends = [literal(turn(scale.low)), literal(turn(scale.high))];
                let (from, to, points) = match ramp {
                    Ramp::Direct => {
                        let raise = 10i128.pow(u32::from((RAMP_PLACES - PLACES).unsigned_abs()));
                        let ends = [scale.low, scale.high].map(|points| i128::from(points) * raise);
                        (ends[0], ends[1], direct(value.clone(), *domain))
                    }
                    Ramp::Linear { from, to } => (*from, *to, linear(value.clone(), *domain, (*from, *to), scale)),
                };
                let points = if self.lower_is_better {
                    let both = i128::from(scale.low) + i128::from(scale.high);
                    SqlExpr::apply(SqlOp::Minus, [SqlExpr::Decimal(both, PLACES), points])
                } else {
                    points
                };
                let [low, high] = ends;
                let below = value.clone().compare(SqlOp::LessEqual, place(from, *domain));
                let over = value.compare(SqlOp::GreaterEqual, place(to, *domain));
                SqlExpr::Case(None, vec![(below, low), (over, high)], Some(Box::new(points)))
            }
        })
    }
}

/// A place on a ramp as a value of the domain.
fn place(place: i128, domain: Domain) -> SqlExpr {
    match domain {
        Domain::Exact { .. } => SqlExpr::Decimal(place, RAMP_PLACES),
        Domain::Float(_) => SqlExpr::Float(format!("{place}e-{RAMP_PLACES}").parse().unwrap_or_default()),
    }
}

/// The points of a direct ramp: the value itself, rounded.
fn direct(value: SqlExpr, domain: Domain) -> SqlExpr {
    match domain {
        Domain::Exact { scale, .. } if scale <= PLACES => value,
        Domain::Exact { .. } => round_even(value, PLACES),
        Domain::Float(_) => round_even(decimal(value), PLACES),
    }
}

/// The points between the ends of a linear ramp.
fn linear(value: SqlExpr, domain: Domain, (from, to): (i128, i128), scale: Scale) -> SqlExpr {
    let unit = |places: i8| 10i128.pow(u32::from((RAMP_PLACES - places).unsigned_abs()));
    let (value, places) = match domain {
        Domain::Exact { scale, .. } if scale <= RAMP_PLACES => {
            // The value's own decimal places are enough if the ends have no more.
            let places = if from % unit(scale) == 0 && to % unit(scale) == 0 { scale } else { RAMP_PLACES };
            (value, places)
        }
        Domain::Exact { .. } => (round_even(value, RAMP_PLACES), RAMP_PLACES),
        Domain::Float(_) => (round_even(decimal(value), RAMP_PLACES), RAMP_PLACES),
    };
    let (from, to) = (divide_half_even(from, unit(places)), divide_half_even(to, unit(places)));
    let span = i128::from(scale.high) - i128::from(scale.low);
    let common = num_integer::gcd(span, to - from).max(1);
    let value = whole(value, places);
    let way = if from == 0 { value } else { SqlExpr::apply(SqlOp::Minus, [value, SqlExpr::Whole(from)]) };
    let rise = half_even(times(way, SqlExpr::Whole(span / common)), SqlExpr::Whole((to - from) / common));
    let rise = SqlExpr::apply(SqlOp::PointsOfWhole, [rise]);
    if scale.low == 0 { rise } else { SqlExpr::Chain(SqlVariadicOp::Plus, vec![literal(scale.low), rise]) }
}
