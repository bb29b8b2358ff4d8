//! The sample data of the shipped rule sets.

mod accounts;
mod accounts_names;
mod accounts_orders;
mod clients;
mod shop;
#[cfg(test)]
mod tests;

use std::path::Path;

use clap::ValueEnum;

use crate::Result;
use crate::calendar::iso;
use crate::money::Cents;

/// A shipped rule set.
#[derive(Clone, Copy, ValueEnum)]
pub enum Set {
    /// Business accounts, `rules/b2b-accounts`.
    B2bAccounts,
    /// Customers of a web shop, `rules/webshop-rfm`.
    WebshopRfm,
    /// Clients and their invoices, `rules/consultant-scorecard`.
    ConsultantScorecard,
}

/// The tables of a set as text.
#[derive(PartialEq)]
pub struct Tables {
    /// `customers.csv`
    pub customers: String,
    /// `orders.csv`
    pub orders: String,
    /// `invoices.csv`, where the set has invoices.
    pub invoices: Option<String>,
}

/// An order before it has its number.
pub struct Order {
    /// The customer's key.
    pub customer: String,
    /// Days from 1970-01-01.
    pub day: i32,
    /// What was charged; negative for a return.
    pub amount: Cents,
    /// What was earned, where that is recorded.
    pub margin: Option<Cents>,
}

/// Draws the tables of a set.
pub fn draw(set: Set) -> Tables {
    match set {
        Set::B2bAccounts => accounts::draw(),
        Set::WebshopRfm => shop::draw(),
        Set::ConsultantScorecard => clients::draw(),
    }
}

/// Writes the tables of a set to `dir`.
pub fn write(set: Set, dir: &Path) -> Result<()> {
    let tables = draw(set);
    std::fs::write(dir.join("customers.csv"), tables.customers)?;
    std::fs::write(dir.join("orders.csv"), tables.orders)?;
    if let Some(invoices) = tables.invoices {
        std::fs::write(dir.join("invoices.csv"), invoices)?;
    }
    Ok(())
}

/// The orders by date, numbered, as text under `header`.
fn orders_text(header: &str, mut orders: Vec<Order>) -> String {
    orders.sort_by(|a, b| (a.day, &a.customer).cmp(&(b.day, &b.customer)));
    let mut text = format!("{header}\n");
    for (i, order) in orders.iter().enumerate() {
        let margin = order.margin.map(|margin| format!(",{margin}")).unwrap_or_default();
        text += &format!("O{:05},{},{},{}{margin}\n", i + 1, order.customer, iso(order.day), order.amount);
    }
    text
}
