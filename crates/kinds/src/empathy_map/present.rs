//! The map of notes.

use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Batch, Present, View};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{EmpathyMap, map};

impl Present for EmpathyMap {
    fn summarise(&self, view: &View) -> Vec<Section> {
        map::sections(self, view).unwrap_or_default()
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        map::chart(self, view).into_iter().collect()
    }
}
