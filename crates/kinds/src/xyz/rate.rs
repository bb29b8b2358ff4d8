//! The variation of a customer and its class.

use std::sync::Arc;

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_parser::Diagnostics;
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, Float64Array};

use super::Xyz;
use crate::labels;

impl Rate for Xyz {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![RuleOutput::label("class", self.labels.to_vec(), false), RuleOutput::new("variation", Type::Percent)]
    }

    fn calibrate(&self, _: &Customers, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let columns: Vec<&ArrayRef> = self
            .begun(batch.context.env.as_of)?
            .iter()
            .map(|slot| column(batch.frame, *slot))
            .collect::<Result<_, _>>()?;
        let keys: Option<Vec<KeyColumn>> = columns.into_iter().map(KeyColumn::of).collect();
        let Some(keys) = keys else { return Err(unfit(batch.context.rule, "need a numeric value")) };
        let variations: Vec<Option<f64>> =
            (0..batch.frame.rows).map(|row| self.variation(keys.iter().map(|k| k.get(row)))).collect();
        let classes = labels::label_column(&self.labels, variations.iter().map(|v| Some(self.class(*v))));
        Ok(vec![classes, Arc::new(Float64Array::from(variations))])
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        _: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let months = self.begun(context.env.as_of)?;
        let variation = self.variation(months.iter().map(|slot| record.get(*slot).and_then(|v| self.domain.key(v))));
        Ok(vec![self.labels.value(Some(self.class(variation))), variation.map_or(Value::Null, Value::Number)])
    }

    fn reads(&self) -> Vec<SlotId> {
        self.period_sums.clone()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }
}
