//! The script plugin of accolade: criteria and functions written in Rhai.
//!
//! A script sees the customer's fields as variables and gives a number, or a function's declared type. It cannot reach
//! files, the network, the clock or chance, and every resource it uses has a limit. Its text is compiled once; engines
//! are shared by all threads. What is free of loops and the like is lowered to an expression over columns.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bounded;
mod check;
mod date;
mod engine;
mod guard;
mod host;
mod lower;
mod messages;
mod mixed;
mod modules;
mod natives;
mod place;
mod recall;
mod script;
mod tails;
mod told;
mod trace;
mod values;

pub use host::RhaiHost;
pub use trace::Trace;
