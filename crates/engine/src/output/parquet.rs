//! Results as Parquet, with the types of the rule set.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema};

use crate::model::Slot;

pub(super) fn write(columns: &[(&Slot, &ArrayRef)], sink: &mut (dyn Write + Send)) -> io::Result<()> {
    let fields: Vec<Field> =
        columns.iter().map(|(slot, c)| Field::new(&slot.name, c.data_type().clone(), slot.nullable)).collect();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let arrays = columns.iter().map(|(_, column)| Arc::clone(column)).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(io::Error::other)?;
    let mut writer = ArrowWriter::try_new(sink, schema, Some(properties)).map_err(io::Error::other)?;
    writer.write(&batch).map_err(io::Error::other)?;
    writer.close().map_err(io::Error::other)?;
    Ok(())
}
