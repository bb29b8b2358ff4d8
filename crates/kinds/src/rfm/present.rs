//! The customers of each segment and the map of scores.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{Rfm, heat_map};

impl Present for Rfm {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        match &self.segments {
            Some(segments) => vec![view.groups(segments.labels())],
            None => vec![view.distribution(1..=self.binning.counts()[0])],
        }
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        let first = match &self.segments {
            Some(segments) => view.groups_chart(segments.labels()),
            None => view.distribution_chart(1..=self.binning.counts()[0]),
        };
        let [recency, frequency, _] = self.binning.counts();
        let monetary = self.binning.reads().last().copied();
        std::iter::once(first)
            .chain(heat_map::charts(view, (recency, frequency), monetary).into_iter().flatten())
            .collect()
    }
}
