//! The script plugin of accolade: criteria written in Rhai.
//!
//! A script sees the customer's fields as variables and gives a number. It cannot reach files, the network, the
//! clock or chance, and every resource it uses has a limit. Its text is compiled once; an engine is shared by all
//! threads.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod host;
mod limits;
mod place;
mod values;

pub use host::RhaiHost;
