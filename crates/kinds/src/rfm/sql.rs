//! Scores and segments as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlVariadicOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{SqlLowering, SqlScope};

use super::Rfm;

impl ToSql for Rfm {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let scores = self.binning.as_sql(sql)?;
        let mut outputs = Vec::new();
        if let Some(segments) = &self.segments {
            let segment = segments.as_sql(sql, SqlScope::Local(&scores))?;
            let scored = SqlExpr::apply(SqlOp::IsNotNull, [scores[0].clone()]);
            outputs.push(SqlExpr::Case(None, vec![(scored, segment)], None));
        }
        let [r, f, m] = scores;
        let times = |score: &SqlExpr, by: i128| SqlExpr::apply(SqlOp::Times, [score.clone(), SqlExpr::Whole(by)]);
        outputs.push(SqlExpr::Chain(SqlVariadicOp::Plus, vec![times(&r, 100), times(&f, 10), m.clone()]));
        outputs.extend([r, f, m]);
        Ok(outputs)
    }
}
