//! The table of the largest customers and the curve of the running share.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{Concentration, table};

impl Present for Concentration {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        let values = view.frame.column(self.of.slot);
        let ranked = values.and_then(|values| self.ranked(values, view.frame.rows));
        ranked.map_or_else(Vec::new, |ranked| {
            vec![table::pareto(view.rule, &self.of.name, &ranked, &self.top), table::figures(view.rule, &ranked)]
        })
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        let values = view.frame.column(self.of.slot);
        let ranked = values.and_then(|values| self.ranked(values, view.frame.rows));
        let curve = ranked.and_then(|ranked| view.curve_chart(&self.of.name, &ranked, Vec::new()));
        curve.into_iter().collect()
    }
}
