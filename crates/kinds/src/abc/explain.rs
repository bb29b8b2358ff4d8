//! Explanations: the cut-off that decides, and how the class responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_core::show;
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{Abc, populations};
use crate::labels;

impl Explain for Abc {
    fn branches(&self) -> Vec<Branch> {
        let classes = self.classes.iter().map(|c| Branch::new("class", c.label.clone(), c.written.span));
        classes.chain(self.unclassed.branches()).collect()
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        self.unclassed.probes(self.by.slot, self.domain)
    }

    fn test_populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let of = |keys: Vec<i128>| keys.into_iter().map(|key| vec![(self.by.slot, self.domain.value(key))]).collect();
        populations::around_cuts(&self.classes, self.domain).into_iter().map(of).collect()
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let lowest = self.least_keys(cut_offs, context.rule)?;
        let key = self.key(record);
        let tests = self.tests(&lowest);
        let Some(class) = self.class(key, &lowest) else {
            let by = Reason::new(
                self.by.name.clone(),
                vec![self.by.of(record)],
                SourceText::without_span(self.unclassed_condition()),
                Verdict::Holds,
            );
            let mut derivation = self.unclassed.explain(by, record, context);
            derivation.reached.iter_mut().for_each(|row| *row += self.classes.len());
            return Ok(derivation);
        };
        // Negative values are not compared with cut-offs.
        let compared = if key.is_some_and(|k| k > 0) { 0..=class } else { class..=class };
        let reasons = compared.map(|i| {
            let test = SourceText { text: tests[i].clone(), span: self.classes[i].written.span };
            Reason::new(self.labels[i].clone(), vec![self.by.of(record)], test, Verdict::known(i == class))
        });
        let decided_by = Some(self.classes[class].written.clone());
        Ok(Derivation { decided_by, reasons: reasons.collect(), reached: vec![class] })
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
        let lowest = self.least_keys(cut_offs, "").ok()?;
        let thresholds: Vec<i128> = lowest.into_iter().flatten().chain([0, 1]).collect();
        let reached = changeable.threshold_response(self.by.slot, &thresholds)?;
        let is_classed = |key| matches!(self.domain.key(&changeable.value_of(self.by.slot, key)), Some(k) if k != 0);
        // If every value of the field is classed, the list for unclassed customers does not matter.
        if reached.0.iter().all(|piece| is_classed(piece.keys.low)) {
            return Some(reached);
        }
        reached.both_constant(&self.unclassed.response(changeable)?)
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let mut reasons = self.tests(&self.least_keys(cut_offs, batch.context.rule)?);
        reasons.extend(self.unclassed.reasons(&self.unclassed_condition()));
        labels::reason_column(batch, slots[0], &self.labels, &reasons)
    }
}

impl Abc {
    /// The condition that all customers who are not classed meet.
    fn unclassed_condition(&self) -> String {
        format!("{} is zero or missing", self.by.name)
    }

    /// The test of each class under these cut-offs, such as `revenue >= 1000`.
    fn tests(&self, lowest: &[Option<i128>]) -> Vec<String> {
        let name = &self.by.name;
        let ends: Vec<String> = lowest
            .iter()
            .map(|low| match low {
                Some(key) => format!("{name} >= {}", show::value(&self.domain.value(*key))),
                None => "nobody".to_owned(),
            })
            .collect();
        let rest = match lowest.iter().flatten().last() {
            Some(key) => format!("{name} < {}", show::value(&self.domain.value(*key))),
            None => "rest".to_owned(),
        };
        ends.into_iter().chain([rest]).collect()
    }
}
