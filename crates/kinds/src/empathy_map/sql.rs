//! Notes as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::SqlLowering;

use super::{EmpathyMap, QUADRANTS};

impl ToSql for EmpathyMap {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let notes = sql.notes(self.rows, &QUADRANTS)?;
        let any = |note: &SqlExpr| {
            let there = SqlExpr::apply(SqlOp::IsNotNull, [note.clone()]);
            SqlExpr::case(vec![(there, SqlExpr::Whole(1))], SqlExpr::Whole(0))
        };
        let count = SqlExpr::Chain(SqlVariadicOp::Plus, notes.iter().map(any).collect()).cast(SqlType::Integer);
        Ok(std::iter::once(count).chain(notes).collect())
    }
}
