//! Explanations: the stretch of answers that decides, and how the category responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{ANSWERS, CATEGORIES, Nps, category};
use crate::labels;

impl Explain for Nps {
    fn branches(&self) -> Vec<Branch> {
        let labels = self.labels.iter().map(|label| Branch::new("category", label.clone(), None));
        let none = self.nullable.then(|| Branch::new("missing value", "no answer", None));
        labels.chain(none).collect()
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        let missing = self.nullable.then_some(Value::Null);
        let answers = [0, 6, 7, 8, 9, 10].map(Value::Integer).into_iter().chain(missing);
        answers.map(|answer| vec![(self.answer.slot, answer)]).collect()
    }

    fn explain(&self, record: &[Value], _: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let input = self.answer.of(record);
        let answer = self.domain.key(&input.value);
        let Some(chosen) = category(answer) else {
            let test = SourceText::without_span(format!("an answer in {}..{}", ANSWERS.low, ANSWERS.high));
            let verdict = if answer.is_some() { Verdict::Fails } else { Verdict::Unknown };
            let reached = if self.nullable { vec![CATEGORIES.len()] } else { Vec::new() };
            let reasons = vec![Reason::new("category", vec![input], test, verdict)];
            return Ok(Derivation { decided_by: None, reasons, reached });
        };
        let stretch = |i: usize| SourceText::without_span(CATEGORIES[i].2);
        let reason = |i: usize| {
            Reason::new(self.labels[i].clone(), vec![input.clone()], stretch(i), Verdict::known(i == chosen))
        };
        let reasons = (0..=chosen).map(reason).collect();
        Ok(Derivation { decided_by: Some(stretch(chosen)), reasons, reached: vec![chosen] })
    }

    fn response(&self, output: usize, _: &[SlotId], _: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        match output {
            0 => {
                let ends = [i128::from(ANSWERS.low), 7, 9, i128::from(ANSWERS.high) + 1];
                changeable.threshold_response(self.answer.slot, &ends)
            }
            _ => changeable.response(self.answer.slot),
        }
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons: Vec<String> = CATEGORIES.iter().map(|(.., stretch)| format!("answer in {stretch}")).collect();
        labels::reason_column(batch, slots[0], &self.labels, &reasons)
    }

    fn changeable_fields(&self) -> Vec<SlotId> {
        vec![self.answer.slot]
    }
}
