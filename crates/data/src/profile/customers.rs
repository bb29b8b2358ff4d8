//! Preparing the customers table: the columns that rules use.

use std::sync::Arc;

use accolade_core::model::{Demand, Origin, SlotId, Source};
use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use crate::source::Prepare;

/// The name of the column that tells which customers meet the condition of their table.
const IS_READ: &str = "read";

/// Keeps the key and the columns that slots hold. Where the table has a condition, a last column tells who meets it.
#[derive(Debug)]
pub(super) struct CustomerColumns {
    schema: SchemaRef,
    /// Indices of the declared columns kept, the key first.
    columns: Vec<usize>,
    /// The slot of each.
    pub(super) slots: Vec<SlotId>,
}

impl CustomerColumns {
    pub(super) fn new(demand: &Demand, source: &Source) -> CustomerColumns {
        let mut columns = vec![source.customer_column()];
        let mut slots = vec![0];
        for (slot, described) in demand.slots.iter().enumerate() {
            if let Origin::Column(column) = described.origin {
                columns.push(column);
                slots.push(slot);
            }
        }
        let field =
            |(i, column): (usize, &usize)| Field::new(format!("c{i}"), source.columns[*column].ty.arrow(), true);
        let mut fields: Vec<Field> = columns.iter().enumerate().map(field).collect();
        if source.filter.is_some() {
            fields.push(Field::new(IS_READ, DataType::Boolean, true));
            columns.push(source.columns.len());
        }
        let schema = Arc::new(Schema::new(fields));
        CustomerColumns { schema, columns, slots }
    }
}

impl Prepare for CustomerColumns {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn prepare(&self, columns: Vec<ArrayRef>, _: usize) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(Arc::clone(&self.schema), self.columns.iter().map(|i| alone(&columns[*i])).collect())
    }
}

/// Releases the pages of the file from a column whose texts are all inlined in their views.
fn alone(column: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        DataType::Utf8View if column.as_string_view().total_buffer_bytes_used() == 0 => {
            Arc::new(column.as_string_view().gc())
        }
        _ => Arc::clone(column),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::StringViewArray;

    use super::*;

    #[test]
    fn pages_are_kept_for_long_texts_alone() {
        let texts = StringViewArray::from_iter_values(["short", "longer than a view is"]);
        let (all, short): (ArrayRef, ArrayRef) = (Arc::new(texts.clone()), Arc::new(texts.slice(0, 1)));
        for (column, buffers) in [(all, 1), (short, 0)] {
            let kept = alone(&column);
            assert_eq!(&kept, &column);
            assert_eq!(kept.as_string_view().data_buffers().len(), buffers);
        }
    }
}
