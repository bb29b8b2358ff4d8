//! Classes as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{Positions, SqlLowering, SqlScope, at_least};

use super::Abc;
use super::unclassed::Unclassed;

impl ToSql for Abc {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let name = sql.name().to_owned();
        let lowest = self.least_keys(&sql.cut_offs(), &name)?;
        let field = sql.field(self.by.slot)?;
        let by = sql.bind(&self.by.name, field);
        let label = |class: usize| SqlExpr::Text(self.labels[class].clone());
        let zero = by.clone().compare(SqlOp::Equal, SqlExpr::Whole(0));
        let unclassed = match &self.unclassed {
            Unclassed::Label([label]) => SqlExpr::Text(label.clone()),
            Unclassed::List(list) => list.as_sql(sql, SqlScope::Record)?,
        };
        let rest = self.classes.len() - 1;
        let mut cases = vec![(SqlExpr::any(vec![by.clone().is_null(), zero]), unclassed)];
        // Negative values are not compared with cut-offs, which are above zero.
        for (class, lowest) in lowest.into_iter().enumerate() {
            if let Some(lowest) = lowest {
                cases.push((at_least(by.clone(), self.domain, lowest), label(class)));
            }
        }
        let Positions { rank, share, cumulative } = Positions::of(&by, self.domain, sql);
        Ok(vec![SqlExpr::case(cases, label(rest)), rank, share, cumulative])
    }
}
