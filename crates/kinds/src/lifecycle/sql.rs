//! Stages as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::SqlLowering;

use super::{LABELS, Lifecycle};

impl ToSql for Lifecycle {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        if let Some(wrong) = self.out_of_order(sql.as_of()) {
            return Err(Diagnostics::from(wrong));
        }
        let mut counts = Vec::new();
        for field in &self.counts {
            counts.push(sql.field(field.slot)?);
        }
        let [stages @ .., (last, _)] = &LABELS;
        let cases = stages.iter().map(|(label, test)| {
            let part = |(count, any): &(usize, bool)| {
                let op = if *any { SqlOp::Greater } else { SqlOp::Equal };
                counts[*count].clone().compare(op, SqlExpr::Whole(0))
            };
            (SqlExpr::all(test.iter().map(part).collect()), SqlExpr::Text((*label).to_owned()))
        });
        Ok(vec![SqlExpr::case(cases.collect(), SqlExpr::Text((*last).to_owned()))])
    }
}
