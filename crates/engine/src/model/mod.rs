//! A checked rule set, with the model it is made of.

pub mod set;

pub use accolade_core::model::*;
pub use set::{Profile, RuleSet, Step};
