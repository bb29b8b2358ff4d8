//! The computation of a rule: its outputs, its cut-offs, and rating of batches and single records.

use accolade_core::model::{SlotId, Value};
use accolade_core::script;
use accolade_parser::{Diagnostics, Span};
use arrow::array::ArrayRef;

use super::prepared::PreparedCutOffs;
use super::rule::{Calibration, Customers, RuleContext, RuleOutput};
use crate::thresholds::cutoffs::CutOffs;

/// The computation of a rule: the one part that every kind writes itself.
///
/// Outputs come in two parts: first those that [`rate`](Self::rate) gives, which depend on the record and the
/// cut-offs alone, then those that [`calibrate`](Self::calibrate) gives, which need the whole population (ranks).
pub trait Rate: std::fmt::Debug + Send + Sync {
    /// Its outputs; the first is its main result.
    fn outputs(&self) -> Vec<RuleOutput>;

    /// The cut-offs of a population, and its outputs that need the population.
    ///
    /// # Errors
    /// Fails when the rule cannot be computed on the data.
    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics>;

    /// The row-wise outputs for a batch.
    ///
    /// # Errors
    /// Fails with E0710 when the cut-offs do not fit, and when the rule cannot be computed on the data.
    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics>;

    /// Prepares cut-offs once for all the single records that it rates; `name` is the rule's name.
    ///
    /// # Errors
    /// Fails with E0710 when the cut-offs do not fit.
    fn prepare(&self, _cut_offs: &CutOffs, _name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        Ok(PreparedCutOffs::nothing())
    }

    /// The row-wise outputs for one record, equal to those of a batch, with cut-offs it has [prepared](Self::prepare).
    ///
    /// # Errors
    /// Fails as [`rate`](Self::rate) does.
    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics>;

    /// The fields it reads.
    fn reads(&self) -> Vec<SlotId>;

    /// The fields that [`calibrate`](Self::calibrate) reads; by default all that the rule reads.
    fn calibrates_by(&self) -> Vec<SlotId> {
        self.reads()
    }

    /// The scripts it runs: the purpose of each, its place in the rule file, and how it is run.
    fn scripts(&self) -> Vec<(String, Span, script::ScriptExecution<'_>)> {
        Vec::new()
    }

    /// The field whose value the output of this index repeats, if it does.
    fn repeated_field(&self, _output: usize) -> Option<SlotId> {
        None
    }
}
