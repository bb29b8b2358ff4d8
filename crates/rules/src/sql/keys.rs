//! Intervals of keys as comparisons of values.

use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::Interval;
use accolade_core::show;
use accolade_core::sql::tree::{Expr, Op, literal};

/// Whether a value is at this key or above it.
pub fn above(value: Expr, domain: Domain, key: i128) -> Expr {
    end(value, domain, key, (Op::GreaterEqual, Op::Greater, -1))
}

/// Whether a value is in the interval.
pub fn inside(value: Expr, domain: Domain, Interval { low, high }: Interval) -> Expr {
    if low == high {
        return value.compare(Op::Equal, at(domain, low));
    }
    let from = (low != i128::MIN).then(|| above(value.clone(), domain, low));
    let to = (high != i128::MAX).then(|| end(value.clone(), domain, high, (Op::LessEqual, Op::Less, 1)));
    match (from, to) {
        (None, None) => Expr::apply(Op::IsNotNull, [value]),
        (from, to) => Expr::all(from.into_iter().chain(to).collect()),
    }
}

/// A comparison with a key, or with its neighbour that is just not met, whichever is the shorter number: `< 5` is
/// easier to read than `<= 4.9999`.
fn end(value: Expr, domain: Domain, key: i128, (closed, open, step): (Op, Op, i128)) -> Expr {
    let length = |key: i128| show::value(&domain.value(key)).len();
    match key.checked_add(step) {
        Some(beyond) if length(beyond) < length(key) => value.compare(open, at(domain, beyond)),
        _ => value.compare(closed, at(domain, key)),
    }
}

fn at(domain: Domain, key: i128) -> Expr {
    literal(&domain.value(key), domain.ty()).unwrap_or(Expr::Whole(key))
}
