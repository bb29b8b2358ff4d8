//! The script plugin of accolade: criteria and functions written in Rhai.
//!
//! A script reads the customer's fields as variables and returns a number, or a value of a function's declared type.
//! It has no access to files, the network, the clock or random numbers, and every resource it uses has a limit. Its
//! text is compiled once; engines are shared by all threads. A script without loops, functions of its own, arrays and
//! maps is lowered to an expression over columns.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod call_clock;
mod check;
mod checked_ops;
mod compile_error;
mod date;
mod declared;
mod engine;
mod guard;
mod host;
mod lower;
mod memo;
mod modules;
mod native_result;
mod natives;
mod number_ops;
mod parts;
mod return_types;
mod runtime_error;
mod script;
mod sorting;
mod source_map;
mod trace;
mod values;

pub use host::RhaiHost;
pub use trace::Trace;
