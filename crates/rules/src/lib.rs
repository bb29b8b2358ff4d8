//! Rule sets: the checks of a rule file, the traits of rule kinds, and the data of explanations, descriptions, SQL and
//! charts.
//!
//! The crate knows no kind by name, reads no data and does no IO.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod analysis;
pub mod compile;
pub mod decision;
pub mod describe;
pub mod explain;
pub mod goals;
pub mod measures;
pub mod present;
pub mod programmes;
pub mod set;
pub mod sql;
pub mod sql_statement;
pub mod thresholds;
