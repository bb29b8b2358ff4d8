//! A small HTTP service that rates single customers: a rule set with saved cut-offs behind `POST /rate`.
//!
//! The service reads nothing but what its [`Host`] gives it and prints nothing: `accolade serve` is such a host.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod answer;
mod control;
mod explain;
mod guard;
mod host;
mod metrics;
mod openapi;
mod problem;
mod query;
mod rate;
mod reload;
mod request;
mod server;
mod state;
mod status;
mod token;
mod work;

pub use control::Control;
pub use host::{Host, Loaded, Refused};
pub use server::{Settings, serve};
pub use state::Limits;
pub use token::Token;
