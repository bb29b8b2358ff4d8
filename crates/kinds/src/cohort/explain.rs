//! Explanations: the slice of the first event, and how the cohort responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, Rate, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::counts::FirstPurchase;
use super::{BEFORE, Cohort, EARLIER, IN_PERIOD, NEVER};
use crate::labels;

impl Explain for Cohort {
    fn branches(&self) -> Vec<Branch> {
        let names = ["first purchase in the period", EARLIER, "never"];
        names.iter().map(|name| Branch::new("cohort", *name, None)).collect()
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        let row = |is: &dyn Fn(usize) -> bool| -> Vec<(SlotId, Value)> {
            self.reads().into_iter().enumerate().map(|(i, slot)| (slot, Value::Integer(is(i).into()))).collect()
        };
        let count = self.slice_counts.len();
        vec![row(&|i| i == 0), row(&|i| i + 1 == count), row(&|i| i < count), row(&|i| i == count), row(&|_| false)]
    }

    fn explain(&self, record: &[Value], context: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let texts = self.labels(context.env.as_of)?;
        let before = SourceText::without_span(format!("any before {}", self.slices.whole_name()));
        let first = self.first(record, self.begun(context.env.as_of)?);
        let verdict = Verdict::known(first == FirstPurchase::Earlier);
        let mut reasons = vec![Reason::new(EARLIER, vec![self.earlier.of(record)], before.clone(), verdict)];
        Ok(match first {
            FirstPurchase::Earlier => Derivation { decided_by: Some(before), reasons, reached: vec![BEFORE] },
            FirstPurchase::Slice(index) => {
                let test = SourceText::without_span(format!("the first in {}", self.slice(index)));
                let input = self.slice_counts[index].of(record);
                reasons.push(Reason::new(texts[index].clone(), vec![input], test.clone(), Verdict::Holds));
                Derivation { decided_by: Some(test), reasons, reached: vec![IN_PERIOD] }
            }
            FirstPurchase::Never => {
                let test = SourceText::without_span(format!("any in {}", self.slices.whole_name()));
                reasons.push(Reason::new("cohort", Vec::new(), test, Verdict::Fails));
                Derivation { decided_by: None, reasons, reached: vec![NEVER] }
            }
        })
    }

    fn response(&self, _: usize, _: &[SlotId], _: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        let mut slots = self.reads().into_iter();
        slots
            .try_fold(changeable.constant(), |all, slot| all.both_constant(&changeable.threshold_response(slot, &[1])?))
    }

    fn reasons(&self, batch: &Customers, _: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let counts = self.counts(batch.frame, batch.context.rule, batch.context.env.as_of)?;
        let slices = (0..counts.slices.len()).map(|index| format!("the first in {}", self.slice(index)));
        let reasons: Vec<String> = slices.chain([format!("any before {}", self.slices.whole_name())]).collect();
        let firsts = (0..batch.frame.rows).map(|row| counts.first(row).label(counts.slices.len()));
        Ok(labels::label_column(&reasons, firsts))
    }
}

impl Cohort {
    fn slice(&self, index: usize) -> String {
        self.slices.name(u32::try_from(index).unwrap_or(u32::MAX))
    }
}
