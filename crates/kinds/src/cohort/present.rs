//! The cohort table.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{Cohort, table};

impl Present for Cohort {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        self.counts(view.frame, view.rule, view.as_of).map(|counts| table::sections(view, &counts)).unwrap_or_default()
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        let later = match self.slices.months {
            3 => "quarters",
            12 => "years",
            _ => "months",
        };
        self.summarise(view).into_iter().skip(1).map(|retention| table::heat_map(retention, later)).collect()
    }
}
