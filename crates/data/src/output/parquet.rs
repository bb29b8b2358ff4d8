//! Results as Parquet, with the types of the rule set. Columns are encoded on several threads; the bytes do not
//! depend on how many.

use std::io;
use std::io::Write;
use std::sync::{Arc, Mutex};

use accolade_core::model::Slot;
use accolade_core::parallel;
use arrow::array::{Array, ArrayRef};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};

use super::results::{Results, rows_per_request};

/// An open file and the factory of its column writers.
type ParquetOutput<'s> = (SerializedFileWriter<&'s mut (dyn Write + Send)>, ArrowRowGroupWriterFactory);

/// Writes one row group for each request of rows, so that little encoded data waits in memory. Returns the columns as
/// they are written.
pub(super) fn write(results: &mut dyn Results, sink: &mut (dyn Write + Send)) -> io::Result<SchemaDescriptor> {
    let slots = results.slots();
    let most = rows_per_request(results);
    let mut pieces = results.next(most)?;
    let ty = |at: usize, slot: &Slot| match pieces.first() {
        Some(columns) => columns[at].data_type().clone(),
        None => slot.ty.arrow(),
    };
    let field = |(at, slot): (usize, &Slot)| Field::new(&slot.name, ty(at, slot), slot.may_be_null());
    let schema = Arc::new(Schema::new(slots.iter().enumerate().map(field).collect::<Vec<_>>()));
    let (mut file, factory) = begin(&schema, sink).map_err(io::Error::other)?;
    for group in 0.. {
        if pieces.is_empty() {
            break;
        }
        let mut write = || {
            let chunks = encode(&schema, &pieces, factory.create_column_writers(group)?)?;
            let mut row_group = file.next_row_group()?;
            for chunk in chunks {
                chunk.append_to_row_group(&mut row_group)?;
            }
            row_group.close()
        };
        write().map_err(io::Error::other)?;
        pieces = results.next(most)?;
    }
    let written = file.close().map_err(io::Error::other)?;
    Ok(written.file_metadata().schema_descr().clone())
}

fn begin<'s>(schema: &Arc<Schema>, sink: &'s mut (dyn Write + Send)) -> Result<ParquetOutput<'s>> {
    let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    for field in schema.fields() {
        // Keys, amounts and shares rarely repeat, so a dictionary of them does not pay.
        let is_key = schema.fields().first() == Some(field);
        if is_key || matches!(field.data_type(), DataType::Float64 | DataType::Decimal128(..)) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(vec![field.name().clone()]), false);
        }
    }
    ArrowWriter::try_new(sink, Arc::clone(schema), Some(properties.build()))?.into_serialized_writer()
}

/// Encodes the columns of a row group in parallel and returns them in order.
fn encode(schema: &Schema, pieces: &[Vec<ArrayRef>], writers: Vec<ArrowColumnWriter>) -> Result<Vec<ArrowColumnChunk>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work: Vec<Mutex<Option<ArrowColumnWriter>>> = writers.into_iter().map(|w| Mutex::new(Some(w))).collect();
    let stopped = || ParquetError::General("a thread stopped".to_owned());
    let chunks = parallel::map_indexed(work.len(), threads, |at| {
        let writer = work[at].lock().ok().and_then(|mut writer| writer.take());
        column(schema.field(at), pieces.iter().map(|columns| &columns[at]), writer.ok_or_else(stopped)?)
    });
    chunks.map_err(|_| stopped())?.into_iter().collect()
}

fn column<'a>(
    field: &Field,
    arrays: impl Iterator<Item = &'a ArrayRef>,
    mut writer: ArrowColumnWriter,
) -> Result<ArrowColumnChunk> {
    for array in arrays {
        for leaf in compute_leaves(field, array)? {
            writer.write(&leaf)?;
        }
    }
    writer.close()
}
