//! The class and the coefficient of variation as SQL.

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_core::sql::numbers::{share, times, whole};
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{SqlLowering, within};

use super::Xyz;

impl ToSql for Xyz {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let Domain::Exact { scale, .. } = self.domain else {
            return Err(sql.refuse("it sums floats, which databases round differently"));
        };
        let name = sql.name().to_owned();
        let mut months = Vec::new();
        let begun = self.begun(sql.as_of())?;
        for slot in begun {
            let month = sql.field(*slot)?;
            months.push(sql.bind(&format!("{name}, month"), whole(month, scale)));
        }
        let none = SqlExpr::Text(self.labels[self.labels.len() - 1].clone());
        if months.len() < 2 {
            return Ok(vec![none, SqlExpr::Null(SqlType::Double)]);
        }
        let n = SqlExpr::Whole(i128::try_from(months.len()).unwrap_or(i128::MAX));
        let less = SqlExpr::Whole(i128::try_from(months.len()).unwrap_or(i128::MAX) - 1);
        let squares = months.iter().map(|month| times(month.clone(), month.clone())).collect();
        let squares = sql.bind(&format!("{name}, sum of squares"), SqlExpr::Chain(SqlVariadicOp::Plus, squares));
        let sum = sql.bind(&format!("{name}, sum"), SqlExpr::Chain(SqlVariadicOp::Plus, months));
        let square = sql.bind(&format!("{name}, square of sum"), times(sum.clone(), sum.clone()));
        // n(nΣx² − (Σx)²) over (n − 1)(Σx)², in lowest terms so that both are floats without rounding.
        let spread = SqlExpr::apply(SqlOp::Minus, [times(n.clone(), squares), square.clone()]);
        let numerator = sql.bind(&format!("{name}, numerator"), times(n, spread).cast(SqlType::Whole));
        let denominator = sql.bind(&format!("{name}, denominator"), times(square, less).cast(SqlType::Whole));
        let common = SqlExpr::apply(SqlOp::Gcd, [numerator.clone(), denominator.clone()]);
        let common = SqlExpr::apply(SqlOp::NullIf, [common, SqlExpr::Whole(0)]);
        let common = sql.bind(&format!("{name}, common divisor"), common);
        let [numerator, denominator] =
            [numerator, denominator].map(|part| SqlExpr::apply(SqlOp::DivideWhole, [part, common.clone()]));
        let root = SqlExpr::apply(SqlOp::Sqrt, [share(numerator, denominator)]);
        let some = sum.compare(SqlOp::NotEqual, SqlExpr::Whole(0));
        let variation = SqlExpr::case(vec![(some, root)], SqlExpr::Null(SqlType::Double));
        let variation = sql.bind(&format!("{name}.variation"), variation);
        let cases = self.classes.tests().iter().zip(self.labels.iter()).map(|(test, label)| {
            let of = |interval: &_| within(variation.clone(), Domain::Float(Type::Percent), *interval);
            (SqlExpr::any(test.iter().map(of).collect()), SqlExpr::Text(label.clone()))
        });
        Ok(vec![SqlExpr::case(cases.collect(), none), variation])
    }
}
