//! Results as Parquet, with the types of the rule set. Columns are encoded on several threads; the bytes do not
//! depend on how many.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use ::parquet::basic::Compression;
use ::parquet::errors::Result;
use ::parquet::file::properties::WriterProperties;
use ::parquet::schema::types::ColumnPath;
use arrow::array::{Array, ArrayRef};
use arrow::datatypes::{DataType, Field, Schema};

use crate::model::Slot;

/// Rows of a row group: what is encoded but not yet written stays small.
const ROWS: usize = 131_072;

pub(super) fn write(columns: &[(&Slot, &ArrayRef)], rows: usize, sink: &mut (dyn Write + Send)) -> io::Result<()> {
    let fields: Vec<Field> =
        columns.iter().map(|(slot, c)| Field::new(&slot.name, c.data_type().clone(), slot.nullable)).collect();
    let arrays: Vec<ArrayRef> = columns.iter().map(|(_, column)| Arc::clone(column)).collect();
    write_groups(Arc::new(Schema::new(fields)), &arrays, rows, sink).map_err(io::Error::other)
}

fn write_groups(schema: Arc<Schema>, arrays: &[ArrayRef], rows: usize, sink: &mut (dyn Write + Send)) -> Result<()> {
    let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    for field in schema.fields() {
        // Keys, amounts and shares hardly repeat: a dictionary of them is work for nothing.
        let is_key = schema.fields().first() == Some(field);
        if is_key || matches!(field.data_type(), DataType::Float64 | DataType::Decimal128(..)) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(vec![field.name().clone()]), false);
        }
    }
    let writer = ArrowWriter::try_new(sink, Arc::clone(&schema), Some(properties.build()))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    for (group, offset) in (0..rows).step_by(ROWS).enumerate() {
        let slices: Vec<ArrayRef> = arrays.iter().map(|a| a.slice(offset, ROWS.min(rows - offset))).collect();
        let chunks = encode(&schema, &slices, factory.create_column_writers(group)?)?;
        let mut row_group = file.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
    }
    file.close()?;
    Ok(())
}

/// The encoded columns, in order.
fn encode(schema: &Schema, arrays: &[ArrayRef], writers: Vec<ArrowColumnWriter>) -> Result<Vec<ArrowColumnChunk>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(writers.len().max(1));
    let work: Vec<std::sync::Mutex<Option<ArrowColumnWriter>>> =
        writers.into_iter().map(|w| std::sync::Mutex::new(Some(w))).collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done: Vec<(usize, Result<ArrowColumnChunk>)> = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(writer) = work.get(i).and_then(|w| w.lock().ok()?.take()) else { return done };
            done.push((i, column(schema.field(i), &arrays[i], writer)));
        }
    };
    let mut chunks = std::thread::scope(|scope| {
        let handles: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut chunks = worker();
        handles.into_iter().for_each(|handle| chunks.extend(handle.join().unwrap_or_default()));
        chunks
    });
    chunks.sort_by_key(|(i, _)| *i);
    chunks.into_iter().map(|(_, chunk)| chunk).collect()
}

fn column(field: &Field, array: &ArrayRef, mut writer: ArrowColumnWriter) -> Result<ArrowColumnChunk> {
    for leaf in compute_leaves(field, array)? {
        writer.write(&leaf)?;
    }
    writer.close()
}
