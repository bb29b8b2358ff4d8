//! Explanations: the share that decides, and how the label responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_core::show;
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{Concentration, LABELS, label_index};
use crate::abc::populations;
use crate::labels;

impl Explain for Concentration {
    fn branches(&self) -> Vec<Branch> {
        let spans = [self.written.span, None];
        let mut branches: Vec<Branch> =
            LABELS.iter().zip(spans).map(|(label, span)| Branch::new("dependency", *label, span)).collect();
        if self.nullable {
            branches.push(Branch::new("missing value", "no label", None));
        }
        branches
    }

    fn test_populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let of = |keys: Vec<i128>| keys.into_iter().map(|key| vec![(self.of.slot, self.domain.value(key))]).collect();
        populations::around_share(self.warn_above, 1, self.domain).into_iter().map(of).collect()
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let edge = self.edge(cut_offs, context.rule)?;
        let inputs = vec![self.of.of(record)];
        let tests = self.tests(edge);
        let Some(chosen) = label_index(self.key(record), edge) else {
            let reason = Reason::new(LABELS[0], inputs, SourceText::without_span(tests[0].clone()), Verdict::Unknown);
            return Ok(Derivation { decided_by: None, reasons: vec![reason], reached: vec![LABELS.len()] });
        };
        let reason = |i: usize| {
            let test = SourceText { text: tests[i].clone(), span: self.written.span.filter(|_| i == 0) };
            Reason::new(LABELS[i], inputs.clone(), test, Verdict::known(i == chosen))
        };
        let decided_by = if chosen == 0 {
            SourceText { text: format!("above {}", self.written.text), span: self.written.span }
        } else {
            SourceText::without_span(tests[chosen].clone())
        };
        let reasons = (0..=chosen).map(reason).collect();
        Ok(Derivation { decided_by: Some(decided_by), reasons, reached: vec![chosen] })
    }

    fn response(
        &self,
        output: usize,
        _: &[SlotId],
        cut_offs: &CutOffs,
        changeable: &ChangeableField,
    ) -> Option<Response> {
        if output > 0 {
            // Ranks and shares need the population, so they stay as they are.
            return Some(changeable.constant());
        }
        let edge = self.edge(cut_offs, "").ok()?;
        changeable.threshold_response(self.of.slot, edge.as_slice())
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let tests = self.tests(self.edge(cut_offs, batch.context.rule)?);
        labels::reason_column(batch, slots[0], &self.labels, &tests)
    }
}

impl Concentration {
    /// The test of each label under these cut-offs.
    fn tests(&self, edge: Option<i128>) -> Vec<String> {
        let name = &self.of.name;
        match edge.map(|key| show::value(&self.domain.value(key))) {
            Some(edge) => vec![format!("{name} >= {edge}"), format!("{name} < {edge}")],
            None => vec!["nobody".to_owned(), "there is no total".to_owned()],
        }
    }
}
