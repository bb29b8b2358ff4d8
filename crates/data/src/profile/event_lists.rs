//! The aggregate that lists events for scripts: for each customer a list in a fixed order.

use std::sync::Arc;

use accolade_core::frame::{array_of, value_at};
use accolade_core::model::{Source, Value};
use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray, UInt32Array};
use arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::{SortColumn, lexsort_to_indices, take};
use arrow::datatypes::{Field, Fields, UInt32Type};
use arrow::error::ArrowError;

/// The name of the date field by which events are ordered, which is not among the requested columns.
const DATE: &str = "accolade date";

/// The fields of an event: its date if the source has one, and the columns.
pub(super) fn fields(source: &Source, date: Option<usize>, columns: &[usize]) -> Fields {
    let field = |name: &str, column: usize| Field::new(name, source.columns[column].ty.arrow(), true);
    let date = date.map(|date| field(DATE, date));
    date.into_iter().chain(columns.iter().map(|c| field(&source.columns[*c].name, *c))).collect()
}

/// The events of a batch, null where `counts` is false.
pub(super) fn events(
    fields: &Fields,
    columns: impl Iterator<Item = usize>,
    batch: &[Option<ArrayRef>],
    counts: Option<BooleanBuffer>,
    rows: usize,
) -> Result<ArrayRef, ArrowError> {
    let arrays: Vec<ArrayRef> = columns.filter_map(|c| batch.get(c).cloned().flatten()).collect();
    let nulls = counts.map(NullBuffer::new);
    if fields.is_empty() {
        return Ok(Arc::new(StructArray::new_empty_fields(rows, nulls)));
    }
    Ok(Arc::new(StructArray::try_new(fields.clone(), arrays, nulls)?))
}

/// Sorts the events of each list and removes nulls. A customer without events has an empty list.
pub(super) fn ordered(lists: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let lists = lists.as_list::<i32>();
    let events = lists.values().as_struct();
    let mut owners: Vec<u32> = vec![u32::MAX; events.len()];
    for (owner, row) in (0u32..).zip(0..lists.len()).filter(|(_, row)| lists.is_valid(*row)) {
        let (start, end) = (lists.value_offsets()[row], lists.value_offsets()[row + 1]);
        for at in start..end {
            let at = usize::try_from(at).unwrap_or(0);
            // An event that does not count is null.
            if events.is_valid(at) {
                owners[at] = owner;
            }
        }
    }
    let counted = owners.iter().filter(|owner| **owner != u32::MAX).count();
    let owners: ArrayRef = Arc::new(UInt32Array::from(owners));
    let keys = std::iter::once(&owners).chain(events.columns());
    let keys: Vec<SortColumn> = keys.map(|values| SortColumn { values: Arc::clone(values), options: None }).collect();
    // Events that do not count are last.
    let order = lexsort_to_indices(&keys, None)?.slice(0, counted);
    let sorted = take(&(Arc::new(events.clone()) as ArrayRef), &order, None)?;
    let owners = take(&owners, &order, None)?;
    let owners = owners.as_primitive::<UInt32Type>().values().to_vec();
    let ends = (0u32..).take(lists.len() + 1).map(|owner| owners.partition_point(|o| *o < owner));
    let offsets: Vec<i32> = ends.map(|end| i32::try_from(end).unwrap_or(i32::MAX)).collect();
    let shown = without_date(sorted.as_struct())?;
    let item = Arc::new(Field::new("item", shown.data_type().clone(), true));
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(shown), None)?))
}

fn without_date(events: &StructArray) -> Result<StructArray, ArrowError> {
    let kept = events.fields().iter().zip(events.columns()).filter(|(field, _)| field.name() != DATE);
    let (fields, columns): (Vec<Arc<Field>>, Vec<ArrayRef>) = kept.map(|(f, c)| (Arc::clone(f), Arc::clone(c))).unzip();
    if fields.is_empty() {
        return Ok(StructArray::new_empty_fields(events.len(), None));
    }
    StructArray::try_new(fields.into(), columns, None)
}

/// An empty list for each of `rows` customers.
pub(super) fn empty_lists(fields: &Fields, rows: usize) -> Result<ArrayRef, ArrowError> {
    let empty = StructArray::new_null(fields.clone(), 0);
    let shown = without_date(&empty)?;
    let item = Arc::new(Field::new("item", shown.data_type().clone(), true));
    let offsets = OffsetBuffer::new(ScalarBuffer::from(vec![0i32; rows + 1]));
    Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(shown), None)?))
}

/// The list of the events of one customer, each given as the values of the source's columns.
pub(super) fn of_one(
    source: &Source,
    date: Option<usize>,
    columns: &[usize],
    events: &[&Vec<Value>],
) -> Result<Value, ArrowError> {
    let fields = fields(source, date, columns);
    let of = date.into_iter().chain(columns.iter().copied());
    let arrays: Vec<ArrayRef> =
        of.map(|c| array_of(source.columns[c].ty, events.iter().map(|event| event[c].clone()))).collect();
    let events = match fields.is_empty() {
        true => StructArray::new_empty_fields(events.len(), None),
        false => StructArray::try_new(fields, arrays, None)?,
    };
    let item = Arc::new(Field::new("item", events.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths([events.len()]);
    let list: ArrayRef = Arc::new(ListArray::try_new(item, offsets, Arc::new(events), None)?);
    Ok(value_at(&ordered(&list)?, 0))
}
