//! Reading sources, grouping events, one record a customer, and writing results.
//!
//! Takes a `Demand`, knows no rule. With `cluster` the only crate that names DataFusion.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod output;
pub mod profile;
pub mod source;
