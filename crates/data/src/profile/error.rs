//! The errors of reading a source.

use std::fmt::Display;

use accolade_parser::Diagnostics;
use thiserror::Error;

use super::cluster::ClusterFailure;
use super::memory::MemoryExceeded;

/// The reason why a source could not be read by the fast path.
#[derive(Clone, Debug, Error)]
pub(super) enum ReadError {
    /// A problem in the data. Reading it row by row finds the problem and its place.
    #[error("{0}")]
    Retry(String),
    /// The memory limit is too small, however the source is read.
    #[error(transparent)]
    Memory(#[from] MemoryExceeded),
    /// The cluster itself failed.
    #[error("the cluster failed: {0}")]
    Cluster(String),
}

impl ReadError {
    /// A problem in the data, to be located row by row.
    pub(super) fn retry(why: impl Display) -> ReadError {
        ReadError::Retry(why.to_string())
    }

    /// The diagnostics of an error, without another reading row by row.
    pub(super) fn into_findings(self) -> Diagnostics {
        match self {
            ReadError::Retry(why) => super::read::failed(&why),
            ReadError::Memory(exceeded) => exceeded.into(),
            ReadError::Cluster(why) => super::read::cluster_failed(&why),
        }
    }
}

impl From<ClusterFailure> for ReadError {
    fn from(failure: ClusterFailure) -> ReadError {
        match failure {
            ClusterFailure::Data(why) => ReadError::Retry(why),
            ClusterFailure::Cluster(why) => ReadError::Cluster(why),
        }
    }
}
