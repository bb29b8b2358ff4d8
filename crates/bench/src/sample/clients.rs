//! `rules/consultant-scorecard`: two hundred and forty clients, with the invoices for what they ordered.

use super::accounts_names::identity;
use super::accounts_orders::{History, draw_history};
use super::{Tables, UnnumberedOrder, orders_text};
use crate::calendar::{DAYS, FIRST_DAY, iso};
use crate::money::Cents;
use crate::permutation::Permutation;
use crate::rng::Rng;

const CLIENTS: u64 = 240;
const PROSPECTS: u64 = 16;
/// The term of payment of an invoice, in days.
const TERM: i32 = 30;
/// The part of the clients whose ambition is not known.
const UNKNOWN_AMBITION: f64 = 0.2;

const AMBITIONS: [&str; 10] = [
    "Open a second plant in Germany",
    "Grow in Belgium by a fifth",
    "A new product line within two years",
    "Grow without hiring",
    "Cut purchasing costs",
    "Lower stocks and cut costs",
    "Sell the company in three years",
    "Keep things as they are",
    "Become CO2 neutral",
    "Fewer suppliers",
];

/// An invoice before it has its number.
struct Invoice {
    customer: String,
    day: i32,
    due: i32,
    paid: Option<i32>,
    amount: Cents,
}

/// Draws the three tables.
pub fn draw() -> Tables {
    let lot = Permutation::new(CLIENTS, [51, 52, 53, 54]);
    let mut customers = String::from("customer_id,name,city,sector,ambition,contact,forecast,planned,held\n");
    let (mut orders, mut invoices): (Vec<UnnumberedOrder>, Vec<Invoice>) = Default::default();
    for i in 0..CLIENTS {
        let mut rng = Rng::new(3_000 + i);
        let key = format!("L{:04}", i + 1);
        let past = if lot.apply(i) < PROSPECTS { History::default() } else { draw_history(&key, &mut rng) };
        let who = identity(479 - i);
        let ambition = if rng.chance(UNKNOWN_AMBITION) { "" } else { rng.pick(&AMBITIONS) };
        let contact = rng.pick(&["director", "manager", "manager", "buyer", "buyer", ""]);
        let planned = rng.below(7);
        let held = (0..planned).filter(|_| rng.chance(0.8)).count();
        let forecast = rng.chance(0.4);
        customers += &format!(
            "{key},{},{},{},{ambition},{contact},{forecast},{planned},{held}\n",
            who.name, who.city, who.sector
        );
        let late = rng.log_normal(6.0, 1.1) - 8.0;
        invoices.extend(past.orders.iter().filter(|o| o.amount.amount() > 0.0).map(|o| invoice(o, late, &mut rng)));
        orders.extend(past.orders);
    }
    let orders = orders_text("order_id,customer_id,order_date,amount,margin", orders);
    Tables(vec![("customers.csv", customers), ("orders.csv", orders), ("invoices.csv", invoices_text(invoices))])
}

/// The invoice of an order, sent within days. It is paid about `late` days after the term, or open if that is after the
/// last day.
fn invoice(order: &UnnumberedOrder, late: f64, rng: &mut Rng) -> Invoice {
    let last = FIRST_DAY + DAYS as i32 - 1;
    let day = (order.day + rng.below(4) as i32).min(last);
    let due = day + TERM;
    let paid = (due + libm::round(late + 5.0 * rng.normal()) as i32).max(day);
    let customer = order.customer.clone();
    Invoice { customer, day, due, paid: (paid <= last && !rng.chance(0.004)).then_some(paid), amount: order.amount }
}

fn invoices_text(mut invoices: Vec<Invoice>) -> String {
    invoices.sort_by(|a, b| (a.day, &a.customer).cmp(&(b.day, &b.customer)));
    let mut text = String::from("invoice_id,customer_id,invoice_date,due_date,paid_date,amount\n");
    for (i, invoice) in invoices.iter().enumerate() {
        let Invoice { customer, day, due, paid, amount } = invoice;
        let paid = paid.map(iso).unwrap_or_default();
        text += &format!("F{:05},{customer},{},{},{paid},{amount}\n", i + 1, iso(*day), iso(*due));
    }
    text
}
