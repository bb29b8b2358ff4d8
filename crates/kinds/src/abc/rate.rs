//! Classes, ranks and shares of customers.

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_core::show;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, unfit};
use accolade_rules::thresholds::cutoffs::{Bound, CutOffs, Edge};
use accolade_rules::thresholds::ranking::Ranking;
use arrow::array::ArrayRef;

use super::Abc;
use super::cut::least_keys;
use crate::labels;

impl Abc {
    /// A warning that counts the customers below zero, who are not in the total.
    fn report_negative(&self, ranked: &Ranking, rule: &str) -> Option<Diagnostic> {
        let below = ranked.order.iter().rev().take_while(|customer| customer.key < 0);
        let (count, sum) = below.fold((0u64, 0i128), |(n, sum), customer| (n + 1, sum + ranked.amount(customer.key)));
        (count > 0).then(|| {
            let verb = if count == 1 { "has" } else { "have" };
            let (by, label) = (&self.by.name, &self.labels[self.classes.len() - 1]);
            let [sum, total] = [sum, ranked.total].map(|amount| show::value(&ranked.value(amount)));
            let message = format!(
                "`{rule}`: {} {verb} a `{by}` below zero, {sum} together",
                accolade_parser::count(count, "customer")
            );
            let help = format!("shares are of {total}, the total above zero; customers below zero are in `{label}`");
            Diagnostic::new(Code::W0716, message).help(help)
        })
    }
}

impl Rate for Abc {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![
            RuleOutput::label("class", self.labels.to_vec(), self.unclassed.nullable()),
            RuleOutput::new("rank", Type::Integer),
            RuleOutput::new("share", Type::Percent),
            RuleOutput::new("cumulative_share", Type::Percent),
        ]
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let values = column(population.frame, self.by.slot)?;
        let rows = population.frame.rows;
        let Some(keys) = KeyColumn::of(values) else {
            return Err(unfit(population.context.rule, "need a numeric metric"));
        };
        let ranked = Ranking::new(&keys, rows, self.domain);
        if ranked.total == 0 {
            let message =
                format!("`{}`: no customer has a positive value, so nobody is classed", population.context.rule);
            out.push(Diagnostic::new(Code::W0704, message));
        } else if self.classes.iter().any(|class| class.cut.is_of_total()) {
            out.extend(self.report_negative(&ranked, population.context.rule));
        }
        let lowest = least_keys(&ranked, &self.classes, self.include);
        let edges = self.classes.iter().zip(lowest).filter(|(class, _)| !class.is_rest()).map(|(class, lowest)| {
            let edge = lowest.map(|key| Edge::Value(Bound::of_key(self.domain, key)));
            (class.label.clone(), edge.into_iter().collect())
        });
        Ok(Calibration { cut_offs: CutOffs(edges.collect()), population: ranked.positions(rows).to_vec() })
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let values = column(batch.frame, self.by.slot)?;
        let lowest = self.least_keys(cut_offs, batch.context.rule)?;
        let Some(keys) = KeyColumn::of(values) else { return Err(unfit(batch.context.rule, "need a numeric metric")) };
        let place = |row: usize| self.class(keys.get(row), &lowest);
        let others = self.unclassed.decide(batch, |row| place(row).is_none());
        let classes =
            (0..batch.frame.rows).map(|row| place(row).or_else(|| Some(self.classes.len() + others.of(row)?)));
        Ok(vec![labels::label_column(&self.labels, classes)])
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        Ok(PreparedCutOffs::of(self.least_keys(cut_offs, name)?))
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let lowest: &Vec<Option<i128>> = prepared.made(context.rule)?;
        let class = self.class(self.key(record), lowest);
        let class = class.or_else(|| Some(self.classes.len() + self.unclassed.decide_row(record, context)?));
        Ok(vec![self.labels.value(class)])
    }

    fn reads(&self) -> Vec<SlotId> {
        std::iter::once(self.by.slot).chain(self.unclassed.reads()).collect()
    }
}
