//! Explanations: the stretch of shares that decides, and how the class responds to a changed field.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, FieldValue, Reason, Response, SourceText, Trend, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::Wallet;
use super::shares::WalletAmounts;
use crate::labels;

impl Explain for Wallet {
    fn branches(&self) -> Vec<Branch> {
        let none = self.labels.last().cloned().unwrap_or_default();
        self.classes.branches("class").into_iter().chain([Branch::new("class", none, None)]).collect()
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        self.amounts.probes(&self.classes.boundaries())
    }

    fn explain(&self, record: &[Value], _: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let WalletAmounts { own, spend, domain } = &self.amounts;
        let inputs = vec![own.of(record), spend.of(record)];
        let pair = self.amounts.of(record);
        let class = self.class(pair);
        let Some(key) = pair.and_then(|(own, spend)| accolade_core::numbers::share::score_of(own, spend, *domain))
        else {
            let test = SourceText::without_span(self.no_share_reason());
            let reason = Reason::new(self.labels[class].clone(), inputs, test.clone(), Verdict::Holds);
            return Ok(Derivation { decided_by: Some(test), reasons: vec![reason], reached: vec![class] });
        };
        let test = SourceText::without_span(format!("{} / {}", own.name, spend.name));
        let mut reasons = vec![Reason::new("share of wallet", inputs, test, Verdict::Holds)];
        let share = FieldValue { name: "share".to_owned(), ty: Type::Percent, value: self.amounts.share(pair) };
        reasons.extend(self.classes.explain(&share, key));
        Ok(Derivation { decided_by: Some(self.classes.written(class)), reasons, reached: vec![class] })
    }

    fn response(&self, output: usize, _: &[SlotId], _: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        let still = |response: Response| response.map(|_, _| Trend::Constant);
        match output {
            0 => self.amounts.crossing_response(changeable, &self.classes.boundaries()).map(still),
            1 => self.amounts.share_response(changeable),
            2 => self.amounts.gap_response(changeable),
            _ => self.amounts.over_response(changeable).map(still),
        }
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let written = (0..self.classes.labels.len()).map(|i| format!("share {}", self.classes.written(i).text));
        let reasons: Vec<String> = written.chain([self.no_share_reason()]).collect();
        labels::reason_column(batch, slots[0], &self.labels, &reasons)
    }
}

impl Wallet {
    /// Why a customer has no share.
    fn no_share_reason(&self) -> String {
        format!(
            "{} or {} is missing, or {} is not above zero",
            self.amounts.own.name, self.amounts.spend.name, self.amounts.spend.name
        )
    }
}
