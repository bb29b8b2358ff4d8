//! Categories as SQL.

use accolade_core::numbers::interval::KeyInterval;
use accolade_core::sql::tree::{SqlExpr, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{SqlLowering, within};

use super::{ANSWERS, CATEGORIES, Nps};

impl ToSql for Nps {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let answer = sql.field(self.answer.slot)?;
        let mut high = i128::from(ANSWERS.high);
        let mut cases = Vec::new();
        for (label, least, _) in CATEGORIES {
            let test = within(answer.clone(), self.domain, KeyInterval { low: least, high });
            cases.push((test, SqlExpr::Text(label.to_owned())));
            high = least - 1;
        }
        Ok(vec![SqlExpr::case(cases, SqlExpr::Null(SqlType::Text)), answer])
    }
}
