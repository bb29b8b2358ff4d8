//! The customers of each class.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Xyz;

impl Present for Xyz {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        vec![view.groups(&self.labels)]
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}
