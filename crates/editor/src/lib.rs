//! Support for editors: a language server, and JSON Schemas of rule files and test files.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod schema;
pub mod server;
