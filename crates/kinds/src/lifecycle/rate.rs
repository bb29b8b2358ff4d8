//! The stage of a customer.

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_parser::Diagnostics;
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{Lifecycle, stage};
use crate::labels;

impl Rate for Lifecycle {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![RuleOutput::label("stage", self.labels.to_vec(), false)]
    }

    fn calibrate(&self, population: &Customers, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        match self.out_of_order(population.context.env.as_of) {
            Some(wrong) => Err(Diagnostics::from(wrong)),
            None => Ok(Calibration::default()),
        }
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let mut counts = Vec::new();
        for field in &self.counts {
            let keys = KeyColumn::of(column(batch.frame, field.slot)?);
            counts.push(keys.ok_or_else(|| unfit(batch.context.rule, "need counts"))?);
        }
        let stage = |row: usize| stage(|i| counts[i].get(row).is_some_and(|n| n > 0));
        Ok(vec![labels::label_column(&self.labels, (0..batch.frame.rows).map(|row| Some(stage(row))))])
    }

    fn rate_row(&self, record: &[Value], _: &RuleContext, _: &PreparedCutOffs) -> Result<Vec<Value>, Diagnostics> {
        Ok(vec![self.labels.value(Some(self.stage_of(record)))])
    }

    fn reads(&self) -> Vec<SlotId> {
        self.counts.iter().map(|field| field.slot).collect()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }
}
