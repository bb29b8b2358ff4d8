//! Cells as SQL.

use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{SqlLowering, at_least};

use super::Matrix;
use super::axis::MatrixAxis;

impl ToSql for Matrix {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let name = sql.name().to_owned();
        let row = self.rows.as_sql(sql)?;
        let row = sql.bind(&format!("{name}.row"), row);
        let column = self.columns.as_sql(sql)?;
        let column = sql.bind(&format!("{name}.column"), column);
        let (mut cells, mut advised) = (Vec::new(), Vec::new());
        for (r, of_row) in self.rows.labels.iter().enumerate() {
            for (c, of_column) in self.columns.labels.iter().enumerate() {
                let is =
                    |axis: &SqlExpr, label: &String| axis.clone().compare(SqlOp::Equal, SqlExpr::Text(label.clone()));
                let here = SqlExpr::all(vec![is(&row, of_row), is(&column, of_column)]);
                cells.push((here.clone(), SqlExpr::Text(self.labels[self.cells[r][c]].clone())));
                let place = self.cell_index(Some(r), Some(c));
                let advice = self.advice.as_ref().zip(place).and_then(|(advice, place)| advice[place].clone());
                advised.extend(advice.map(|advice| (here, SqlExpr::Text(advice))));
            }
        }
        let none = || SqlExpr::Null(SqlType::Text);
        let mut outputs = vec![SqlExpr::case(cells, none()), row, column];
        outputs.extend(self.advice.iter().map(|_| SqlExpr::case(advised.clone(), none())));
        Ok(outputs)
    }
}

impl MatrixAxis {
    /// The label of a record on the axis.
    fn as_sql(&self, sql: &mut SqlLowering) -> Result<SqlExpr, Diagnostics> {
        let name = sql.name().to_owned();
        let value = sql.field(self.slot())?;
        let label = |index: usize| SqlExpr::Text(self.labels[index].clone());
        let none = || SqlExpr::Null(SqlType::Text);
        let Some((domain, lowest)) = self.starts(&sql.cut_offs(), &name)? else {
            let known = SqlExpr::OneOf(Box::new(value.clone()), (0..self.labels.len()).map(label).collect());
            return Ok(SqlExpr::case(vec![(known, value)], none()));
        };
        let reached =
            lowest.iter().enumerate().rev().map(|(i, key)| (at_least(value.clone(), domain, *key), label(i + 1)));
        let below = (SqlExpr::apply(SqlOp::IsNotNull, [value.clone()]), label(0));
        Ok(SqlExpr::case(reached.chain([below]).collect(), none()))
    }
}
