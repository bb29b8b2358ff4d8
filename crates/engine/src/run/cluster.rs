//! The machines of a cluster, as a run uses them.

use accolade_core::frame::Frame;
use accolade_core::model::SlotId;
use accolade_data::profile::{Cluster, ClusterFailure};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::RatingCounts;

/// Machines that read and rate for a run.
pub trait RatingCluster: Cluster {
    /// Whether the machines can rate pieces of the customers.
    fn takes_pieces(&self) -> bool;

    /// The outputs of a step for all customers, in their order.
    ///
    /// # Errors
    /// Fails with [`ClusterFailure::Data`] when a customer cannot be rated, and with [`ClusterFailure::Cluster`] when
    /// the machines fail.
    fn rate(&self, work: &RatingTask) -> Result<(Vec<ArrayRef>, RatingCounts), ClusterFailure>;
}

/// A step that the machines of a cluster rate.
#[derive(Clone, Copy, Debug)]
pub struct RatingTask<'a> {
    /// Its index among the steps of the rule set.
    pub step: usize,
    /// The customers, with the columns it reads.
    pub frame: &'a Frame,
    /// The cut-offs of its rule.
    pub cut_offs: &'a CutOffs,
    /// The slots of the outputs that do not need the population, in the order in which the step gives them.
    pub outputs: &'a [SlotId],
}
