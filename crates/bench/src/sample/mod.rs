//! The sample data of the shipped rule sets.

mod accounts;
mod accounts_names;
mod accounts_orders;
mod accounts_surveys;
mod clients;
mod club;
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
pub enum SampleSet {
    /// Business accounts, `rules/b2b-accounts`.
    B2bAccounts,
    /// Customers of a web shop, `rules/webshop-rfm`.
    WebshopRfm,
    /// Clients and their invoices, `rules/consultant-scorecard`.
    ConsultantScorecard,
    /// A garden shop's customers and their club, `rules/loyalty-programme`.
    LoyaltyProgramme,
}

/// The tables of a set: the name of each file and its text.
#[derive(PartialEq)]
pub struct Tables(pub Vec<(&'static str, String)>);

/// An order before it has its number.
pub struct UnnumberedOrder {
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
pub fn draw(set: SampleSet) -> Tables {
    match set {
        SampleSet::B2bAccounts => accounts::draw(),
        SampleSet::WebshopRfm => shop::draw(),
        SampleSet::ConsultantScorecard => clients::draw(),
        SampleSet::LoyaltyProgramme => club::draw(),
    }
}

/// Writes the tables of a set to `dir`.
pub fn write(set: SampleSet, dir: &Path) -> Result<()> {
    for (file, text) in draw(set).0 {
        std::fs::write(dir.join(file), text)?;
    }
    Ok(())
}

/// The orders by date, numbered, as text under `header`.
fn orders_text(header: &str, mut orders: Vec<UnnumberedOrder>) -> String {
    orders.sort_by(|a, b| (a.day, &a.customer).cmp(&(b.day, &b.customer)));
    let mut text = format!("{header}\n");
    for (i, order) in orders.iter().enumerate() {
        let margin = order.margin.map(|margin| format!(",{margin}")).unwrap_or_default();
        text += &format!("O{:05},{},{},{}{margin}\n", i + 1, order.customer, iso(order.day), order.amount);
    }
    text
}
