//! Reads sources, groups events into one record per customer, and writes results.
//!
//! The crate takes a `Demand` and knows no rules. Only this crate and `cluster` name DataFusion.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod output;
pub mod profile;
pub mod source;
