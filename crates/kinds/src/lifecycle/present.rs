//! The customers of each stage.

use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Batch, Present, View};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Lifecycle;

impl Present for Lifecycle {
    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.groups(&self.labels)]
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}
