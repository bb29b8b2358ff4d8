//! Shares of wallet as SQL.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::Interval;
use accolade_core::sql::numbers::{decimal, share, times, whole};
use accolade_core::sql::tree::{Expr, Op, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::Lowering;

use super::Wallet;

impl ToSql for Wallet {
    fn to_sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        let domain = self.shares.domain;
        let name = sql.name().to_owned();
        let own = sql.field(self.shares.own.slot)?;
        let spend = sql.field(self.shares.spend.slot)?;
        let zero = || Expr::Whole(0);
        let pair =
            Expr::all(vec![Expr::apply(Op::IsNotNull, [own.clone()]), spend.clone().compare(Op::Greater, zero())]);
        let pair = sql.bind(&format!("{name}, has a share"), pair);
        let exactly = |value: &Expr| match domain {
            // Its multiples may be too large for its own type.
            Domain::Exact { scale: 0, .. } => value.clone().cast(SqlType::Whole),
            Domain::Exact { .. } => value.clone(),
            Domain::Float(_) => decimal(value.clone()),
        };
        let amounts = [exactly(&own), exactly(&spend)].map(|amount| sql.bind(&format!("{name}, amount"), amount));
        let none = Expr::Text(self.labels[self.labels.len() - 1].clone());
        let cases = self.classes.tests().iter().zip(self.labels.iter()).map(|(test, label)| {
            let stretches = test.iter().map(|interval| within(&amounts, *interval)).collect();
            (Expr::all(vec![pair.clone(), Expr::any(stretches)]), Expr::Text(label.clone()))
        });
        let class = Expr::case(cases.collect(), none);
        let part = match domain {
            Domain::Exact { scale, .. } => share(whole(own.clone(), scale), whole(spend.clone(), scale)),
            Domain::Float(_) => Expr::apply(Op::DivideNumber, [own.clone(), spend.clone()]),
        };
        let ty = SqlType::of(self.shares.own.ty).unwrap_or(SqlType::Money);
        let if_pair = |value: Expr, ty: SqlType| Expr::case(vec![(pair.clone(), value)], Expr::Null(ty));
        let left = match ty {
            SqlType::Integer => Expr::apply(Op::SubtractInteger, [spend.clone(), own.clone()]),
            SqlType::Double => Expr::apply(Op::SubtractNumber, [spend.clone(), own.clone()]),
            _ => Expr::apply(Op::Minus, [spend.clone(), own.clone()]),
        };
        let all = own.clone().compare(Op::GreaterEqual, spend.clone());
        let gap = Expr::Case(None, vec![(all, zero().cast(ty))], Some(Box::new(left)));
        let over = own.compare(Op::Greater, spend);
        Ok(vec![class, if_pair(part, SqlType::Double), if_pair(gap, ty), if_pair(over, SqlType::Boolean)])
    }
}

/// Whether the exact share of two amounts is in a stretch of scores; the amounts are multiplied instead of divided.
fn within([own, spend]: &[Expr; 2], Interval { low, high }: Interval) -> Expr {
    let compared = |op: Op, key: i128| {
        let unit = 10i128.pow(u32::from(SCORE_SCALE.unsigned_abs()));
        let common = num_integer::gcd(key, unit);
        let [own, spend] =
            [(own, unit / common), (spend, key / common)].map(|(amount, by)| times(amount.clone(), Expr::Whole(by)));
        own.compare(op, spend)
    };
    // `score_of` gives a share that is no score one that does not end in 0. So a low end in …1 stands for "above the
    // score before it", and a high end in …9 for "below the score after it".
    if low == high {
        return compared(Op::Equal, low);
    }
    let from = (low != i128::MIN).then(|| match low.rem_euclid(10) {
        1 => compared(Op::Greater, low - 1),
        _ => compared(Op::GreaterEqual, low),
    });
    let to = (high != i128::MAX).then(|| match high.rem_euclid(10) {
        9 => compared(Op::Less, high + 1),
        _ => compared(Op::LessEqual, high),
    });
    Expr::all(from.into_iter().chain(to).collect())
}
