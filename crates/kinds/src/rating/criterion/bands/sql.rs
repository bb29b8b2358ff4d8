//! Bands as SQL.

use accolade_core::model::{Type, Value};
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, literal};
use accolade_parser::Diagnostics;
use accolade_rules::sql::{SqlLowering, within};

use super::super::sql::literal as points_literal;
use super::{BandPoints, BandTests, Bands};

impl Bands {
    /// The points of a value; `turn` reverses them if lower values are better.
    pub(in super::super) fn as_sql(
        &self,
        value: &SqlExpr,
        turn: &dyn Fn(i64) -> i64,
        sql: &mut SqlLowering,
    ) -> Result<SqlExpr, Diagnostics> {
        let none = || SqlExpr::Null(SqlType::Points);
        let of = |mark: &BandPoints| points_literal(turn(mark.points));
        let mut cases = Vec::new();
        match &self.tests {
            BandTests::Ranges(domain, ranges) => {
                cases.extend(
                    ranges.iter().map(|(interval, mark)| (within(value.clone(), *domain, *interval), of(mark))),
                );
            }
            BandTests::Labels(labels) => {
                for (label, mark) in labels {
                    let ty = if matches!(label, Value::Text(_)) { Type::Text } else { Type::Boolean };
                    let label = literal(label, ty)
                        .ok_or_else(|| sql.refuse("a band compares a value that only scripts have"))?;
                    cases.push((value.clone().compare(SqlOp::Equal, label), of(mark)));
                }
            }
        }
        if self.missing.is_some() || self.rest.is_some() {
            cases.push((value.clone().is_null(), self.missing.as_ref().map_or_else(none, of)));
        }
        Ok(SqlExpr::case(cases, self.rest.as_ref().map_or_else(none, of)))
    }
}
