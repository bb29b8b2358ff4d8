//! Customers in the order of a metric, and the position of each.

use std::sync::Arc;

use accolade_core::model::Value;
use accolade_core::numbers::domain::{Domain, KeyColumn, float_key};
use arrow::array::{ArrayRef, Float64Array, Int64Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// A customer in rank order; packed, since there are many.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed(4))]
pub struct RankedCustomer {
    /// The key of the metric.
    pub key: i128,
    /// The row.
    pub row: u32,
}

/// The customers that are classed, best first, and the sum of their positive amounts.
#[derive(Debug)]
pub struct Ranking {
    /// The customers whose metric is neither zero nor missing.
    pub order: Vec<RankedCustomer>,
    /// The sum of the positive amounts.
    pub total: i128,
    domain: Domain,
    /// Decimal places in which floats are added up.
    places: i32,
}

/// The most a sum of amounts may be, so that its product with a share stays in 128 bits.
const MAX_TOTAL: i128 = 1_000_000_000_000_000_000_000_000_000;

impl Ranking {
    /// Ranks the customers by a column. Floats are added up in a decimal place that fits all of them.
    pub fn new(keys: &KeyColumn, rows: usize, domain: Domain) -> Ranking {
        let present = || (0..rows).filter_map(|row| keys.get(row).filter(|k| *k != 0).map(|key| (row, key)));
        let places = match domain {
            Domain::Exact { .. } => 0,
            // Twelve decimal places, fewer if the values are so large that their sum needs the room.
            Domain::Float(_) => {
                let most = MAX_TOTAL / i128::try_from(rows.max(1)).unwrap_or(1);
                let fits =
                    |places: i32| present().all(|(_, key)| domain.amount(key, places).is_some_and(|a| a.abs() <= most));
                (-300..=12).rev().find(|places| fits(*places)).unwrap_or(-300)
            }
        };
        let customer = |(row, key)| RankedCustomer { key, row: u32::try_from(row).unwrap_or(u32::MAX) };
        let mut order: Vec<RankedCustomer> = Vec::with_capacity(rows);
        order.extend(present().map(customer));
        // Customers of equal value are treated alike, so their order does not matter.
        sort(&mut order);
        let mut ranked = Ranking { order, total: 0, domain, places };
        ranked.total = ranked.order.iter().map(|c| ranked.amount(c.key).max(0)).sum();
        ranked
    }

    /// What a customer of this key adds to the total.
    pub fn amount(&self, key: i128) -> i128 {
        self.domain.amount(key, self.places).unwrap_or(0)
    }

    /// The customers from `start` that share its value.
    pub fn group(&self, start: usize) -> std::ops::Range<usize> {
        let key = self.order[start].key;
        let length = self.order[start..].iter().take_while(|c| c.key == key).count();
        start..start + length
    }

    /// The positive amounts, largest first.
    pub fn amounts(&self) -> Vec<i128> {
        self.order.iter().map_while(|c| (c.key > 0).then(|| self.amount(c.key))).collect()
    }

    /// An amount, or a sum of amounts, as a value of the metric's type.
    pub fn value(&self, amount: i128) -> Value {
        match self.domain {
            Domain::Exact { .. } => self.domain.value(amount),
            Domain::Float(_) => Value::Number(format!("{amount}e{}", -self.places).parse().unwrap_or(f64::MAX)),
        }
    }

    /// The least key whose amount is above `parts` / `whole` of the total, if there is one.
    pub fn least_above(&self, parts: i128, whole: i128) -> Option<i128> {
        if self.total == 0 {
            return None;
        }
        // An amount is whole, so it is above a fraction if it is above the fraction rounded down.
        let limit = (BigInt::from(self.total) * parts / whole).to_i128()?;
        match self.domain {
            Domain::Exact { .. } => limit.checked_add(1),
            Domain::Float(_) => {
                let above = |key| self.domain.amount(key, self.places).is_none_or(|amount| amount > limit);
                let (mut below, mut least) = (0, float_key(f64::MAX));
                while below + 1 < least {
                    let middle = below + (least - below) / 2;
                    if above(middle) { least = middle } else { below = middle }
                }
                Some(least)
            }
        }
    }

    /// Rank, share and cumulative share of every customer; missing where the metric is zero or missing.
    pub fn positions(&self, rows: usize) -> [ArrayRef; 3] {
        let mut ranks = vec![0i64; rows];
        let (mut shares, mut cumulative) = (vec![0.0f64; rows], vec![0.0f64; rows]);
        let total = self.total as f64;
        let mut before = 0i128;
        let mut start = 0;
        while start < self.order.len() {
            let group = self.group(start);
            let amount = self.amount(self.order[start].key);
            before += amount.max(0) * i128::try_from(group.len()).unwrap_or(0);
            for customer in &self.order[group.clone()] {
                let row = customer.row as usize;
                ranks[row] = i64::try_from(start + 1).unwrap_or(i64::MAX);
                if self.total > 0 {
                    (shares[row], cumulative[row]) = (amount as f64 / total, before as f64 / total);
                }
            }
            start = group.end;
        }
        let has_rank = NullBuffer::new(BooleanBuffer::collect_bool(rows, |row| ranks[row] > 0));
        let has_share = if self.total > 0 { has_rank.clone() } else { NullBuffer::new_null(rows) };
        let share = |shares: Vec<f64>| Arc::new(Float64Array::new(shares.into(), Some(has_share.clone())));
        [Arc::new(Int64Array::new(ranks.into(), Some(has_rank))), share(shares), share(cumulative)]
    }
}

/// Sorts customers, best first; the two halves are sorted in parallel.
fn sort(order: &mut [RankedCustomer]) {
    let best_first = |c: &RankedCustomer| std::cmp::Reverse(c.key);
    if order.len() < 2 {
        return;
    }
    let (better, _, others) = order.select_nth_unstable_by_key(order.len() / 2, best_first);
    std::thread::scope(|scope| {
        scope.spawn(|| better.sort_unstable_by_key(best_first));
        others.sort_unstable_by_key(best_first);
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use accolade_core::frame::array_of;
    use accolade_core::model::Type;

    proptest! {
        #[test]
        fn just_the_amounts_above_a_share_reach_the_edge(
            hundredths in prop::collection::vec(-500i64..5_000, 1..12),
            parts in 0i128..100,
            float in any::<bool>(),
        ) {
            let (ty, value): (Type, fn(i64) -> Value) = if float {
                (Type::Number, |v| Value::Number(v as f64 / 100.0))
            } else {
                (Type::Money, |v| Value::Money(i128::from(v) * 100))
            };
            let column = array_of(ty, hundredths.iter().map(|v| value(*v)));
            let keys = KeyColumn::of(&column).unwrap();
            let ranked = Ranking::new(&keys, hundredths.len(), Domain::of(ty).unwrap());
            let total: i128 = hundredths.iter().filter(|v| **v > 0).map(|v| i128::from(*v)).sum();
            let edge = ranked.least_above(parts, 100);
            prop_assert_eq!(edge.is_none(), total == 0);
            for (row, hundredths) in hundredths.iter().enumerate().filter(|_| total > 0) {
                let above = i128::from(*hundredths) * 100 > parts * total;
                prop_assert_eq!(keys.get(row) >= edge, above, "{} of {}", hundredths, total);
            }
        }
    }
}
