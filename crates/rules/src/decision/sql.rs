//! A decision list as SQL. An unknown condition does not hold, in the database as in the evaluators.

use accolade_core::sql::tree::{SqlExpr, SqlType};
use accolade_parser::Diagnostics;

use super::DecisionList;
use crate::sql::{SqlLowering, SqlScope};

impl DecisionList {
    /// The label of the deciding row.
    ///
    /// # Errors
    /// Fails with E0901 when a condition has no SQL.
    pub fn as_sql(&self, sql: &mut SqlLowering, scope: SqlScope) -> Result<SqlExpr, Diagnostics> {
        let mut cases = Vec::new();
        let mut rest = SqlExpr::Null(SqlType::Text);
        for (label, condition) in self.labels.iter().zip(&self.conditions) {
            let label = SqlExpr::Text(label.clone());
            match condition {
                Some(condition) => cases.push((sql.lowered(condition, scope)?, label)),
                None => rest = label,
            }
        }
        Ok(SqlExpr::case(cases, rest))
    }
}
