//! The category of an answer.

use std::sync::Arc;

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_parser::Diagnostics;
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{Nps, category};
use crate::labels;

impl Rate for Nps {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![RuleOutput::label("category", self.labels.to_vec(), true), RuleOutput::new("score", Type::Integer)]
    }

    fn calibrate(&self, _: &Customers, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let answers = column(batch.frame, self.answer.slot)?;
        let Some(keys) = KeyColumn::of(answers) else { return Err(unfit(batch.context.rule, "need a whole number")) };
        let categories = labels::label_column(&self.labels, (0..batch.frame.rows).map(|row| category(keys.get(row))));
        Ok(vec![categories, Arc::clone(answers)])
    }

    fn rate_row(&self, record: &[Value], _: &RuleContext, _: &PreparedCutOffs) -> Result<Vec<Value>, Diagnostics> {
        let answer = record.get(self.answer.slot).cloned().unwrap_or(Value::Null);
        Ok(vec![self.labels.value(category(self.domain.key(&answer))), answer])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.answer.slot]
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }

    fn repeated_field(&self, output: usize) -> Option<SlotId> {
        (output == 1).then_some(self.answer.slot)
    }
}
