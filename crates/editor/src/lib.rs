//! What editors ask: a language server, and a JSON Schema of rule files.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod server;
