//! A year of a shop as its systems export it: orders, customers who come and go, and customers who are merged.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const CUSTOMERS: u64 = 600;

/// An order of 2024 or 2025. Months count from January 2024.
pub struct Order {
    pub id: u32,
    pub customer: String,
    pub month: u32,
    pub day: u32,
    pub cents: i64,
}

/// A customer, with the months in which the customers table gets and loses the row.
struct Customer {
    key: String,
    from: u32,
    until: u32,
}

/// A merge, with the first month whose table names it. The old row may stay in the customers table.
struct Merge {
    old: String,
    new: String,
    from: u32,
    stays: bool,
}

/// The data of 2024 and 2025.
pub struct TradingYear {
    /// The orders by day.
    pub orders: Vec<Order>,
    customers: Vec<Customer>,
    merges: Vec<Merge>,
}

/// The month that January 2025 is.
pub const JANUARY: u32 = 13;

/// A month as in `2025-01`.
pub fn name(month: u32) -> String {
    format!("{}-{:02}", 2024 + (month - 1) / 12, (month - 1) % 12 + 1)
}

/// The last day of a month as in `2025-01-31`.
pub fn last_day(month: u32) -> String {
    format!("{}-{:02}", name(month), days(month))
}

fn days(month: u32) -> u32 {
    let leap = u32::from(month == 2);
    [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][((month - 1) % 12) as usize]
}

impl TradingYear {
    /// Draws the data, which is always the same.
    pub fn draw() -> TradingYear {
        let mut state = 25u64;
        let mut below = move |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let key = |number: u64| format!("K{number:04}");
        let mut customers = Vec::new();
        for number in 0..CUSTOMERS {
            let from = if number > 0 && below(6) == 0 { JANUARY + below(12) as u32 } else { 1 };
            let until = if number > 0 && below(10) == 0 { from.max(JANUARY) + 1 + below(12) as u32 } else { u32::MAX };
            customers.push(Customer { key: key(number), from, until });
        }
        let merge = |old: u64, from: u32| Merge { old: key(old), new: key(old + 1), from, stays: old % 20 < 10 };
        let mut merges: Vec<Merge> =
            (1..25).map(|n| merge(n * 20 + 7 + n % 2 * 10, JANUARY + (n % 12) as u32)).collect();
        // A chain: the second merge is of a customer whom another was merged into.
        merges.extend([merge(3, JANUARY + 2), merge(4, JANUARY + 7)]);
        let mut orders = Vec::new();
        for month in 1..JANUARY + 12 {
            let from = orders.len();
            for customer in customers.iter().filter(|customer| (customer.from..customer.until).contains(&month)) {
                let number: u64 = customer.key[1..].parse().unwrap();
                for _ in 0..below(3) {
                    let cents = 100 + (below(40_000) * (1 + below(1 + number % 30))) as i64;
                    let day = 1 + below(u64::from(days(month))) as u32;
                    orders.push(Order { id: 0, customer: customer.key.clone(), month, day, cents });
                }
            }
            orders.push(Order { id: 0, customer: key(0), month, day: days(month), cents: 1999 });
            orders[from..].sort_by_key(|order| order.day);
        }
        (1..).zip(&mut orders).for_each(|(id, order)| order.id = id);
        TradingYear { orders, customers, merges }
    }

    /// The file of some months. From July 2025 on the amount is in another column.
    pub fn orders_file(&self, months: std::ops::RangeInclusive<u32>) -> String {
        let amount = if *months.end() >= JANUARY + 6 { "net_amount" } else { "amount" };
        let mut text = format!("order_id,customer_id,day,{amount}\n");
        for order in self.orders.iter().filter(|order| months.contains(&order.month)) {
            let Order { id, customer, month, day, cents } = order;
            writeln!(text, "{id},{customer},{}-{day:02},{}.{:02}", name(*month), cents / 100, cents % 100).unwrap();
        }
        text
    }

    /// The keys in the customers table of a month.
    pub fn customers(&self, month: u32) -> BTreeSet<&str> {
        let gone: BTreeSet<&str> = self.merged(month).filter(|merge| !merge.stays).map(|m| m.old.as_str()).collect();
        let there = self.customers.iter().filter(|customer| (customer.from..customer.until).contains(&month));
        there.map(|customer| customer.key.as_str()).filter(|key| !gone.contains(key)).collect()
    }

    /// The customers table of a month.
    pub fn customers_file(&self, month: u32) -> String {
        let rows: String = self.customers(month).iter().map(|key| format!("{key},Customer {key}\n")).collect();
        format!("customer_id,name\n{rows}")
    }

    /// The merges up to a month, from the old key to the new one.
    pub fn merges(&self, month: u32) -> BTreeMap<&str, &str> {
        self.merged(month).map(|merge| (merge.old.as_str(), merge.new.as_str())).collect()
    }

    /// The table of merges of a month.
    pub fn merges_file(&self, month: u32) -> String {
        let rows: String = self.merges(month).iter().map(|(old, new)| format!("{old},{new}\n")).collect();
        format!("old_id,new_id\n{rows}")
    }

    fn merged(&self, month: u32) -> impl Iterator<Item = &Merge> {
        self.merges.iter().filter(move |merge| merge.from <= month)
    }
}
