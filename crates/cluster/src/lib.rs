//! accolade on several machines, with Apache DataFusion Ballista.
//!
//! ```text
//! client ─ plan ─▶ scheduler ─ tasks ─▶ executors ─ rows and tallies ─▶ client
//! ```
//! The client makes the plans it would run alone. Their leaves name a rule set, source and part (`job.rs`), which an
//! executor reads with its own engine. A rule that runs scripts is a leaf of the same kind, over pieces of customers in
//! a folder that all machines see. Calibration and measures, which need all customers, stay with the client.
//!
//! Only this crate names Ballista. Without its feature `ballista` it is empty.

#![cfg(feature = "ballista")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod address;
mod client;
mod codec;
mod executor;
mod job;
mod leaf;
mod pieces;
mod scheduler;
mod session;
mod table;
mod task_request;
mod worker;

pub use address::Address;
pub use client::ClusterClient;
pub use executor::{ExecutorSettings, run_executor};
pub use job::Job;
pub use scheduler::run_scheduler;

/// Makes the plugins that the rule files of jobs can use.
pub type MakePlugins = std::sync::Arc<dyn Fn() -> accolade_engine::Plugins + Send + Sync>;

/// Receives the log lines of a cluster process.
pub type LineLogger = std::sync::Arc<dyn Fn(&str) + Send + Sync>;
