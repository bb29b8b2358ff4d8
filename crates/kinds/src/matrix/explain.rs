//! Explanations: the cuts that decide on each axis, and how the cell responds to a changed field.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, LabelOrder, Response, SourceText};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::Matrix;
use crate::labels;

impl Explain for Matrix {
    fn branches(&self) -> Vec<Branch> {
        let of = |what, labels: &[String]| -> Vec<Branch> {
            labels.iter().map(|label| Branch::new(what, label.clone(), None)).collect()
        };
        let mut branches = of("cell", &self.labels);
        branches.extend(of("row", &self.rows.labels));
        branches.extend(of("column", &self.columns.labels));
        if self.rows.nullable || self.columns.nullable {
            branches.push(Branch::new("missing value", "no cell", None));
        }
        branches
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let row = self.rows.label_index(record, &self.rows.starts(cut_offs, context.rule)?);
        let column = self.columns.label_index(record, &self.columns.starts(cut_offs, context.rule)?);
        let reasons = vec![self.rows.explain(record, row, cut_offs), self.columns.explain(record, column, cut_offs)];
        let (Some(row), Some(column)) = (row, column) else {
            return Ok(Derivation { decided_by: None, reasons, reached: vec![self.branches().len() - 1] });
        };
        let cell = self.cells[row][column];
        let decided_by = format!("{} × {}", self.rows.labels[row], self.columns.labels[column]);
        let reached = vec![cell, self.labels.len() + row, self.labels.len() + self.rows.labels.len() + column];
        Ok(Derivation { decided_by: Some(SourceText::at(decided_by, self.spans[row][column])), reasons, reached })
    }

    fn label_order(&self) -> LabelOrder {
        LabelOrder::Grid
    }

    fn response(
        &self,
        output: usize,
        _: &[SlotId],
        cut_offs: &CutOffs,
        changeable: &ChangeableField,
    ) -> Option<Response> {
        match output {
            1 => self.rows.response(cut_offs, changeable),
            2 => self.columns.response(cut_offs, changeable),
            _ => self.rows.response(cut_offs, changeable)?.both_constant(&self.columns.response(cut_offs, changeable)?),
        }
    }

    fn reasons(&self, batch: &Customers, _: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let (rows, columns) = (self.rows.label_indices(batch, cut_offs)?, self.columns.label_indices(batch, cut_offs)?);
        let pairs = self.rows.labels.iter().flat_map(|r| self.columns.labels.iter().map(move |c| format!("{r} × {c}")));
        let texts: Vec<String> = pairs.collect();
        let index = rows.into_iter().zip(columns).map(|(row, column)| self.cell_index(row, column));
        Ok(labels::label_column(&texts, index))
    }
}
