//! `rules/webshop-rfm`: four hundred customers of a web shop.

use super::{Tables, UnnumberedOrder, orders_text};
use crate::calendar::{DAYS, FIRST_DAY};
use crate::money::Cents;
use crate::permutation::Permutation;
use crate::rng::Rng;

const CUSTOMERS: u64 = 400;
const PROSPECTS: u64 = 28;
const RETURNS: f64 = 0.03;
const CITIES: [&str; 14] = [
    "Alkmaar",
    "Almere",
    "Apeldoorn",
    "Dordrecht",
    "Enschede",
    "Maastricht",
    "Middelburg",
    "Zaandam",
    "Aalst",
    "Genk",
    "Oostende",
    "Roeselare",
    "Turnhout",
    "Sint-Niklaas",
];
const CHANNELS: [&str; 6] = ["search", "search", "social", "newsletter", "marketplace", "direct"];

/// Draws both tables.
pub fn draw() -> Tables {
    let lot = Permutation::new(CUSTOMERS, [41, 42, 43, 44]);
    let mut customers = String::from("customer_id,city,channel,email_opt_in\n");
    let mut orders = Vec::new();
    for i in 0..CUSTOMERS {
        let mut rng = Rng::new(2_000 + i);
        let key = format!("W{:04}", i + 1);
        let (city, channel, opt_in) = (rng.pick(&CITIES), rng.pick(&CHANNELS), rng.chance(0.72));
        customers += &format!("{key},{city},{channel},{opt_in}\n");
        if lot.apply(i) >= PROSPECTS {
            draw_orders(&key, &mut rng, &mut orders);
        }
    }
    let orders = orders_text("order_id,customer_id,order_date,amount", orders);
    Tables(vec![("customers.csv", customers), ("orders.csv", orders)])
}

/// The orders of one customer: from a first day until the customer forgets the shop, at random intervals.
fn draw_orders(key: &str, rng: &mut Rng, orders: &mut Vec<UnnumberedOrder>) {
    let usual = rng.log_normal(48.0, 0.7);
    let gap = rng.log_normal(110.0, 0.8);
    let end = f64::from(DAYS - 1);
    let mut at = end * rng.unit();
    loop {
        let day = FIRST_DAY + at as i32;
        let amount = Cents::of(rng.log_normal(usual, 0.5).max(5.0));
        orders.push(UnnumberedOrder { customer: key.to_owned(), day, amount, margin: None });
        if rng.chance(RETURNS) {
            let day = FIRST_DAY + (at + rng.between(2.0, 14.0)).min(end) as i32;
            orders.push(UnnumberedOrder { customer: key.to_owned(), day, amount: amount.negated(), margin: None });
        }
        at += -libm::log(1.0 - rng.unit()) * gap;
        if at > end || rng.chance(0.08) {
            break;
        }
    }
}
