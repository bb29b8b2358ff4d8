//! Parquet: typed columns, row groups in parallel.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::new_empty_array;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::datasource::physical_plan::ParquetSource;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::opened::OpenedSource;
use super::rows::{MalformedRecord, RowBatch};
use super::scan;
use super::scan::ScanPart;

/// The columns of a Parquet file.
#[derive(Clone, Debug)]
pub(super) struct ParquetLayout {
    schema: SchemaRef,
    /// The number of rows, from the metadata of the file.
    pub(super) rows: Option<u64>,
}

impl ParquetLayout {
    pub(super) fn header(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    pub(super) fn data_type(&self, position: usize) -> &DataType {
        self.schema.field(position).data_type()
    }
}

pub(super) fn read_layout(path: &Path) -> Result<ParquetLayout, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| format!("it is not a Parquet file ({e})"))?;
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).ok();
    Ok(ParquetLayout { schema: Arc::clone(builder.schema()), rows })
}

pub(super) fn parts(
    opened: &OpenedSource,
    layout: &ParquetLayout,
    threads: usize,
    batch_size: usize,
) -> Result<Vec<ScanPart>, String> {
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
    let schema = Arc::new(Schema::new(fields));
    scan::file(&opened.path, Arc::new(ParquetSource::new(schema)), &opened.positions, threads, batch_size)
}

/// The slow path: batches in order, with the numbers of their rows.
pub(super) struct RowGroups {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    /// The number of the next row.
    next: u64,
    done: bool,
}

impl RowGroups {
    pub(super) fn open(opened: &OpenedSource) -> Result<Self, String> {
        let file = File::open(&opened.path).map_err(|e| e.to_string())?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| e.to_string())?;
        let schema = Arc::clone(builder.schema());
        let reader = builder.build().map_err(|e| e.to_string())?;
        Ok(RowGroups { reader, schema, next: 1, done: false })
    }
}

impl Iterator for RowGroups {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        if self.done {
            return None;
        }
        let first = self.next;
        match self.reader.next()? {
            Ok(whole) => {
                self.next += whole.num_rows() as u64;
                Some(RowBatch::new(whole, (first..self.next).collect(), Vec::new()))
            }
            Err(error) => {
                // The pages after a damaged one cannot be found.
                self.done = true;
                let columns = self.schema.fields().iter().map(|f| new_empty_array(f.data_type())).collect();
                let whole = scan::batch(Arc::clone(&self.schema), columns, 0);
                let help = Some("the file is damaged; write it again".to_owned());
                let malformed = MalformedRecord { number: first, message: error.to_string(), help, fields: Vec::new() };
                Some(RowBatch::new(whole, Vec::new(), vec![malformed]))
            }
        }
    }
}
