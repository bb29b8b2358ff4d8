//! Scores and segments as SQL.

use accolade_core::sql::tree::{Chain, Expr, Op};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{Lowering, Scope};

use super::Rfm;

impl ToSql for Rfm {
    fn to_sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        let scores = self.binning.as_sql(sql)?;
        let mut outputs = Vec::new();
        if let Some(segments) = &self.segments {
            let segment = segments.as_sql(sql, Scope::Local(&scores))?;
            let scored = Expr::apply(Op::IsNotNull, [scores[0].clone()]);
            outputs.push(Expr::Case(None, vec![(scored, segment)], None));
        }
        let [r, f, m] = scores;
        let times = |score: &Expr, by: i128| Expr::apply(Op::Times, [score.clone(), Expr::Whole(by)]);
        outputs.push(Expr::Chain(Chain::Plus, vec![times(&r, 100), times(&f, 10), m.clone()]));
        outputs.extend([r, f, m]);
        Ok(outputs)
    }
}
