//! The position of each customer in a ranking, as window functions.

use accolade_core::numbers::domain::Domain;
use accolade_core::sql::numbers;
use accolade_core::sql::tree::{Expr, Op, SqlType};

use super::lower::Lowering;

/// Rank, share of the total and running share; missing where the metric is zero or missing.
pub struct Positions {
    /// Equal values share the rank of the first.
    pub rank: Expr,
    /// The customer's part of the sum of the positive values.
    pub share: Expr,
    /// The share of the customers down to this one, with those of equal value.
    pub cumulative: Expr,
}

impl Positions {
    /// The positions in the order of a column.
    pub fn of(value: &Expr, domain: Domain, sql: &mut Lowering) -> Positions {
        let zero = || Expr::Whole(0);
        let name = sql.name().to_owned();
        let classed =
            Expr::all(vec![Expr::apply(Op::IsNotNull, [value.clone()]), value.clone().compare(Op::NotEqual, zero())]);
        let classed = sql.bind(&format!("{name}, has a rank"), classed);
        let amount = sql.bind(&format!("{name}, amount"), numbers::amount(value.clone(), domain));
        let positive = Expr::case(vec![(amount.clone().compare(Op::Greater, zero()), amount.clone())], zero());
        let positive = sql.bind(&format!("{name}, what counts"), positive.cast(SqlType::Whole));
        let total = Expr::Window(Op::Sum, vec![positive.clone()], Vec::new(), None);
        let total = sql.bind(&format!("{name}, total"), total);
        let order = || Some(Box::new(value.clone()));
        let running = sql.bind(&format!("{name}, so far"), Expr::Window(Op::Sum, vec![positive], Vec::new(), order()));
        let rank = Expr::Window(Op::Rank, Vec::new(), vec![classed.clone()], order()).cast(SqlType::Integer);
        let rank = Expr::case(vec![(classed.clone(), rank)], Expr::Null(SqlType::Integer));
        let of_total = |part: Expr| {
            let share = numbers::share(part, total.clone());
            Expr::case(vec![(classed.clone(), share)], Expr::Null(SqlType::Double))
        };
        Positions { rank, share: of_total(amount), cumulative: of_total(running) }
    }
}
