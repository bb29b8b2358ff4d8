//! How often and for how much each customer buys: the only data kept in memory, twelve bytes a customer.

use super::BulkSize;
use crate::Result;
use crate::permutation::Permutation;
use crate::rng::Rng;

/// The part of the customers that has never ordered.
pub const PROSPECTS: f64 = 0.08;
/// Deviation of the logarithm of the number of orders of a customer.
const FREQUENCY_SIGMA: f64 = 1.25;
/// Deviation of the logarithm of the usual amount of a customer.
const AMOUNT_SIGMA: f64 = 1.1;
/// The median of the usual amounts of customers.
const AMOUNT_MEDIAN: f64 = 250.0;

/// The customers' buying habits.
pub struct BuyingHabits {
    /// Customer `c` has the order slots `ends[c - 1] ..< ends[c]`, a prospect none.
    ends: Vec<u64>,
    usual_amounts: Vec<f32>,
    shuffle: Permutation,
}

impl BuyingHabits {
    /// Draws the habits; every customer who is not a prospect gets at least one order.
    pub fn draw(size: BulkSize) -> Result<Self> {
        let n = u64::from(size.customers);
        let mut rng = Rng::new(10);
        let mut keys = || [rng.bits(), rng.bits(), rng.bits(), rng.bits()];
        let (lot, shuffle) = (Permutation::new(n, keys()), Permutation::new(size.orders, keys()));
        let prospects = (n as f64 * PROSPECTS) as u64;
        let Some(extra) = size.orders.checked_sub(n - prospects) else {
            return Err(format!("at least {} orders are needed for {n} customers", n - prospects).into());
        };

        let mut weights = Vec::with_capacity(n as usize);
        let mut usual_amounts = Vec::with_capacity(n as usize);
        for customer in 0..n {
            let (weight, amount) = (rng.log_normal(1.0, FREQUENCY_SIGMA), rng.log_normal(AMOUNT_MEDIAN, AMOUNT_SIGMA));
            weights.push(if lot.apply(customer) < prospects { 0.0 } else { weight });
            usual_amounts.push(amount as f32);
        }

        // Rounding the running total, not each customer's part, makes the counts add up to the orders asked for.
        let total: f64 = weights.iter().sum();
        let (mut buyers, mut running) = (0, 0.0);
        let ends = weights
            .iter()
            .map(|&weight| {
                buyers += u64::from(weight > 0.0);
                running += weight;
                buyers + (extra as f64 * (running / total)) as u64
            })
            .collect();
        Ok(BuyingHabits { ends, usual_amounts, shuffle })
    }

    /// Number of customers.
    pub fn customers(&self) -> u32 {
        self.ends.len() as u32
    }

    /// Number of orders.
    pub fn orders(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Number of orders of a customer.
    pub fn order_count(&self, customer: u32) -> u64 {
        let at = customer as usize;
        self.ends[at] - if at == 0 { 0 } else { self.ends[at - 1] }
    }

    /// The usual amount of an order of the customer.
    pub fn usual_amount(&self, customer: u32) -> f64 {
        f64::from(self.usual_amounts[customer as usize])
    }

    /// The customer of order number `order`, in order of time.
    pub fn buyer(&self, order: u64) -> u32 {
        let slot = self.shuffle.apply(order);
        self.ends.partition_point(|&end| end <= slot) as u32
    }
}
