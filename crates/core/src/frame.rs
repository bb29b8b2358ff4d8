//! The frame of columns that steps fill, and conversions between Arrow columns and single values.

use std::sync::Arc;

use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder,
    NullArray, StringViewBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};

use crate::decimal;
use crate::model::{SlotId, Type, Value};
use crate::values::types::MONEY_SCALE;

/// The columns of a population by slot; a slot not yet computed has none.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Number of customers.
    pub rows: usize,
    /// By slot.
    pub columns: Vec<Option<ArrayRef>>,
}

impl Frame {
    /// `rows` customers, no column of `slots` filled.
    pub fn new(rows: usize, slots: usize) -> Self {
        Frame { rows, columns: vec![None; slots] }
    }

    /// The column of `slot`, if it was filled.
    #[inline]
    pub fn column(&self, slot: SlotId) -> Option<&ArrayRef> {
        self.columns.get(slot)?.as_ref()
    }

    /// Whether every one of `slots` was filled.
    pub fn has(&self, slots: &[SlotId]) -> bool {
        slots.iter().all(|slot| self.column(*slot).is_some())
    }

    /// The same customers with these columns alone.
    pub fn select(&self, slots: impl IntoIterator<Item = SlotId>) -> Frame {
        let mut only = Frame::new(self.rows, self.columns.len());
        slots.into_iter().for_each(|slot| only.columns[slot] = self.columns[slot].clone());
        only
    }

    /// Rows `offset..offset + rows`, without copying.
    pub fn slice(&self, offset: usize, rows: usize) -> Frame {
        let columns = self.columns.iter().map(|c| c.as_ref().map(|c| c.slice(offset, rows))).collect();
        Frame { rows, columns }
    }

    /// The record of one row.
    pub fn record(&self, row: usize) -> Vec<Value> {
        self.columns.iter().map(|c| c.as_ref().map_or(Value::Null, |c| value_at(c, row))).collect()
    }
}

/// The value of `column` at `row`.
#[inline]
pub fn value_at(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => Value::Boolean(column.as_boolean().value(row)),
        DataType::Int64 => Value::Integer(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Value::Number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, MONEY_SCALE) => Value::Money(column.as_primitive::<Decimal128Type>().value(row)),
        DataType::Decimal128(..) => Value::Score(column.as_primitive::<Decimal128Type>().value(row)),
        DataType::Date32 => Value::Date(column.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(..) => Value::DateTime(column.as_primitive::<TimestampMicrosecondType>().value(row)),
        DataType::Utf8View => Value::text(column.as_string_view().value(row)),
        DataType::FixedSizeBinary(_) => Value::Decimal(decimal::value(column.as_fixed_size_binary(), row)),
        DataType::List(_) => Value::Rows(Arc::new(column.as_list::<i32>().value(row).as_struct().clone())),
        _ => Value::Null,
    }
}

/// A column of type `ty`; a value that does not fit the type is missing.
pub fn array_of(ty: Type, values: impl Iterator<Item = Value>) -> ArrayRef {
    let rows = values.size_hint().0;
    match ty {
        Type::Boolean => {
            let mut builder = BooleanBuilder::with_capacity(rows);
            values.for_each(|v| builder.append_option(if let Value::Boolean(v) = v { Some(v) } else { None }));
            Arc::new(builder.finish())
        }
        Type::Integer | Type::Duration => {
            let mut builder = Int64Builder::with_capacity(rows);
            values.for_each(|v| builder.append_option(if let Value::Integer(v) = v { Some(v) } else { None }));
            Arc::new(builder.finish())
        }
        Type::Number | Type::Percent => {
            let mut builder = Float64Builder::with_capacity(rows);
            values.for_each(|v| builder.append_option(if let Value::Number(v) = v { Some(v) } else { None }));
            Arc::new(builder.finish())
        }
        Type::Money | Type::Score => {
            let mut builder = Decimal128Builder::with_capacity(rows).with_data_type(ty.arrow());
            values.for_each(|v| {
                builder.append_option(if let Value::Money(v) | Value::Score(v) = v { Some(v) } else { None });
            });
            Arc::new(builder.finish())
        }
        Type::Date => {
            let mut builder = Date32Builder::with_capacity(rows);
            values.for_each(|v| builder.append_option(if let Value::Date(v) = v { Some(v) } else { None }));
            Arc::new(builder.finish())
        }
        Type::Decimal => decimal::array(values.map(|v| if let Value::Decimal(v) = v { Some(v) } else { None })),
        // Rows come from sources alone.
        Type::Rows => Arc::new(NullArray::new(rows)),
        Type::DateTime => {
            let mut builder = TimestampMicrosecondBuilder::with_capacity(rows);
            values.for_each(|v| builder.append_option(if let Value::DateTime(v) = v { Some(v) } else { None }));
            Arc::new(builder.finish())
        }
        Type::Text => {
            let mut builder = StringViewBuilder::with_capacity(rows);
            values.for_each(|v| builder.append_option(if let Value::Text(v) = v { Some(v) } else { None }));
            Arc::new(builder.finish())
        }
    }
}

/// The column of a slot that an earlier step filled.
///
/// # Errors
/// Fails with E0710 if the slot has not been filled, which cannot happen in a run of a compiled rule set.
pub fn column(frame: &Frame, slot: SlotId) -> Result<&ArrayRef, Diagnostics> {
    frame
        .column(slot)
        .ok_or_else(|| Diagnostics::from(Diagnostic::new(Code::E0710, format!("field {slot} has not been computed"))))
}
