//! Scores as SQL.

use accolade_core::model::{SlotId, Type};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::sql::{SqlLowering, at_least, within};

use super::{Binning, Scorer, Threshold};

/// The slot of the customer's key.
const KEY: SlotId = 0;

impl Binning {
    /// The scores of recency, frequency and monetary value; all are null if one of the measures is.
    pub(in super::super) fn as_sql(&self, sql: &mut SqlLowering) -> Result<[SqlExpr; 3], Diagnostics> {
        let name = sql.name().to_owned();
        let scorers = self.scorers(&sql.cut_offs(), &name)?;
        let customer = (sql.field(KEY)?, sql.type_of(KEY));
        let mut values = Vec::new();
        for measure in &self.metrics {
            values.push(sql.field(measure.slot)?);
        }
        let present = values.iter().map(|value| SqlExpr::apply(SqlOp::IsNotNull, [value.clone()])).collect();
        let present = SqlExpr::all(present);
        let score = |which: usize, scorer: &Scorer| scorer.as_sql(&values[which], &customer);
        let scored = |score: SqlExpr| {
            SqlExpr::case(vec![(present.clone(), score)], SqlExpr::Null(SqlType::Integer)).cast(SqlType::Integer)
        };
        let r = sql.bind(&format!("{name}.r"), scored(score(0, &scorers.recency)));
        let numbered = |scores: Vec<SqlExpr>, of: &SqlExpr| match <[SqlExpr; 1]>::try_from(scores) {
            Ok([one]) => one,
            Err(many) => {
                let cases = (1..).zip(many).map(|(index, score)| (SqlExpr::Whole(index), score)).collect();
                SqlExpr::Case(Some(Box::new(of.clone())), cases, None)
            }
        };
        let frequency = scorers.frequency.iter().map(|scorer| score(1, scorer)).collect();
        let f = sql.bind(&format!("{name}.f"), scored(numbered(frequency, &r)));
        let by_recency = scorers
            .monetary
            .chunks(scorers.frequency.len().max(1))
            .map(|pairs| numbered(pairs.iter().map(|scorer| score(2, scorer)).collect(), &f));
        let m = sql.bind(&format!("{name}.m"), scored(numbered(by_recency.collect(), &r)));
        Ok([r, f, m])
    }
}

impl Scorer {
    fn as_sql(&self, value: &SqlExpr, customer: &(SqlExpr, Type)) -> SqlExpr {
        let mut thresholds: Vec<&Threshold> = self.thresholds.iter().collect();
        // The bin is the number of thresholds passed; saved thresholds may not be in order.
        thresholds.sort_by_key(|threshold| threshold.key);
        let bin = |passed: usize| {
            let bin = i128::try_from(passed).unwrap_or(0) + 1;
            SqlExpr::Whole(if self.reversed { i128::from(self.bins) + 1 - bin } else { bin })
        };
        let test = |threshold: &Threshold| threshold.as_sql(value, customer, self.domain);
        let cases = thresholds.iter().enumerate().rev().map(|(i, threshold)| (test(threshold), bin(i + 1)));
        SqlExpr::case(cases.collect(), bin(0))
    }
}

impl Threshold {
    fn as_sql(&self, value: &SqlExpr, (customer, ty): &(SqlExpr, Type), domain: Domain) -> SqlExpr {
        let beyond = at_least(value.clone(), domain, self.key.saturating_add(1));
        let Some(boundary) = &self.customer else { return beyond };
        let at = within(value.clone(), domain, KeyInterval { low: self.key, high: self.key });
        let after = match (ty, boundary.parse::<i64>()) {
            (Type::Integer, Ok(number)) => customer.clone().compare(SqlOp::Greater, SqlExpr::Whole(i128::from(number))),
            (Type::Integer, Err(_)) => return beyond,
            _ => SqlExpr::Collated(Box::new(customer.clone())).compare(SqlOp::Greater, SqlExpr::Text(boundary.clone())),
        };
        SqlExpr::any(vec![beyond, SqlExpr::all(vec![at, after])])
    }
}
