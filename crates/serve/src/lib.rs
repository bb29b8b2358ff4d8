//! A small HTTP service that rates single customers: a rule set with saved cut-offs behind `POST /rate`.
//!
//! The service reads nothing but what its [`Host`] gives it and prints nothing: `accolade serve` is such a host.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod connection;
mod control;
mod explain;
mod host;
mod hosts;
mod metrics;
mod openapi;
mod problem;
mod query;
mod rate;
mod reload;
mod repeated_keys;
mod request;
mod response;
mod router;
mod server;
mod state;
mod status;
mod token;
mod versions;
mod work;

pub use control::ServiceHandle;
pub use host::{Host, LoadError, LoadedRules};
pub use server::{Settings, serve};
pub use state::RequestLimits;
pub use token::BearerToken;
