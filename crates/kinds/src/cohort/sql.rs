//! Cohorts as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::SqlLowering;

use super::Cohort;

impl ToSql for Cohort {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let texts = self.labels(sql.as_of())?;
        let earlier = sql.field(self.earlier.slot)?;
        let mut parts = Vec::new();
        for part in self.begun(sql.as_of())? {
            parts.push(sql.field(part.slot)?);
        }
        let any = |count: &SqlExpr| count.clone().compare(SqlOp::Greater, SqlExpr::Whole(0));
        let label = |index: usize| SqlExpr::Text(texts.get(index).cloned().unwrap_or_default());
        let first = (any(&earlier), label(parts.len()));
        let slices = parts.iter().enumerate().map(|(index, part)| (any(part), label(index)));
        let cohort = SqlExpr::case(std::iter::once(first).chain(slices).collect(), SqlExpr::Null(SqlType::Text));
        let one = |part: &SqlExpr| SqlExpr::case(vec![(any(part), SqlExpr::Whole(1))], SqlExpr::Whole(0));
        let active = SqlExpr::Chain(SqlVariadicOp::Plus, parts.iter().map(one).collect()).cast(SqlType::Integer);
        Ok(vec![cohort, active])
    }
}
