//! From sources to one row per customer: the customers table's columns and the aggregates over events.

mod aggregate;
mod alike_keys;
mod by_row;
mod byte_values;
mod cluster;
mod customers;
mod distinct_count;
mod error;
mod event_lists;
mod events;
mod expected;
mod index;
mod keys;
mod load;
pub mod memory;
mod number_sum;
mod population;
mod read;
mod rejects;
mod scan;
pub mod single_customer;
mod total_row;
mod unknown_customers;
pub mod wire;

use std::path::PathBuf;

use accolade_core::location::Location;
use accolade_core::model::SlotId;
use accolade_core::progress::Progress;
use accolade_parser::Diagnostics;
use arrow::array::ArrayRef;

pub use cluster::{Cluster, ClusterFailure, ClusterTable, Division, PlanQuery};
pub use distinct_count::distinct_count;
pub use load::{load, load_with_cluster};
pub use memory::Reservations;
pub use number_sum::number_aggregates;
pub use read::cluster_failed;
pub use rejects::rejects_path;
pub use scan::SourceScan;

/// What a run reads, and how it reads it.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Where the data of each source is, in the order of `RuleSet::sources`.
    pub locations: Vec<Location>,
    /// What to do with bad rows.
    pub bad_rows: BadRows,
    /// The greatest share of a source's rows that may be rejected.
    pub max_bad: Option<f64>,
    /// The name of the rule set, which files of rejected rows have in their names.
    pub rule_set: String,
    /// Number of threads; results do not depend on it.
    pub threads: usize,
    /// Rows per batch; results do not depend on it.
    pub batch_size: usize,
    /// The memory limit of a run in bytes; no limit if absent. Results do not depend on it.
    pub memory_limit: Option<u64>,
    /// Receives progress events.
    pub observer: Progress,
}

/// The default number of rows per batch.
pub const BATCH_SIZE: usize = 8192;

impl Inputs {
    /// Inputs with these files, one thread and otherwise the defaults.
    pub fn new(as_of: i32, locations: Vec<Location>) -> Inputs {
        Inputs {
            as_of,
            locations,
            bad_rows: BadRows::Fail,
            max_bad: None,
            rule_set: String::new(),
            threads: 1,
            batch_size: BATCH_SIZE,
            memory_limit: None,
            observer: Progress::default(),
        }
    }
}

/// What to do with rows that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRows {
    /// Report them all and stop.
    Fail,
    /// Write them with the reason to a file for each source in this folder, and go on without them.
    Report(PathBuf),
    /// Go on without them and write nothing: they have been reported by another run on the same data.
    LeaveOut,
}

/// One row per customer, sorted by key.
#[derive(Debug)]
pub struct CustomerBase {
    /// Number of customers.
    pub rows: usize,
    /// The column of each slot whose origin is the key, a column or an aggregate.
    pub columns: Vec<(SlotId, ArrayRef)>,
    /// Warnings: rejected rows, events after `as_of`, money stored as floats.
    pub findings: Diagnostics,
    /// What was read, per source.
    pub source_counts: Vec<SourceCount>,
    /// The memory of the run, with the reservations for the columns.
    pub reservations: Reservations,
}

/// The row counts of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceCount {
    /// The source's name.
    pub source: String,
    /// Rows used.
    pub rows: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows that the condition of the source leaves out, or of customers who were merged into others.
    pub left_out: u64,
}

#[cfg(test)]
mod tests;
