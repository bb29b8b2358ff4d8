//! The cohort of a customer.

use std::sync::Arc;

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, Int64Array};

use super::{Cohort, positive};
use crate::labels;

impl Rate for Cohort {
    fn outputs(&self) -> Vec<RuleOutput> {
        let active = RuleOutput { nullable: false, ..RuleOutput::new("active_periods", Type::Integer) };
        vec![RuleOutput::new("cohort", Type::Text), active]
    }

    fn calibrate(&self, _: &Customers, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let counts = self.counts(batch.frame, batch.context.rule, batch.context.env.as_of)?;
        let texts = self.labels(batch.context.env.as_of)?;
        let firsts = (0..batch.frame.rows).map(|row| counts.first(row).label(counts.slices.len()));
        let active: Int64Array = (0..batch.frame.rows).map(|row| Some(counts.active(row))).collect();
        Ok(vec![labels::label_column(&texts, firsts), Arc::new(active)])
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        _: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let texts = self.labels(context.env.as_of)?;
        let begun = self.begun(context.env.as_of)?;
        let active = begun.iter().filter(|part| positive(record, part)).count();
        let active = Value::Integer(i64::try_from(active).unwrap_or(i64::MAX));
        let first = self.first(record, begun).label(begun.len()).and_then(|label| texts.get(label));
        Ok(vec![first.map_or(Value::Null, |label| Value::text(label)), active])
    }

    fn reads(&self) -> Vec<SlotId> {
        self.slice_counts.iter().chain([&self.earlier]).map(|field| field.slot).collect()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }
}
