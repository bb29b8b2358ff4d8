//! The shipped rule kinds, the functions over the customer base, and programmes.
//!
//! A kind is a folder and a line in [`BUILT_IN`]; its rating, explanation, description, SQL and charts are in that
//! folder. The crate reads no data and does no IO.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod abc;
mod activity;
mod cohort;
mod concentration;
mod empathy_map;
mod labels;
mod lifecycle;
mod matrix;
pub mod measures;
mod nps;
pub mod programmes;
mod rating;
mod rfm;
mod segments;
#[cfg(test)]
mod tests;
mod unclassed;
mod wallet;
mod xyz;

use accolade_rules::analysis::{Plugins, RuleKind};

use crate::measures::FUNCTIONS;

/// The shipped kinds.
pub static BUILT_IN: &[&RuleKind] = &[
    &abc::KIND,
    &abc::PYRAMID,
    &rfm::KIND,
    &rating::KIND,
    &rating::LOYALTY,
    &segments::KIND,
    &matrix::KIND,
    &xyz::KIND,
    &wallet::KIND,
    &concentration::KIND,
    &nps::KIND,
    &lifecycle::KIND,
    &cohort::KIND,
    &empathy_map::KIND,
];

/// Adds the shipped kinds, the functions over the customer base and the kind of programmes.
pub fn register(plugins: &mut Plugins) {
    BUILT_IN.iter().for_each(|kind| plugins.add_kind(kind));
    FUNCTIONS.iter().for_each(|function| plugins.add_measure(function));
    plugins.set_programmes(&programmes::PROGRAMME);
}
