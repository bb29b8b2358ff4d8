//! The share of wallet and its class.

use std::sync::Arc;

use accolade_core::frame::{array_of, column};
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{Batch, Calibration, Context, Output, Population, Prepared, Rate, named, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, BooleanArray};

use super::shares::Shares;
use super::{Wallet, shares};
use crate::labels;

impl Rate for Wallet {
    fn outputs(&self) -> Vec<Output> {
        vec![
            Output::label("class", self.labels.to_vec(), false),
            Output::new("share", Type::Percent),
            Output::new("gap", self.shares.own.ty),
            Output::new("over", Type::Boolean),
        ]
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let rows = self.pairs(population.frame.rows, population.frame, population.context.rule)?;
        let over: Vec<usize> =
            (0..rows.len()).filter(|row| rows[*row].is_some_and(|(own, spend)| own > spend)).collect();
        if !over.is_empty() {
            let (Shares { own, spend, .. }, rule) = (&self.shares, population.context.rule);
            let who = match over.len() {
                1 => "1 customer buys more from us than its recorded spend".to_owned(),
                n => format!("{n} customers buy more from us than their recorded spend"),
            };
            let named = named(column(population.frame, 0)?, &over);
            let help = format!(
                "check the source of `{}` and that it covers the same time as `{}`: for these customers the share and what is left to win are wrong",
                spend.name, own.name
            );
            out.push(Diagnostic::new(Code::W0712, format!("`{rule}`: {who}: {named}")).help(help));
        }
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Batch, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.pairs(batch.frame.rows, batch.frame, batch.context.rule)?;
        let ty = self.shares.own.ty;
        Ok(vec![
            labels::column(&self.labels, rows.iter().map(|pair| Some(self.class(*pair)))),
            array_of(Type::Percent, rows.iter().map(|pair| self.shares.share(*pair))),
            array_of(ty, rows.iter().map(|pair| self.shares.gap(*pair))),
            Arc::new(rows.iter().map(|pair| pair.map(|(own, spend)| own > spend)).collect::<BooleanArray>()),
        ])
    }

    fn rate_row(&self, record: &[Value], _: &Context, _: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let pair = self.shares.of(record);
        Ok(vec![
            self.labels.value(Some(self.class(pair))),
            self.shares.share(pair),
            self.shares.gap(pair),
            pair.map_or(Value::Null, |(own, spend)| Value::Boolean(own > spend)),
        ])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.shares.own.slot, self.shares.spend.slot]
    }
}

impl Wallet {
    fn pairs(
        &self,
        rows: usize,
        frame: &accolade_core::frame::Frame,
        rule: &str,
    ) -> Result<Vec<Option<(i128, i128)>>, Diagnostics> {
        let (own, spend) = (column(frame, self.shares.own.slot)?, column(frame, self.shares.spend.slot)?);
        let Some((own, spend)) = KeyColumn::of(own).zip(KeyColumn::of(spend)) else {
            return Err(unfit(rule, "need two amounts"));
        };
        Ok((0..rows).map(|row| shares::pair(own.get(row), spend.get(row))).collect())
    }
}
