//! Types, values and typed expressions, with their evaluators, functions and presentation.
//!
//! The crate knows no rule and no rule kind, opens no data file and connects to nothing.

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
