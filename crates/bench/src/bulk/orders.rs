//! The rows of the orders table.

use super::BuyingHabits;
use crate::calendar::{DAYS, FIRST_DAY};
use crate::money::Cents;
use crate::rng::Rng;

/// The part of the orders that are returns.
pub const RETURNS: f64 = 0.02;
/// Deviation of the logarithm of the amounts of one customer.
const SPREAD: f64 = 0.6;

/// A row of the orders table.
pub struct OrderRow {
    /// Its number, in order of time.
    pub id: i64,
    /// The number of the customer.
    pub customer: u32,
    /// Days from 1970-01-01.
    pub day: i32,
    /// What was charged; negative for a return.
    pub amount: Cents,
    /// What was earned.
    pub margin: Cents,
}

/// All orders, by date.
pub fn draw(population: &BuyingHabits) -> impl Iterator<Item = OrderRow> {
    let mut rng = Rng::new(12);
    let orders = population.orders();
    (0..orders).map(move |i| {
        let customer = population.buyer(i);
        let size = rng.log_normal(population.usual_amount(customer), SPREAD).max(1.0);
        let amount = Cents::of(if rng.chance(RETURNS) { -size } else { size });
        OrderRow {
            id: i as i64 + 1,
            customer,
            day: FIRST_DAY + (i * u64::from(DAYS) / orders) as i32,
            amount,
            margin: Cents::of(amount.amount() * rng.between(0.05, 0.45)),
        }
    })
}
