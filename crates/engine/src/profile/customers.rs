//! The customers table as it is read: the columns that rules use.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use crate::model::{Origin, RuleSet, SlotId, Source};
use crate::source::Prepare;

/// Keeps the key and the columns that slots hold.
#[derive(Debug)]
pub(super) struct Kept {
    schema: SchemaRef,
    /// Indices of the declared columns kept, the key first.
    columns: Vec<usize>,
    /// The slot of each.
    pub(super) slots: Vec<SlotId>,
}

impl Kept {
    pub(super) fn new(set: &RuleSet, source: &Source) -> Kept {
        let mut columns = vec![source.customer_column()];
        let mut slots = vec![0];
        for (slot, described) in set.slots.iter().enumerate() {
            if let Origin::Column(column) = described.origin {
                columns.push(column);
                slots.push(slot);
            }
        }
        let field =
            |(i, column): (usize, &usize)| Field::new(format!("c{i}"), source.columns[*column].ty.arrow(), true);
        let schema = Arc::new(Schema::new(columns.iter().enumerate().map(field).collect::<Vec<_>>()));
        Kept { schema, columns, slots }
    }
}

impl Prepare for Kept {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn prepare(&self, columns: Vec<ArrayRef>, _: usize) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(Arc::clone(&self.schema), self.columns.iter().map(|i| Arc::clone(&columns[*i])).collect())
    }
}
