//! How the results of a rule are presented.

use accolade_core::model::SlotId;

use super::rule::Batch;
use super::view::View;
use crate::present::Section;
use crate::present::chart::Chart;
use crate::thresholds::cutoffs::CutOffs;

/// The tables and charts of a rule's results.
pub trait Present {
    /// What a reader of a run's summary wants to see of it; by default nothing.
    fn summarise(&self, _view: &View) -> Vec<Section> {
        Vec::new()
    }

    /// What of it is better seen than read; the batch is all customers. By default nothing.
    fn charts(&self, _view: &View, _batch: &Batch, _cut_offs: &CutOffs) -> Vec<Chart> {
        Vec::new()
    }

    /// The metric it ranks customers by, if its kind ranks them: the amount that groups are compared by.
    fn ranks_by(&self) -> Option<SlotId> {
        None
    }
}
