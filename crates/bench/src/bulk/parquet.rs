//! Bulk tables as Parquet.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::{CustomerRow, OrderRow, key};
use crate::Result;
use crate::money::Cents;

/// Rows handed to the writer at a time.
const BATCH: usize = 1 << 16;
/// Rows in a row group.
const ROW_GROUP: usize = 1_000_000;

/// Writes the customers table.
pub fn customers(out: impl Write + Send, rows: impl Iterator<Item = CustomerRow>) -> Result<()> {
    let fields = vec![
        Field::new("customer_id", DataType::Utf8, false),
        Field::new("city", DataType::Utf8, false),
        Field::new("sector", DataType::Utf8, false),
        Field::new("satisfaction", DataType::Int64, true),
        Field::new("cooperation", DataType::Int64, false),
        money_field("potential_revenue"),
    ];
    write(out, fields, rows, |rows| {
        Ok(vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| key(row.index)))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.city))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.sector))),
            Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.satisfaction))),
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.cooperation))),
            money(rows.iter().map(|row| row.potential_revenue))?,
        ])
    })
}

/// Writes the orders table.
pub fn orders(out: impl Write + Send, rows: impl Iterator<Item = OrderRow>) -> Result<()> {
    let fields = vec![
        Field::new("order_id", DataType::Int64, false),
        Field::new("customer_id", DataType::Utf8, false),
        Field::new("order_date", DataType::Date32, false),
        money_field("amount"),
        money_field("margin"),
    ];
    write(out, fields, rows, |rows| {
        Ok(vec![
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.id))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| key(row.customer)))),
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.day))),
            money(rows.iter().map(|row| row.amount))?,
            money(rows.iter().map(|row| row.margin))?,
        ])
    })
}

fn money_field(name: &str) -> Field {
    Field::new(name, DataType::Decimal128(18, 2), false)
}

fn money(values: impl Iterator<Item = Cents>) -> Result<ArrayRef> {
    let values = Decimal128Array::from_iter_values(values.map(|cents| i128::from(cents.0)));
    Ok(Arc::new(values.with_precision_and_scale(18, 2)?))
}

fn write<T>(
    out: impl Write + Send,
    fields: Vec<Field>,
    mut rows: impl Iterator<Item = T>,
    columns: impl Fn(&[T]) -> Result<Vec<ArrayRef>>,
) -> Result<()> {
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .build();
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties))?;
    loop {
        let batch: Vec<T> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        writer.write(&RecordBatch::try_new(schema.clone(), columns(&batch)?)?)?;
    }
    writer.close()?;
    Ok(())
}
