//! The pyramid of classes and the curve of the running share.

use accolade_core::model::SlotId;
use accolade_core::numbers::domain::KeyColumn;
use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::ranking::Ranking;

use super::Abc;

impl Present for Abc {
    fn ranks_by(&self) -> Option<SlotId> {
        Some(self.by.slot)
    }

    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        vec![view.pyramid(&self.labels, self.by.slot)]
    }

    fn charts(&self, view: &RuleResults, _: &Customers, cut_offs: &CutOffs) -> Vec<Chart> {
        let pyramid = view.pyramid_chart(&self.labels, self.by.slot);
        std::iter::once(pyramid).chain(self.curve(view, cut_offs)).collect()
    }
}

impl Abc {
    /// The running share of the metric, and where each class ends.
    fn curve(&self, view: &RuleResults, cut_offs: &CutOffs) -> Option<Chart> {
        let ranked = Ranking::new(&KeyColumn::of(view.frame.column(self.by.slot)?)?, view.frame.rows, self.domain);
        let lowest = self.least_keys(cut_offs, view.rule).ok()?;
        let ends = self.classes.iter().zip(lowest).filter_map(|(class, low)| Some((class.label.clone(), low?)));
        view.curve_chart(&self.by.name, &ranked, ends.collect())
    }
}
