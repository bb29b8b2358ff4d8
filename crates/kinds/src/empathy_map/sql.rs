//! Notes as SQL.

use accolade_core::sql::tree::{Chain, Expr, Op, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::Lowering;

use super::{EmpathyMap, QUADRANTS};

impl ToSql for EmpathyMap {
    fn to_sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        let notes = sql.listed(self.rows, &QUADRANTS)?;
        let any = |note: &Expr| {
            let there = Expr::apply(Op::IsNotNull, [note.clone()]);
            Expr::case(vec![(there, Expr::Whole(1))], Expr::Whole(0))
        };
        let count = Expr::Chain(Chain::Plus, notes.iter().map(any).collect()).cast(SqlType::Integer);
        Ok(std::iter::once(count).chain(notes).collect())
    }
}
