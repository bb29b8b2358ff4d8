//! How the results of a rule are presented.

use accolade_core::model::SlotId;

use super::rule::Customers;
use super::rule_results::RuleResults;
use crate::present::SummaryTable;
use crate::present::chart::Chart;
use crate::thresholds::cutoffs::CutOffs;

/// The tables and charts of a rule's results.
pub trait Present {
    /// The tables in the summary of a run; by default none.
    fn summarise(&self, _view: &RuleResults) -> Vec<SummaryTable> {
        Vec::new()
    }

    /// The charts; the batch is all customers. By default none.
    fn charts(&self, _view: &RuleResults, _batch: &Customers, _cut_offs: &CutOffs) -> Vec<Chart> {
        Vec::new()
    }

    /// The metric it ranks customers by, if its kind ranks them. Summaries compare groups by this amount.
    fn ranks_by(&self) -> Option<SlotId> {
        None
    }
}
