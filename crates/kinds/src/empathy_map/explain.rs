//! Explanations: the notes of a customer.

use std::sync::Arc;

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, FieldValue, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, StringViewArray};

use super::{EmpathyMap, QUADRANTS};

impl Explain for EmpathyMap {
    fn branches(&self) -> Vec<Branch> {
        QUADRANTS.iter().map(|quadrant| Branch::new("quadrant", *quadrant, None)).collect()
    }

    fn explain(&self, record: &[Value], context: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let of = self.notes_of(record, context.rule)?;
        let reason = |(index, quadrant): (usize, &&str)| {
            let value = of.text(index).map_or(Value::Null, |text| Value::text(&text));
            let verdict = Verdict::known(!value.is_null());
            let input = FieldValue { name: "notes".to_owned(), ty: Type::Text, value };
            Reason::new(*quadrant, vec![input], SourceText::without_span("any note"), verdict)
        };
        let reasons = QUADRANTS.iter().enumerate().map(reason).collect();
        let reached = (0..QUADRANTS.len()).filter(|index| !of.notes[*index].is_empty()).collect();
        Ok(Derivation { decided_by: None, reasons, reached })
    }

    fn response(&self, _: usize, _: &[SlotId], _: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        // Notes cannot be changed, and nothing else is read.
        Some(changeable.constant())
    }

    fn reasons(&self, batch: &Customers, _: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let lists = self.layout.lists(column(batch.frame, self.rows)?, batch.context.rule)?;
        let why = |row: usize| {
            let of = lists.notes_of(row);
            let filled = QUADRANTS.iter().zip(&of.notes).filter(|(_, notes)| !notes.is_empty());
            let names: Vec<&str> = filled.map(|(quadrant, _)| *quadrant).collect();
            (!names.is_empty()).then(|| format!("notes under {}", names.join(", ")))
        };
        Ok(Arc::new((0..batch.frame.rows).map(why).collect::<StringViewArray>()))
    }
}
