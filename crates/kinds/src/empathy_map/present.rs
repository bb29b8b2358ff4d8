//! The map of notes.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{EmpathyMap, map};

impl Present for EmpathyMap {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        map::sections(self, view).unwrap_or_default()
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        map::chart(self, view).into_iter().collect()
    }
}
