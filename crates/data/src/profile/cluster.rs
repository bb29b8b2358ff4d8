//! The interface of a run to a cluster of machines that read and group for it.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::common::Result as PlanResult;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};

/// A cluster of machines that read for a run.
pub trait Cluster: Debug + Send + Sync {
    /// Runs a query over a table, whose parts the machines read, and returns its rows.
    ///
    /// # Errors
    /// Fails with [`ClusterFailure::Data`] when the data cannot be used, and with [`ClusterFailure::Cluster`] when the
    /// cluster fails.
    fn collect(&self, table: &ClusterTable, query: PlanQuery) -> Result<Vec<RecordBatch>, ClusterFailure>;
}

/// A function that plans a query over a table.
pub type PlanQuery<'a> = &'a (dyn Fn(&SessionContext, Arc<dyn TableProvider>) -> PlanResult<DataFrame> + Sync);

/// A source as a table that any machine can read a part of.
#[derive(Clone, Debug)]
pub struct ClusterTable {
    /// The index of the source in the rule set.
    pub source: usize,
    /// The schema of its batches between machines.
    pub schema: SchemaRef,
    /// Its division into parts.
    pub division: Division,
}

/// How a source is divided into parts; the same division of the same files gives the same parts everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// The total size of its files in bytes.
    pub bytes: u64,
    /// The number of parts that is requested for each file.
    pub parts_per_file: usize,
    /// The number of parts of the source.
    pub parts: usize,
    /// For each file, whether quoted fields hold line breaks, which takes a scan of the whole file to find out.
    pub breaks_in_quotes: Vec<bool>,
}

/// Why a cluster gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterFailure {
    /// A problem in the data. Reading the data on this machine finds and explains it.
    Data(String),
    /// A failure of the cluster itself.
    Cluster(String),
}

/// The marks before and after a failure in the messages of other programs that pass it on.
const MARKS: [(&str, &str); 2] = [("accolade data failure: ", " (end)"), ("accolade cluster failure: ", " (end)")];

impl ClusterFailure {
    /// The failure as a marked text, which [`found_in`](Self::found_in) recovers from any message that contains it.
    pub fn marked(&self) -> String {
        let (mark, why) = match self {
            ClusterFailure::Data(why) => (MARKS[0], why),
            ClusterFailure::Cluster(why) => (MARKS[1], why),
        };
        format!("{}{}{}", mark.0, why.lines().next().unwrap_or_default(), mark.1)
    }

    /// The failure that is marked in a message, if there is one.
    pub fn found_in(message: &str) -> Option<ClusterFailure> {
        let between = |(begin, end): (&str, &str)| {
            let (_, rest) = message.split_once(begin)?;
            // Each program that passes a message on may quote and escape it.
            Some(rest.split_once(end).map_or(rest, |(why, _)| why).replace('\\', ""))
        };
        between(MARKS[0]).map(ClusterFailure::Data).or_else(|| between(MARKS[1]).map(ClusterFailure::Cluster))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_in_a_message() {
        for failure in
            [ClusterFailure::Data("a value of `n` is \"x\"".to_owned()), ClusterFailure::Cluster("gone".to_owned())]
        {
            let message = format!("Job 7 failed: {:?}", Err::<(), String>(format!("{:?}", failure.marked())));
            assert_eq!(ClusterFailure::found_in(&message), Some(failure));
        }
        assert_eq!(ClusterFailure::found_in("Connection refused"), None);
    }
}
