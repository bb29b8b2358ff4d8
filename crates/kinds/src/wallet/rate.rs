//! The share of wallet and its class.

use std::sync::Arc;

use accolade_core::frame::{array_of, column};
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{
    Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, customer_names, unfit,
};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, BooleanArray};

use super::shares::WalletAmounts;
use super::{Wallet, shares};
use crate::labels;

impl Rate for Wallet {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![
            RuleOutput::label("class", self.labels.to_vec(), false),
            RuleOutput::new("share", Type::Percent),
            RuleOutput::new("gap", self.amounts.own.ty),
            RuleOutput::new("over", Type::Boolean),
        ]
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let rows = self.pairs(population.frame.rows, population.frame, population.context.rule)?;
        let over: Vec<usize> =
            (0..rows.len()).filter(|row| rows[*row].is_some_and(|(own, spend)| own > spend)).collect();
        if !over.is_empty() {
            let (WalletAmounts { own, spend, .. }, rule) = (&self.amounts, population.context.rule);
            let who = match over.len() {
                1 => "1 customer buys more from us than its recorded spend".to_owned(),
                n => format!("{n} customers buy more from us than their recorded spend"),
            };
            let named = customer_names(column(population.frame, 0)?, &over);
            let help = format!(
                "check the source of `{}` and that it covers the same time as `{}`: for these customers the share and what is left to win are wrong",
                spend.name, own.name
            );
            out.push(Diagnostic::new(Code::W0712, format!("`{rule}`: {who}: {named}")).help(help));
        }
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.pairs(batch.frame.rows, batch.frame, batch.context.rule)?;
        let ty = self.amounts.own.ty;
        Ok(vec![
            labels::label_column(&self.labels, rows.iter().map(|pair| Some(self.class(*pair)))),
            array_of(Type::Percent, rows.iter().map(|pair| self.amounts.share(*pair))),
            array_of(ty, rows.iter().map(|pair| self.amounts.gap(*pair))),
            Arc::new(rows.iter().map(|pair| pair.map(|(own, spend)| own > spend)).collect::<BooleanArray>()),
        ])
    }

    fn rate_row(&self, record: &[Value], _: &RuleContext, _: &PreparedCutOffs) -> Result<Vec<Value>, Diagnostics> {
        let pair = self.amounts.of(record);
        Ok(vec![
            self.labels.value(Some(self.class(pair))),
            self.amounts.share(pair),
            self.amounts.gap(pair),
            pair.map_or(Value::Null, |(own, spend)| Value::Boolean(own > spend)),
        ])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.amounts.own.slot, self.amounts.spend.slot]
    }
}

impl Wallet {
    fn pairs(
        &self,
        rows: usize,
        frame: &accolade_core::frame::Frame,
        rule: &str,
    ) -> Result<Vec<Option<(i128, i128)>>, Diagnostics> {
        let (own, spend) = (column(frame, self.amounts.own.slot)?, column(frame, self.amounts.spend.slot)?);
        let Some((own, spend)) = KeyColumn::of(own).zip(KeyColumn::of(spend)) else {
            return Err(unfit(rule, "need two amounts"));
        };
        Ok((0..rows).map(|row| shares::pair(own.get(row), spend.get(row))).collect())
    }
}
