//! Several machines that rate together: what a run asks of them.

use accolade_core::frame::Frame;
use accolade_core::model::SlotId;
use accolade_data::profile::{Cluster, Failure};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::Counted;

/// Machines that read and rate for a run.
pub trait RatingCluster: Cluster {
    /// Whether pieces of customers can be handed to the machines.
    fn takes_pieces(&self) -> bool;

    /// The outputs of a step for all customers, in their order.
    ///
    /// # Errors
    /// Customers that cannot be rated, or machines that cannot rate.
    fn rate(&self, work: &Work) -> Result<(Vec<ArrayRef>, Counted), Failure>;
}

/// A step to be rated elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// Its place among the steps of the rule set.
    pub step: usize,
    /// The customers, with the columns it reads.
    pub frame: &'a Frame,
    /// The cut-offs of its rule.
    pub cut_offs: &'a CutOffs,
    /// The slots of the outputs that do not need the population, in the order in which the step gives them.
    pub outputs: &'a [SlotId],
}
