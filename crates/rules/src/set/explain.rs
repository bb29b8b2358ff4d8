//! The explanation of a rule: its branches, its derivations, and how its results follow a field.

use std::sync::Arc;

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use arrow::array::{ArrayRef, StringViewArray};

use super::rule::{Customers, RuleContext, RuleOutput};
use crate::explain::{Branch, Derivation, LabelOrder, Response};
use crate::set::ChangeableField;
use crate::thresholds::cutoffs::CutOffs;

/// How a rule decides. A kind with the default methods gives results without reasons.
pub trait Explain {
    /// The ways in which it can decide; by default none, so coverage counts none.
    fn branches(&self) -> Vec<Branch> {
        Vec::new()
    }

    /// How it comes to the results of one record; by default without a reason, so only the result is shown.
    ///
    /// # Errors
    /// Fails as [`rate`](super::Rate::rate) does.
    fn explain(
        &self,
        _record: &[Value],
        _context: &RuleContext,
        _cut_offs: &CutOffs,
    ) -> Result<Derivation, Diagnostics> {
        Ok(Derivation::default())
    }

    /// Which of its labels are better; by default the best is first.
    fn label_order(&self) -> LabelOrder {
        LabelOrder::BestFirst
    }

    /// Whether a suggested test at a threshold expects the output of this index; by default only a main result that is
    /// a label.
    fn is_tested(&self, index: usize, output: &RuleOutput) -> bool {
        index == 0 && output.labels.is_some()
    }

    /// Records worth a test, as values of some of the fields it reads: those that show what each condition does.
    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        Vec::new()
    }

    /// Whole customer bases worth a test, each customer as values of some of the fields it reads: those at thresholds
    /// that depend on the population, such as a share of a total.
    fn test_populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        Vec::new()
    }

    /// How the output of this index follows a changeable field that it depends on; `slots` are those of all outputs.
    /// `None`, the default, means that it is unknown: a nearest change then names the rule as not followed.
    fn response(
        &self,
        _output: usize,
        _slots: &[SlotId],
        _cut_offs: &CutOffs,
        _lever: &ChangeableField,
    ) -> Option<Response> {
        None
    }

    /// A short reason for the result of each record of a batch; the batch holds the rule's own results too. By default
    /// no record has a reason.
    ///
    /// # Errors
    /// Fails as [`rate`](super::Rate::rate) does.
    fn reasons(&self, batch: &Customers, _slots: &[SlotId], _cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        Ok(Arc::new(StringViewArray::new_null(batch.frame.rows)))
    }

    /// The aggregates over events that a nearest change may vary, named by a metric or not.
    fn changeable_fields(&self) -> Vec<SlotId> {
        Vec::new()
    }
}
