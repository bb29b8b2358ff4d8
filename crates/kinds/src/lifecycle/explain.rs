//! Explanations: the test of activity that decides, and how the stage responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, Field, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, Rate, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{LABELS, Lifecycle};
use crate::labels;

impl Explain for Lifecycle {
    fn branches(&self) -> Vec<Branch> {
        self.labels.iter().map(|label| Branch::new("stage", label.clone(), None)).collect()
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        // Counts of events: now, before, earlier, ever.
        let cases = [[1, 0, 0, 1], [1, 1, 0, 2], [1, 0, 1, 2], [0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]];
        let row = |case: [i64; 4]| self.reads().into_iter().zip(case.map(Value::Integer)).collect();
        cases.into_iter().map(row).collect()
    }

    fn explain(&self, record: &[Value], _: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let chosen = self.stage_of(record);
        let reason = |i: usize| {
            let (label, test) = LABELS[i];
            let inputs = test.iter().map(|(count, _)| self.counts[*count].of(record)).collect();
            Reason::new(label, inputs, SourceText::without_span(self.test(i)), Verdict::known(i == chosen))
        };
        let reasons = (0..=chosen).map(reason).collect();
        let decided_by = Some(SourceText::without_span(self.test(chosen)));
        Ok(Derivation { decided_by, reasons, reached: vec![chosen] })
    }

    fn response(&self, _: usize, _: &[SlotId], _: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        let any = |field: &Field| changeable.threshold_response(field.slot, &[1]);
        self.counts.iter().try_fold(changeable.constant(), |all, field| all.both_constant(&any(field)?))
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons: Vec<String> = (0..LABELS.len()).map(|i| self.test(i)).collect();
        labels::reason_column(batch, slots[0], &self.labels, &reasons)
    }

    fn changeable_fields(&self) -> Vec<SlotId> {
        self.reads()
    }
}

impl Lifecycle {
    /// The test of a label in words.
    fn test(&self, label: usize) -> String {
        let part =
            |(count, any): &(usize, bool)| format!("{}{}", if *any { "" } else { "not " }, self.count_times[*count]);
        LABELS[label].1.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}
