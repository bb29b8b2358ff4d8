//! The notes of a customer.

use std::sync::Arc;

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::{Code, Diagnostic, Diagnostics, count};
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, Int64Array, StringViewArray};

use super::notes::CustomerNotes;
use super::{EmpathyMap, QUADRANTS};

impl Rate for EmpathyMap {
    fn outputs(&self) -> Vec<RuleOutput> {
        let count = RuleOutput { nullable: false, ..RuleOutput::new("quadrants", Type::Integer) };
        std::iter::once(count).chain(QUADRANTS.map(|quadrant| RuleOutput::new(quadrant, Type::Text))).collect()
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let rule = population.context.rule;
        let lists = self.layout.lists(column(population.frame, self.rows)?, rule)?;
        let incomplete: usize = (0..population.frame.rows).map(|row| lists.notes_of(row).incomplete).sum();
        if incomplete > 0 {
            let (notes, have) = (count(incomplete, "note"), if incomplete == 1 { "has" } else { "have" });
            let message = format!("`{rule}`: {notes} {have} no quadrant or no text and {have} been left out");
            out.push(Diagnostic::new(Code::W0711, message).help("declare the columns without `?` to find them"));
        }
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let lists = self.layout.lists(column(batch.frame, self.rows)?, batch.context.rule)?;
        let all: Vec<CustomerNotes> = (0..batch.frame.rows).map(|row| lists.notes_of(row)).collect();
        let counts: Int64Array = all.iter().map(|of| Some(of.quadrants())).collect();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(counts)];
        for quadrant in 0..QUADRANTS.len() {
            let texts: StringViewArray = all.iter().map(|of| of.text(quadrant)).collect();
            columns.push(Arc::new(texts));
        }
        Ok(columns)
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        _: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let of = self.notes_of(record, context.rule)?;
        let text = |quadrant: usize| of.text(quadrant).map_or(Value::Null, |text| Value::text(&text));
        Ok(std::iter::once(Value::Integer(of.quadrants())).chain((0..QUADRANTS.len()).map(text)).collect())
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.rows]
    }
}
