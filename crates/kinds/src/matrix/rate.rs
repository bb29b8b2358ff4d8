//! The cell of a customer.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::Matrix;
use super::axis::StretchStarts;
use crate::labels;

impl Rate for Matrix {
    fn outputs(&self) -> Vec<RuleOutput> {
        let mut outputs = vec![
            RuleOutput::label("cell", self.labels.to_vec(), true),
            RuleOutput::label("row", self.rows.labels.to_vec(), true),
            RuleOutput::label("column", self.columns.labels.to_vec(), true),
        ];
        outputs.extend(self.advice.iter().map(|_| RuleOutput::new("advice", Type::Text)));
        outputs
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let mut cut_offs = CutOffs::default();
        self.rows.calibrate(population, &mut cut_offs, out)?;
        self.columns.calibrate(population, &mut cut_offs, out)?;
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.rows.label_indices(batch, cut_offs)?;
        let columns = self.columns.label_indices(batch, cut_offs)?;
        let cells = rows.iter().zip(&columns).map(|(row, column)| self.cell_label(*row, *column));
        let mut results = vec![
            labels::label_column(&self.labels, cells),
            labels::label_column(&self.rows.labels, rows.iter().copied()),
            labels::label_column(&self.columns.labels, columns.iter().copied()),
        ];
        if let Some(advice) = &self.advice {
            let texts: Vec<String> = advice.iter().map(|text| text.clone().unwrap_or_default()).collect();
            let advised = |(row, column): (&Option<usize>, &Option<usize>)| {
                self.cell_index(*row, *column).filter(|place| advice[*place].is_some())
            };
            results.push(labels::label_column(&texts, rows.iter().zip(&columns).map(advised)));
        }
        Ok(results)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        Ok(PreparedCutOffs::of((self.rows.starts(cut_offs, name)?, self.columns.starts(cut_offs, name)?)))
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let (rows, columns): &(StretchStarts, StretchStarts) = prepared.made(context.rule)?;
        let (row, column) = (self.rows.label_index(record, rows), self.columns.label_index(record, columns));
        let mut results = Vec::with_capacity(4);
        results.extend([
            self.labels.value(self.cell_label(row, column)),
            self.rows.labels.value(row),
            self.columns.labels.value(column),
        ]);
        if let Some(advice) = &self.advice {
            let advised = self.cell_index(row, column).and_then(|place| advice[place].as_deref());
            results.push(advised.map_or(Value::Null, Value::text));
        }
        Ok(results)
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.rows.slot(), self.columns.slot()]
    }
}

impl Matrix {
    fn cell_label(&self, row: Option<usize>, column: Option<usize>) -> Option<usize> {
        Some(self.cells[row?][column?])
    }
}
