//! The cell of a customer.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::set::{Batch, Calibration, Context, Output, Population, Prepared, Rate};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::Matrix;
use super::axis::Lowest;
use crate::labels;

impl Rate for Matrix {
    fn outputs(&self) -> Vec<Output> {
        let mut outputs = vec![
            Output::label("cell", self.labels.to_vec(), true),
            Output::label("row", self.rows.labels.to_vec(), true),
            Output::label("column", self.columns.labels.to_vec(), true),
        ];
        outputs.extend(self.advice.iter().map(|_| Output::new("advice", Type::Text)));
        outputs
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let mut cut_offs = CutOffs::default();
        self.rows.calibrate(population, &mut cut_offs, out)?;
        self.columns.calibrate(population, &mut cut_offs, out)?;
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.rows.indices(batch, cut_offs)?;
        let columns = self.columns.indices(batch, cut_offs)?;
        let cells = rows.iter().zip(&columns).map(|(row, column)| self.cell(*row, *column));
        let mut results = vec![
            labels::column(&self.labels, cells),
            labels::column(&self.rows.labels, rows.iter().copied()),
            labels::column(&self.columns.labels, columns.iter().copied()),
        ];
        if let Some(advice) = &self.advice {
            let texts: Vec<String> = advice.iter().map(|text| text.clone().unwrap_or_default()).collect();
            let advised = |(row, column): (&Option<usize>, &Option<usize>)| {
                self.place(*row, *column).filter(|place| advice[*place].is_some())
            };
            results.push(labels::column(&texts, rows.iter().zip(&columns).map(advised)));
        }
        Ok(results)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::of((self.rows.lowest(cut_offs, name)?, self.columns.lowest(cut_offs, name)?)))
    }

    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let (rows, columns): &(Lowest, Lowest) = prepared.made(context.rule)?;
        let (row, column) = (self.rows.index(record, rows), self.columns.index(record, columns));
        let mut results = Vec::with_capacity(4);
        results.extend([
            self.labels.value(self.cell(row, column)),
            self.rows.labels.value(row),
            self.columns.labels.value(column),
        ]);
        if let Some(advice) = &self.advice {
            let advised = self.place(row, column).and_then(|place| advice[place].as_deref());
            results.push(advised.map_or(Value::Null, Value::text));
        }
        Ok(results)
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.rows.slot(), self.columns.slot()]
    }
}

impl Matrix {
    fn cell(&self, row: Option<usize>, column: Option<usize>) -> Option<usize> {
        Some(self.cells[row?][column?])
    }
}
