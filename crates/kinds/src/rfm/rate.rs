//! Scores, code and segment.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, Int64Array};

use super::bins::Scores;
use super::{Rfm, map_scores, rfm_code, score_index, values};
use crate::labels;

impl Rate for Rfm {
    fn outputs(&self) -> Vec<RuleOutput> {
        let mut outputs = Vec::new();
        if let Some(segments) = &self.segments {
            outputs.push(RuleOutput::label("segment", segments.labels().to_vec(), true));
        }
        outputs.extend(["code", "r", "f", "m"].map(|part| RuleOutput::new(part, Type::Integer)));
        outputs
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let cut_offs = self.binning.calibrate(population, out)?;
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let scores = self.binning.score_batch(batch, cut_offs)?;
        let mut columns: Vec<ArrayRef> = Vec::new();
        if let Some(segments) = &self.segments {
            // There are few codes and many customers: each code is decided once.
            let counts = self.binning.counts();
            let table = map_scores(counts, |scores| segments.decide_row(&values(scores), &batch.context));
            let index = |scores: &Scores| table[score_index(counts, scores)];
            columns.push(labels::label_column(segments.labels(), scores.iter().map(|s| s.as_ref().and_then(index))));
        }
        let mut integers = |part: fn(&Scores) -> i64| {
            let column: Int64Array = scores.iter().map(|s| s.as_ref().map(part)).collect();
            columns.push(std::sync::Arc::new(column));
        };
        integers(rfm_code);
        integers(|s| s[0]);
        integers(|s| s[1]);
        integers(|s| s[2]);
        Ok(columns)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        Ok(PreparedCutOffs::of(self.binning.scorers(cut_offs, name)?))
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let scores = self.binning.score_row(record, prepared.made(context.rule)?);
        let mut values_of_row = Vec::with_capacity(5);
        if let Some(segments) = &self.segments {
            let index = scores.as_ref().and_then(|s| segments.decide_row(&values(s), context));
            values_of_row.push(segments.labels().value(index));
        }
        let integer = |part: fn(&Scores) -> i64| scores.as_ref().map_or(Value::Null, |s| Value::Integer(part(s)));
        values_of_row.extend([integer(rfm_code), integer(|s| s[0]), integer(|s| s[1]), integer(|s| s[2])]);
        Ok(values_of_row)
    }

    fn reads(&self) -> Vec<SlotId> {
        self.binning.reads()
    }
}
