//! Several machines that read and group together: what a run asks of them.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::common::Result as PlanResult;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};

/// Machines that read for a run.
pub trait Cluster: Debug + Send + Sync {
    /// The rows of a query over a table that the machines read in parts.
    ///
    /// # Errors
    /// Data that cannot be used, or machines that cannot.
    fn collect(&self, table: &Table, query: Query) -> Result<Vec<RecordBatch>, Failure>;
}

/// What is asked of a table.
pub type Query<'a> = &'a (dyn Fn(&SessionContext, Arc<dyn TableProvider>) -> PlanResult<DataFrame> + Sync);

/// A source as a table that any machine can read a part of.
#[derive(Clone, Debug)]
pub struct Table {
    /// The source's place among the sources of the rule set.
    pub source: usize,
    /// The columns it has between machines.
    pub schema: SchemaRef,
    /// How it is divided.
    pub division: Division,
}

/// How a source is divided into parts; the same division of the same files gives the same parts everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// The bytes of its files.
    pub bytes: u64,
    /// In how many parts a file that can be divided is.
    pub wanted: usize,
    /// In how many parts the source is.
    pub parts: usize,
    /// Of each file, whether line breaks stand in quotes, which only a look through all of it tells.
    pub breaks: Vec<bool>,
}

/// Why a cluster gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Something in the data, which reading it here will find again and explain.
    Data(String),
    /// The cluster itself.
    Cluster(String),
}

/// What a failure is between, in the words of whoever passes it on.
const MARKS: [(&str, &str); 2] = [("accolade data failure: ", " (end)"), ("accolade cluster failure: ", " (end)")];

impl Failure {
    /// As a text that is found again in whatever message it becomes a part of.
    pub fn marked(&self) -> String {
        let (mark, why) = match self {
            Failure::Data(why) => (MARKS[0], why),
            Failure::Cluster(why) => (MARKS[1], why),
        };
        format!("{}{}{}", mark.0, why.lines().next().unwrap_or_default(), mark.1)
    }

    /// The failure that a message speaks of, if it is one of ours.
    pub fn found_in(message: &str) -> Option<Failure> {
        let between = |(begin, end): (&str, &str)| {
            let (_, rest) = message.split_once(begin)?;
            // Messages are quoted, once or more, on their way.
            Some(rest.split_once(end).map_or(rest, |(why, _)| why).replace('\\', ""))
        };
        between(MARKS[0]).map(Failure::Data).or_else(|| between(MARKS[1]).map(Failure::Cluster))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_in_a_message() {
        for failure in [Failure::Data("a value of `n` is \"x\"".to_owned()), Failure::Cluster("gone".to_owned())] {
            let message = format!("Job 7 failed: {:?}", Err::<(), String>(format!("{:?}", failure.marked())));
            assert_eq!(Failure::found_in(&message), Some(failure));
        }
        assert_eq!(Failure::found_in("Connection refused"), None);
    }
}
