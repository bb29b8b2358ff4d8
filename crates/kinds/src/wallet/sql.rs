//! Shares of wallet as SQL.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::sql::numbers::{decimal, times};
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::SqlLowering;

use super::Wallet;

impl ToSql for Wallet {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let domain = self.amounts.domain;
        let name = sql.name().to_owned();
        let own = sql.field(self.amounts.own.slot)?;
        let spend = sql.field(self.amounts.spend.slot)?;
        let zero = || SqlExpr::Whole(0);
        let pair = SqlExpr::all(vec![
            SqlExpr::apply(SqlOp::IsNotNull, [own.clone()]),
            spend.clone().compare(SqlOp::Greater, zero()),
        ]);
        let pair = sql.bind(&format!("{name}, has a share"), pair);
        let exactly = |value: &SqlExpr| match domain {
            // Its multiples may be too large for its own type.
            Domain::Exact { scale: 0, .. } => value.clone().cast(SqlType::Whole),
            Domain::Exact { .. } => value.clone(),
            Domain::Float(_) => decimal(value.clone()),
        };
        let amounts = [exactly(&own), exactly(&spend)].map(|amount| sql.bind(&format!("{name}, amount"), amount));
        let none = SqlExpr::Text(self.labels[self.labels.len() - 1].clone());
        let cases = self.classes.tests().iter().zip(self.labels.iter()).map(|(test, label)| {
            let stretches = test.iter().map(|interval| within(&amounts, *interval)).collect();
            (SqlExpr::all(vec![pair.clone(), SqlExpr::any(stretches)]), SqlExpr::Text(label.clone()))
        });
        let class = SqlExpr::case(cases.collect(), none);
        let own_type = self.amounts.own.ty;
        let numbers = (sql.exact_number(own.clone(), own_type)?, sql.exact_number(spend.clone(), own_type)?);
        let part = numbers.0.clone().over(numbers.1.clone()).number();
        let ty = SqlType::of(own_type).unwrap_or(SqlType::Money);
        let if_pair = |value: SqlExpr, ty: SqlType| SqlExpr::case(vec![(pair.clone(), value)], SqlExpr::Null(ty));
        let left = match ty {
            SqlType::Integer => SqlExpr::apply(SqlOp::SubtractInteger, [spend.clone(), own.clone()]),
            SqlType::Double => numbers.1.plus(numbers.0.negated()).number(),
            _ => SqlExpr::apply(SqlOp::Minus, [spend.clone(), own.clone()]),
        };
        let all = own.clone().compare(SqlOp::GreaterEqual, spend.clone());
        let gap = SqlExpr::Case(None, vec![(all, zero().cast(ty))], Some(Box::new(left)));
        let over = own.compare(SqlOp::Greater, spend);
        Ok(vec![class, if_pair(part, SqlType::Double), if_pair(gap, ty), if_pair(over, SqlType::Boolean)])
    }
}

/// Whether the exact share of two amounts is in a stretch of scores; the amounts are multiplied instead of divided.
fn within([own, spend]: &[SqlExpr; 2], KeyInterval { low, high }: KeyInterval) -> SqlExpr {
    let compared = |op: SqlOp, key: i128| {
        let unit = 10i128.pow(u32::from(SCORE_SCALE.unsigned_abs()));
        let common = num_integer::gcd(key, unit);
        let [own, spend] =
            [(own, unit / common), (spend, key / common)].map(|(amount, by)| times(amount.clone(), SqlExpr::Whole(by)));
        own.compare(op, spend)
    };
    // `score_of` gives a share that is no score one that does not end in 0. So a low end in …1 stands for "above the
    // score before it", and a high end in …9 for "below the score after it".
    if low == high {
        return compared(SqlOp::Equal, low);
    }
    let from = (low != i128::MIN).then(|| match low.rem_euclid(10) {
        1 => compared(SqlOp::Greater, low - 1),
        _ => compared(SqlOp::GreaterEqual, low),
    });
    let to = (high != i128::MAX).then(|| match high.rem_euclid(10) {
        9 => compared(SqlOp::Less, high + 1),
        _ => compared(SqlOp::LessEqual, high),
    });
    SqlExpr::all(from.into_iter().chain(to).collect())
}
