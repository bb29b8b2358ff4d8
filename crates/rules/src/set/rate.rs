//! How a rule rates: its outputs, cut-offs, batches of records and single ones.

use accolade_core::model::{SlotId, Value};
use accolade_core::script;
use accolade_parser::{Diagnostics, Span};
use arrow::array::ArrayRef;

use super::prepared::Prepared;
use super::rule::{Batch, Calibration, Context, Output, Population};
use crate::thresholds::cutoffs::CutOffs;

/// The computation of a rule: the one part that every kind writes itself.
///
/// Outputs come in two parts: first those that [`rate`](Self::rate) gives, which depend on the record and the
/// cut-offs alone, then those that [`calibrate`](Self::calibrate) gives, which need the whole population (ranks).
pub trait Rate: std::fmt::Debug + Send + Sync {
    /// What it gives; the first is its main result.
    fn outputs(&self) -> Vec<Output>;

    /// The cut-offs of a population, and its outputs that need the population.
    ///
    /// # Errors
    /// Data on which the rule cannot be computed.
    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics>;

    /// The row-wise outputs for a batch.
    ///
    /// # Errors
    /// Cut-offs that do not fit, or data on which the rule cannot be computed.
    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics>;

    /// What it makes of cut-offs once, for all the single records that it rates; `name` is its own.
    ///
    /// # Errors
    /// Cut-offs that do not fit.
    fn prepare(&self, _cut_offs: &CutOffs, _name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::nothing())
    }

    /// The row-wise outputs for one record, equal to those of a batch, with cut-offs it has [prepared](Self::prepare).
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics>;

    /// The fields it reads.
    fn reads(&self) -> Vec<SlotId>;

    /// Those of the fields it reads that [`calibrate`](Self::calibrate) reads.
    fn calibrates_by(&self) -> Vec<SlotId> {
        self.reads()
    }

    /// The scripts it runs: for each what it is for, where that is written, and how it is run.
    fn scripts(&self) -> Vec<(String, Span, script::Lowering<'_>)> {
        Vec::new()
    }

    /// The field whose value the output of this index repeats, if it does.
    fn repeats(&self, _output: usize) -> Option<SlotId> {
        None
    }
}
