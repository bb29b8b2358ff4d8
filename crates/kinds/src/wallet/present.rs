//! The totals of each class.

use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Batch, Present, View};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Wallet;

impl Present for Wallet {
    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.totals(&self.labels, &[self.shares.own.slot, self.shares.spend.slot, view.slots[2]])]
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}
