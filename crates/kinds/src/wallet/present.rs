//! The totals of each class.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Wallet;

impl Present for Wallet {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        vec![view.totals(&self.labels, &[self.amounts.own.slot, self.amounts.spend.slot, view.slots[2]])]
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}
