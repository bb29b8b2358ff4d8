//! Explanations: the edges and the segment that decide, and how the scores respond to a changed field.

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext, RuleOutput};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int64Type;

use super::{Rfm, map_scores, score_index, values};
use crate::labels;

impl Explain for Rfm {
    fn branches(&self) -> Vec<Branch> {
        let mut branches = match &self.segments {
            Some(segments) => segments.branches("segment"),
            None => {
                self.scores().map(|(letter, score)| Branch::new("score", format!("{letter} = {score}"), None)).collect()
            }
        };
        branches.push(Branch::new("missing value", "no score", None));
        branches
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let scorers = self.binning.scorers(cut_offs, context.rule)?;
        let Some(scores) = self.binning.score_row(record, &scorers) else {
            let test = SourceText::without_span("a measure is missing");
            let inputs = self.binning.explain(record, &[1; 3], &CutOffs::default());
            let inputs = inputs.into_iter().flat_map(|r| r.inputs).collect();
            let reasons = vec![Reason::new("no score", inputs, test, Verdict::Holds)];
            return Ok(Derivation { decided_by: None, reasons, reached: vec![self.branches().len() - 1] });
        };
        let mut reasons = self.binning.explain(record, &scores, cut_offs);
        let Some(segments) = &self.segments else {
            let decided_by =
                SourceText::without_span(format!("r = {}, f = {}, m = {}", scores[0], scores[1], scores[2]));
            let met = |(i, (letter, score)): (usize, (&str, i64))| {
                let own = scores[["r", "f", "m"].iter().position(|l| *l == letter)?];
                (own == score).then_some(i)
            };
            let reached = self.scores().enumerate().filter_map(met).collect();
            return Ok(Derivation { decided_by: Some(decided_by), reasons, reached });
        };
        let (tried, chosen) = segments.explain(&values(&scores), context);
        reasons.extend(tried);
        let decided_by = chosen.map(|row| segments.written(row).clone());
        Ok(Derivation { decided_by, reasons, reached: chosen.into_iter().collect() })
    }

    fn is_tested(&self, index: usize, output: &RuleOutput) -> bool {
        // The code is expected too, as it shows the scores, of which several share a segment.
        self.segments.is_some() && (index == 0 || output.part == "code")
    }

    fn response(&self, _: usize, _: &[SlotId], cut_offs: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        self.binning.response(cut_offs, changeable)
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let counts = self.binning.counts();
        let texts = map_scores(counts, |s| format!("r = {}, f = {}, m = {}", s[0], s[1], s[2]));
        let scores = &slots[slots.len() - 3..];
        let columns = [0, 1, 2].map(|i| column(batch.frame, scores[i]).map(|c| c.as_primitive::<Int64Type>()));
        let [r, f, m] = columns;
        let (r, f, m) = (r?, f?, m?);
        let index =
            |row: usize| r.is_valid(row).then(|| score_index(counts, &[r.value(row), f.value(row), m.value(row)]));
        Ok(labels::label_column(&texts, (0..batch.frame.rows).map(index)))
    }
}

impl Rfm {
    /// Every score of every measure.
    fn scores(&self) -> impl Iterator<Item = (&'static str, i64)> {
        ["r", "f", "m"].into_iter().zip(self.binning.counts()).flat_map(|(letter, n)| (1..=n).map(move |s| (letter, s)))
    }
}
