//! Parquet: typed columns, row groups in parallel.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::array_value_to_string;
use datafusion::datasource::physical_plan::ParquetSource;

use super::open::{Malformed, Opened, Rows};
use super::scan::{self, Part};

/// The columns of a Parquet file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    schema: SchemaRef,
}

impl Layout {
    pub(super) fn header(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    pub(super) fn data_type(&self, position: usize) -> &DataType {
        self.schema.field(position).data_type()
    }
}

pub(super) fn layout(path: &Path) -> Result<Layout, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| format!("it is not a Parquet file ({e})"))?;
    Ok(Layout { schema: Arc::clone(builder.schema()) })
}

pub(super) fn parts(opened: &Opened, layout: &Layout, threads: usize, batch_size: usize) -> Result<Vec<Part>, String> {
    // Views into the pages instead of copies of every text.
    let fields: Vec<_> = layout
        .schema
        .fields()
        .iter()
        .map(|f| match f.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => Arc::new(f.as_ref().clone().with_data_type(DataType::Utf8View)),
            _ => Arc::clone(f),
        })
        .collect();
    let schema = Arc::new(arrow::datatypes::Schema::new(fields));
    scan::file(&opened.path, Arc::new(ParquetSource::new(schema)), &opened.positions, threads, batch_size)
}

/// The slow reading.
pub(super) struct Rowed<'a> {
    opened: &'a Opened,
    reader: ParquetRecordBatchReader,
    next: u64,
    done: bool,
}

impl<'a> Rowed<'a> {
    pub(super) fn open(opened: &'a Opened, _: &Layout) -> Result<Self, String> {
        let file = File::open(&opened.path).map_err(|e| e.to_string())?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| e.to_string())?;
        let mask = ProjectionMask::all();
        let reader = builder.with_projection(mask).build().map_err(|e| e.to_string())?;
        Ok(Rowed { opened, reader, next: 1, done: false })
    }
}

impl Iterator for Rowed<'_> {
    type Item = Rows;

    fn next(&mut self) -> Option<Rows> {
        if self.done {
            return None;
        }
        match self.reader.next()? {
            Ok(whole) => {
                let rows = whole.num_rows();
                let first = self.next;
                self.next += rows as u64;
                let fields = (0..rows)
                    .map(|row| {
                        whole.columns().iter().map(|c| array_value_to_string(c, row).unwrap_or_default()).collect()
                    })
                    .collect();
                let columns = self.opened.positions.iter().map(|p| Arc::clone(whole.column(*p))).collect();
                let names = self.opened.positions.iter().map(|p| self.opened.header[*p].clone());
                let batch = scan::batch(names, columns, rows);
                Some(Rows { batch, numbers: (first..self.next).collect(), fields, malformed: Vec::new() })
            }
            Err(error) => {
                self.done = true;
                let malformed =
                    Malformed { number: self.next, message: error.to_string(), help: None, fields: Vec::new() };
                let names = self.opened.positions.iter().map(|p| self.opened.header[*p].clone());
                Some(Rows {
                    batch: scan::batch(names, Vec::new(), 0),
                    numbers: Vec::new(),
                    fields: Vec::new(),
                    malformed: vec![malformed],
                })
            }
        }
    }
}
