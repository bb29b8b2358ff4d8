//! The class and the coefficient of variation as SQL.

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_core::sql::numbers::{share, times, whole};
use accolade_core::sql::tree::{Chain, Expr, Op, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{Lowering, inside};

use super::Xyz;

impl ToSql for Xyz {
    fn to_sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        let Domain::Exact { scale, .. } = self.domain else {
            return Err(sql.refuse("it sums floats, which databases round differently"));
        };
        let name = sql.name().to_owned();
        let mut months = Vec::new();
        for slot in &self.months {
            let month = sql.field(*slot)?;
            months.push(sql.bind(&format!("{name}, month"), whole(month, scale)));
        }
        let n = Expr::Whole(i128::try_from(months.len()).unwrap_or(i128::MAX));
        let less = Expr::Whole(i128::try_from(months.len()).unwrap_or(i128::MAX) - 1);
        let squares = months.iter().map(|month| times(month.clone(), month.clone())).collect();
        let squares = sql.bind(&format!("{name}, sum of squares"), Expr::Chain(Chain::Plus, squares));
        let sum = sql.bind(&format!("{name}, sum"), Expr::Chain(Chain::Plus, months));
        let square = sql.bind(&format!("{name}, square of sum"), times(sum.clone(), sum.clone()));
        // n(nΣx² − (Σx)²) over (n − 1)(Σx)², in lowest terms so that both are floats without rounding.
        let spread = Expr::apply(Op::Minus, [times(n.clone(), squares), square.clone()]);
        let numerator = sql.bind(&format!("{name}, numerator"), times(n, spread).cast(SqlType::Whole));
        let denominator = sql.bind(&format!("{name}, denominator"), times(square, less).cast(SqlType::Whole));
        let common = Expr::apply(Op::Gcd, [numerator.clone(), denominator.clone()]);
        let common = Expr::apply(Op::NullIf, [common, Expr::Whole(0)]);
        let common = sql.bind(&format!("{name}, common divisor"), common);
        let [numerator, denominator] =
            [numerator, denominator].map(|part| Expr::apply(Op::DivideWhole, [part, common.clone()]));
        let root = Expr::apply(Op::Sqrt, [share(numerator, denominator)]);
        let some = sum.compare(Op::NotEqual, Expr::Whole(0));
        let variation = Expr::case(vec![(some, root)], Expr::Null(SqlType::Double));
        let variation = sql.bind(&format!("{name}.variation"), variation);
        let none = Expr::Text(self.labels[self.labels.len() - 1].clone());
        let cases = self.classes.tests().iter().zip(self.labels.iter()).map(|(test, label)| {
            let of = |interval: &_| inside(variation.clone(), Domain::Float(Type::Percent), *interval);
            (Expr::any(test.iter().map(of).collect()), Expr::Text(label.clone()))
        });
        Ok(vec![Expr::case(cases.collect(), none), variation])
    }
}
