//! The dependency label, share and rank as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{Positions, SqlLowering, at_least};

use super::{Concentration, LABELS};

impl ToSql for Concentration {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let name = sql.name().to_owned();
        let edge = self.edge(&sql.cut_offs(), &name)?;
        let field = sql.field(self.of.slot)?;
        let of = sql.bind(&self.of.name, field);
        let [dependent, spread] = LABELS.map(|label| SqlExpr::Text(label.to_owned()));
        let mut cases = Vec::new();
        if let Some(edge) = edge {
            cases.push((at_least(of.clone(), self.domain, edge), dependent));
        }
        cases.push((SqlExpr::apply(SqlOp::IsNotNull, [of.clone()]), spread));
        let Positions { rank, share, .. } = Positions::of(&of, self.domain, sql);
        Ok(vec![SqlExpr::case(cases, SqlExpr::Null(SqlType::Text)), share, rank])
    }
}
