//! The grid of cells and its chart.

use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{Customers, Present, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::{Matrix, plot};

impl Present for Matrix {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        vec![
            view.grid(&self.rows.labels, &self.columns.labels, |row, column| {
                self.labels[self.cells[row][column]].as_str()
            }),
        ]
    }

    fn charts(&self, view: &RuleResults, _: &Customers, cut_offs: &CutOffs) -> Vec<Chart> {
        vec![plot::chart(self, view, cut_offs)]
    }
}
