//! Intervals of keys as comparisons of values.

use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::show;
use accolade_core::sql::tree::{SqlExpr, SqlOp, literal};

/// Whether a value is at this key or above it.
pub fn at_least(value: SqlExpr, domain: Domain, key: i128) -> SqlExpr {
    end(value, domain, key, (SqlOp::GreaterEqual, SqlOp::Greater, -1))
}

/// Whether a value is in the interval.
pub fn within(value: SqlExpr, domain: Domain, KeyInterval { low, high }: KeyInterval) -> SqlExpr {
    if low == high {
        return value.compare(SqlOp::Equal, at(domain, low));
    }
    let from = (low != i128::MIN).then(|| at_least(value.clone(), domain, low));
    let to = (high != i128::MAX).then(|| end(value.clone(), domain, high, (SqlOp::LessEqual, SqlOp::Less, 1)));
    match (from, to) {
        (None, None) => SqlExpr::apply(SqlOp::IsNotNull, [value]),
        (from, to) => SqlExpr::all(from.into_iter().chain(to).collect()),
    }
}

/// A comparison with a key, or with its neighbour that is just not met, whichever is the shorter number: `< 5` is
/// easier to read than `<= 4.9999`.
fn end(value: SqlExpr, domain: Domain, key: i128, (closed, open, step): (SqlOp, SqlOp, i128)) -> SqlExpr {
    let length = |key: i128| show::value(&domain.value(key)).len();
    match key.checked_add(step) {
        Some(beyond) if length(beyond) < length(key) => value.compare(open, at(domain, beyond)),
        _ => value.compare(closed, at(domain, key)),
    }
}

fn at(domain: Domain, key: i128) -> SqlExpr {
    literal(&domain.value(key), domain.ty()).unwrap_or(SqlExpr::Whole(key))
}
