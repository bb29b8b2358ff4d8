//! The orders of one business account over three years.

use super::UnnumberedOrder;
use crate::calendar::{DAYS, FIRST_DAY, is_weekend};
use crate::money::Cents;
use crate::rng::Rng;

const RETURNS: f64 = 0.02;
/// The part of the accounts that came after the first day.
const NEWCOMERS: f64 = 0.3;
/// The part of the accounts that stopped buying before the last day.
const LEAVERS: f64 = 0.14;

/// The part of the accounts that has a standing order for every month.
const MONTHLY: f64 = 0.08;

/// What an account bought.
#[derive(Default)]
pub struct History {
    /// Its orders and returns.
    pub orders: Vec<UnnumberedOrder>,
    /// What it usually spends with us in a year; zero for a prospect.
    pub yearly: f64,
    /// Whether it stopped buying.
    pub stopped: bool,
}

/// Draws the history of the account `key`.
pub fn draw_history(key: &str, rng: &mut Rng) -> History {
    let yearly = rng.log_normal(6_500.0, 1.55);
    let monthly = rng.chance(MONTHLY);
    let by_size = libm::round(3.6 * libm::sqrt(yearly / 6_500.0)).clamp(1.0, 26.0);
    let per_year: f64 = if monthly { 12.0 } else { by_size };
    let steady = monthly || rng.chance(if per_year >= 8.0 { 0.75 } else { 0.25 });
    let margin_rate = rng.between(0.12, 0.34) - if yearly > 60_000.0 { 0.05 } else { 0.0 };
    let from = if rng.chance(NEWCOMERS) { rng.below(u64::from(DAYS) - 60) as f64 } else { 0.0 };
    let stopped = rng.chance(LEAVERS);
    let until = if stopped { rng.between(from, f64::from(DAYS)) } else { f64::from(DAYS) };

    let gap = 365.0 / per_year;
    let (jitter, spread) = if steady { (0.12, 0.18) } else { (0.9, 0.65) };
    let mut orders = Vec::new();
    let mut at = from + gap * rng.unit();
    while at < until || orders.is_empty() {
        let day = workday(at.min(f64::from(DAYS - 1)));
        let amount = Cents::of(rng.log_normal(yearly / per_year, spread).max(25.0));
        let rate = margin_rate + 0.04 * rng.normal();
        orders.push(order(key, day, amount, rate));
        if rng.chance(RETURNS) {
            let back = Cents::of(amount.amount() * rng.between(0.2, 1.0)).negated();
            let day = workday((f64::from(day - FIRST_DAY) + rng.between(3.0, 20.0)).min(f64::from(DAYS - 1)));
            orders.push(order(key, day, back, rate));
        }
        at += gap * (1.0 + jitter * rng.normal()).max(0.1);
    }
    History { orders, yearly, stopped }
}

fn order(key: &str, day: i32, amount: Cents, rate: f64) -> UnnumberedOrder {
    UnnumberedOrder { customer: key.to_owned(), day, amount, margin: Some(Cents::of(amount.amount() * rate)) }
}

/// The day `offset` days into the data, or the Friday before a weekend (the Monday after, at the very beginning).
fn workday(offset: f64) -> i32 {
    let mut day = FIRST_DAY + offset as i32;
    while is_weekend(day) {
        day += if day < FIRST_DAY + 2 { 1 } else { -1 };
    }
    day
}
