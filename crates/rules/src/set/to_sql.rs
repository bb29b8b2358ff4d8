//! How a rule is written as SQL.

use accolade_core::sql::tree::SqlExpr;
use accolade_parser::Diagnostics;

use crate::sql::SqlLowering;

/// A rule as SQL.
pub trait ToSql {
    /// Its outputs as expressions, in the order of [`outputs`](super::Rate::outputs); by default it is refused (E0901).
    ///
    /// # Errors
    /// Fails with E0901 when the rule has no SQL, and with E0710 when the cut-offs do not fit.
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        Err(sql.refuse("its kind has no SQL"))
    }
}
