//! Types, values and typed expressions, and what evaluates, reads and shows them.
//!
//! Knows no rule and no data file, and does no work of a database or a network.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod decimal;
pub mod eval;
pub mod files;
pub mod frame;
pub mod functions;
pub mod literals;
pub mod location;
pub mod model;
pub mod numbers;
pub mod ops;
pub mod parallel;
pub mod progress;
pub mod script;
pub mod show;
pub mod sql;
pub mod values;
