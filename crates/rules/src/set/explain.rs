//! How a rule explains itself: its branches, derivations, and how a result follows a field.

use std::sync::Arc;

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use arrow::array::{ArrayRef, StringViewArray};

use super::rule::{Batch, Context, Output};
use crate::explain::{Branch, Course, Derivation, LabelOrder};
use crate::set::Lever;
use crate::thresholds::cutoffs::CutOffs;

/// What a rule says about how it decides. A kind that implements nothing of it gives results without reasons.
pub trait Explain {
    /// The ways in which it can decide; by default none, so coverage counts none.
    fn branches(&self) -> Vec<Branch> {
        Vec::new()
    }

    /// How it comes to the results of one record; by default no reason, and nothing but the result is shown.
    ///
    /// # Errors
    /// As [`rate`](super::Rate::rate).
    fn explain(&self, _record: &[Value], _context: &Context, _cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        Ok(Derivation::default())
    }

    /// Which of its labels are better; by default the best is first.
    fn label_order(&self) -> LabelOrder {
        LabelOrder::BestFirst
    }

    /// Whether a test at a threshold expects the output of this index; by default the main result, where it is a label.
    fn is_expected(&self, index: usize, output: &Output) -> bool {
        index == 0 && output.labels.is_some()
    }

    /// Records worth a test, as values of some of the fields it reads: those that show what each condition does.
    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        Vec::new()
    }

    /// Whole customer bases worth a test, each customer as values of some of the fields it reads: those that stand at
    /// thresholds which only show in a population, such as a share of a total.
    fn populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        Vec::new()
    }

    /// How the output of this index follows a lever that it depends on, `slots` being those of all outputs; `None`
    /// where that cannot be said, as by default: a nearest change then names the rule as not followed.
    fn course(&self, _output: usize, _slots: &[SlotId], _cut_offs: &CutOffs, _lever: &Lever) -> Option<Course> {
        None
    }

    /// In a few words, why each record of a batch has its result; the batch holds the rule's own results too. By
    /// default no record has a reason.
    ///
    /// # Errors
    /// As [`rate`](super::Rate::rate).
    fn why(&self, batch: &Batch, _slots: &[SlotId], _cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        Ok(Arc::new(StringViewArray::new_null(batch.frame.rows)))
    }

    /// The aggregates over events it reads that it makes sense to think of as different, whether or not a metric of the
    /// rule file names them.
    fn levers(&self) -> Vec<SlotId> {
        Vec::new()
    }
}
