//! Explanations: the stretch of shares that decides, and how the class responds to a changed field.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Course, Derivation, Input, Reason, Trend, Verdict, Written};
use accolade_rules::set::{Batch, Context, Explain, Lever};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::Wallet;
use super::shares::Shares;
use crate::labels;

impl Explain for Wallet {
    fn branches(&self) -> Vec<Branch> {
        let none = self.labels.last().cloned().unwrap_or_default();
        self.classes.branches("class").into_iter().chain([Branch::new("class", none, None)]).collect()
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        self.shares.probes(&self.classes.boundaries())
    }

    fn explain(&self, record: &[Value], _: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let Shares { own, spend, domain } = &self.shares;
        let inputs = vec![own.of(record), spend.of(record)];
        let pair = self.shares.of(record);
        let class = self.class(pair);
        let Some(key) = pair.and_then(|(own, spend)| accolade_core::numbers::share::score_of(own, spend, *domain))
        else {
            let test = Written::nowhere(self.without());
            let reason = Reason::new(self.labels[class].clone(), inputs, test.clone(), Verdict::Holds);
            return Ok(Derivation { decided_by: Some(test), reasons: vec![reason], reached: vec![class] });
        };
        let test = Written::nowhere(format!("{} / {}", own.name, spend.name));
        let mut reasons = vec![Reason::new("share of wallet", inputs, test, Verdict::Holds)];
        let share = Input { name: "share".to_owned(), ty: Type::Percent, value: self.shares.share(pair) };
        reasons.extend(self.classes.explain(&share, key));
        Ok(Derivation { decided_by: Some(self.classes.written(class)), reasons, reached: vec![class] })
    }

    fn course(&self, output: usize, _: &[SlotId], _: &CutOffs, lever: &Lever) -> Option<Course> {
        let still = |course: Course| course.map(|_, _| Trend::Constant);
        match output {
            0 => self.shares.crossing(lever, &self.classes.boundaries()).map(still),
            1 => self.shares.share_course(lever),
            2 => self.shares.gap_course(lever),
            _ => self.shares.over_course(lever).map(still),
        }
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let written = (0..self.classes.labels.len()).map(|i| format!("share {}", self.classes.written(i).text));
        let reasons: Vec<String> = written.chain([self.without()]).collect();
        labels::why(batch, slots[0], &self.labels, &reasons)
    }
}

impl Wallet {
    /// Why a customer has no share.
    fn without(&self) -> String {
        format!(
            "{} or {} is missing, or {} is not above zero",
            self.shares.own.name, self.shares.spend.name, self.shares.spend.name
        )
    }
}
