//! The position of each customer in a ranking, as window functions.

use accolade_core::numbers::domain::Domain;
use accolade_core::sql::numbers;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};

use super::lower::SqlLowering;

/// Rank, share of the total and running share; missing where the metric is zero or missing.
pub struct Positions {
    /// Equal values share the rank of the first.
    pub rank: SqlExpr,
    /// The customer's part of the sum of the positive values.
    pub share: SqlExpr,
    /// The share of the customers down to this one, with those of equal value.
    pub cumulative: SqlExpr,
}

impl Positions {
    /// The positions in the order of a column.
    pub fn of(value: &SqlExpr, domain: Domain, sql: &mut SqlLowering) -> Positions {
        let zero = || SqlExpr::Whole(0);
        let name = sql.name().to_owned();
        let classed = SqlExpr::all(vec![
            SqlExpr::apply(SqlOp::IsNotNull, [value.clone()]),
            value.clone().compare(SqlOp::NotEqual, zero()),
        ]);
        let classed = sql.bind(&format!("{name}, has a rank"), classed);
        let amount = sql.bind(&format!("{name}, amount"), numbers::amount(value.clone(), domain));
        let positive = SqlExpr::case(vec![(amount.clone().compare(SqlOp::Greater, zero()), amount.clone())], zero());
        let positive = sql.bind(&format!("{name}, what counts"), positive.cast(SqlType::Whole));
        let total = SqlExpr::Window(SqlOp::Sum, vec![positive.clone()], Vec::new(), None);
        let total = sql.bind(&format!("{name}, total"), total);
        let order = || Some(Box::new(value.clone()));
        let running =
            sql.bind(&format!("{name}, so far"), SqlExpr::Window(SqlOp::Sum, vec![positive], Vec::new(), order()));
        let rank = SqlExpr::Window(SqlOp::Rank, Vec::new(), vec![classed.clone()], order()).cast(SqlType::Integer);
        let rank = SqlExpr::case(vec![(classed.clone(), rank)], SqlExpr::Null(SqlType::Integer));
        let of_total = |part: SqlExpr| {
            let share = numbers::share(part, total.clone());
            SqlExpr::case(vec![(classed.clone(), share)], SqlExpr::Null(SqlType::Double))
        };
        Positions { rank, share: of_total(amount), cumulative: of_total(running) }
    }
}
