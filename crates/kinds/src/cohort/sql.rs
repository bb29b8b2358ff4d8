//! Cohorts as SQL.

use accolade_core::sql::tree::{Chain, Expr, Op, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::Lowering;

use super::Cohort;

impl ToSql for Cohort {
    fn to_sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        let texts = self.labels(sql.as_of())?;
        let earlier = sql.field(self.earlier.slot)?;
        let mut parts = Vec::new();
        for part in &self.parts {
            parts.push(sql.field(part.slot)?);
        }
        let any = |count: &Expr| count.clone().compare(Op::Greater, Expr::Whole(0));
        let label = |index: usize| Expr::Text(texts.get(index).cloned().unwrap_or_default());
        let first = (any(&earlier), label(parts.len()));
        let slices = parts.iter().enumerate().map(|(index, part)| (any(part), label(index)));
        let cohort = Expr::case(std::iter::once(first).chain(slices).collect(), Expr::Null(SqlType::Text));
        let one = |part: &Expr| Expr::case(vec![(any(part), Expr::Whole(1))], Expr::Whole(0));
        let active = Expr::Chain(Chain::Plus, parts.iter().map(one).collect()).cast(SqlType::Integer);
        Ok(vec![cohort, active])
    }
}
