//! The customers of each category and the net promoter score.

use accolade_core::numbers::exact;
use accolade_rules::measures::intervals;
use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::{Chart, Gauge, Plot};
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Nps;

impl Present for Nps {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        vec![view.groups(&self.labels)]
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        let of = view.labels_of(view.slots[0], &self.labels);
        let counts: Vec<u64> =
            (0..self.labels.len()).map(|label| of.iter().filter(|own| **own == label).count() as u64).collect();
        let (promoters, detractors, n) = (counts[0], counts[2], counts.iter().sum());
        let score = exact::ratio(i128::from(promoters) - i128::from(detractors), n);
        let gauge = Gauge {
            name: "net promoter score".to_owned(),
            value: score.map(|score| exact::float(&score) * 100.0),
            interval: intervals::net_promoter(promoters, detractors, n),
            scale: (-100.0, 100.0),
            parts: self.labels.iter().cloned().zip(counts).collect(),
        };
        let note = format!("{n} of {} customers answered.", view.frame.rows);
        let title = "Net promoter score".to_owned();
        vec![Chart { title, note: Some(note), plot: Plot::Gauge(gauge), table: view.groups(&self.labels) }]
    }
}
