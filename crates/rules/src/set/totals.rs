//! A table of several amounts by label.

use accolade_core::model::SlotId;

use super::rule_results::{RuleResults, ratio};
use crate::present::{Cell, SummaryTable};

impl RuleResults<'_> {
    /// The customers of each label of the rule's main result, and the totals of some amounts.
    pub fn totals(&self, labels: &[String], amounts: &[SlotId]) -> SummaryTable {
        let label_of = self.labels_of(self.slots[0], labels);
        let sums: Vec<_> = amounts.iter().map(|slot| self.sum(&label_of, labels.len(), Some(*slot))).collect();
        let counts = self.sum(&label_of, labels.len(), None);
        let customers: u64 = counts.iter().map(|group| group.customers).sum();
        let name = |slot: &SlotId| self.set.demand.slots[*slot].name.clone();
        let mut columns = vec![name(&self.slots[0]), "customers".to_owned(), "share".to_owned()];
        columns.extend(amounts.iter().map(name));
        let rows = labels.iter().enumerate().map(|(i, label)| {
            let count = counts[i].customers;
            let mut row =
                vec![Cell::Text(label.clone()), Cell::Count(count), Cell::Share(ratio(count as f64, customers as f64))];
            row.extend(
                amounts.iter().zip(&sums).map(|(slot, groups)| groups[i].amount(self.set.demand.slots[*slot].ty)),
            );
            row
        });
        SummaryTable { title: self.rule.to_owned(), rows: rows.collect(), columns }
    }
}
