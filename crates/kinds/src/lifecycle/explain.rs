//! Explanations: the test of activity that decides, and how the stage responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Course, Derivation, Field, Reason, Verdict, Written};
use accolade_rules::set::{Batch, Context, Explain, Lever, Rate};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{LABELS, Lifecycle};
use crate::labels;

impl Explain for Lifecycle {
    fn branches(&self) -> Vec<Branch> {
        self.labels.iter().map(|label| Branch::new("stage", label.clone(), None)).collect()
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        // Counts of events: now, before, earlier, ever.
        let cases = [[1, 0, 0, 1], [1, 1, 0, 2], [1, 0, 1, 2], [0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]];
        let row = |case: [i64; 4]| self.reads().into_iter().zip(case.map(Value::Integer)).collect();
        cases.into_iter().map(row).collect()
    }

    fn explain(&self, record: &[Value], _: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let chosen = self.of(record);
        let reason = |i: usize| {
            let (label, test) = LABELS[i];
            let inputs = test.iter().map(|(count, _)| self.counts[*count].of(record)).collect();
            Reason::new(label, inputs, Written::nowhere(self.test(i)), Verdict::known(i == chosen))
        };
        let reasons = (0..=chosen).map(reason).collect();
        let decided_by = Some(Written::nowhere(self.test(chosen)));
        Ok(Derivation { decided_by, reasons, reached: vec![chosen] })
    }

    fn course(&self, _: usize, _: &[SlotId], _: &CutOffs, lever: &Lever) -> Option<Course> {
        let any = |field: &Field| lever.reached(field.slot, &[1]);
        self.counts.iter().try_fold(lever.constant(), |all, field| all.still(&any(field)?))
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons: Vec<String> = (0..LABELS.len()).map(|i| self.test(i)).collect();
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn levers(&self) -> Vec<SlotId> {
        self.reads()
    }
}

impl Lifecycle {
    /// The test of a label in words.
    fn test(&self, label: usize) -> String {
        let part = |(count, any): &(usize, bool)| format!("{}{}", if *any { "" } else { "not " }, self.words[*count]);
        LABELS[label].1.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}
