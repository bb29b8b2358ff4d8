//! The groups by grade, the histogram of scores and the weighted matrix.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{Rating, points, weights};

impl Present for Rating {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        let mut sections = Vec::new();
        if let Some(grades) = &self.grades {
            sections.push(view.grades(&grades.labels));
        }
        sections.push(view.histogram(self.scale.low, self.scale.high, points::PLACES));
        sections
    }

    fn charts(&self, view: &RuleResults, batch: &Customers, cut_offs: &CutOffs) -> Vec<Chart> {
        let grades = self.grades.as_ref().map(|grades| view.grades_chart(&grades.labels));
        let scores = view.histogram_chart(self.scale.low, self.scale.high, points::PLACES);
        let weights = weights::chart(self, view.rule, batch, cut_offs).ok();
        weights.into_iter().chain(grades).chain([scores]).collect()
    }
}
