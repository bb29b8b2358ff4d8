//! `rules/b2b-accounts`: three hundred business accounts.

use super::accounts_names::identity;
use super::accounts_orders::{History, draw_history};
use super::accounts_surveys::answers;
use super::{Tables, UnnumberedOrder, accounts_surveys, orders_text};
use crate::permutation::Permutation;
use crate::rng::Rng;

const ACCOUNTS: u64 = 300;
const PROSPECTS: u64 = 24;
/// The part of the accounts without an answer about their satisfaction.
const NO_ANSWER: f64 = 0.15;

/// Draws the three tables.
pub fn draw() -> Tables {
    let lot = Permutation::new(ACCOUNTS, [31, 32, 33, 34]);
    let header = "customer_id,name,city,country,sector,satisfaction,cooperation,potential_revenue";
    let mut customers = format!("{header}\n");
    let mut orders: Vec<UnnumberedOrder> = Vec::new();
    let mut surveys = Vec::new();
    for i in 0..ACCOUNTS {
        let mut rng = Rng::new(1_000 + i);
        let key = format!("K{:04}", i + 1);
        let past = if lot.apply(i) < PROSPECTS { History::default() } else { draw_history(&key, &mut rng) };
        let who = identity(i);
        let satisfaction = satisfaction(&past, &mut rng);
        let opinion = satisfaction.map(|n| n.to_string()).unwrap_or_default();
        surveys.extend(answers(i, &key, &past.orders, satisfaction));
        customers += &format!(
            "{key},{},{},{},{},{opinion},{},{}.00\n",
            who.name,
            who.city,
            who.country,
            who.sector,
            cooperation(&past, &mut rng),
            potential(&past, &mut rng),
        );
        orders.extend(past.orders);
    }
    let orders = orders_text("order_id,customer_id,order_date,amount,margin", orders);
    Tables(vec![("customers.csv", customers), ("orders.csv", orders), ("surveys.csv", accounts_surveys::text(surveys))])
}

/// The answer to the yearly survey, 1 to 5. Accounts that left were less content; those that never bought were not
/// asked.
fn satisfaction(past: &History, rng: &mut Rng) -> Option<i64> {
    if past.orders.is_empty() || rng.chance(NO_ANSWER) {
        return None;
    }
    let mean = if past.stopped { 2.6 } else { 3.8 };
    Some(libm::round(mean + 0.9 * rng.normal()).clamp(1.0, 5.0) as i64)
}

/// The account manager's judgement, 1 to 10, always given.
fn cooperation(past: &History, rng: &mut Rng) -> i64 {
    let mean = if past.stopped { 4.5 } else { 6.8 };
    libm::round(mean + 1.7 * rng.normal()).clamp(1.0, 10.0) as i64
}

/// The yearly spend on what we sell, with us and with others, in whole hundreds of euros; never zero.
fn potential(past: &History, rng: &mut Rng) -> i64 {
    let part = rng.unit();
    let share = 0.08 + 0.92 * part * part;
    let spend = if past.yearly > 0.0 { past.yearly / share } else { rng.log_normal(18_000.0, 1.0) };
    (libm::ceil(spend / 100.0) as i64).max(5) * 100
}
