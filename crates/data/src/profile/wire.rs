//! Batches between machines. Texts are plain arrays instead of views, and each part ends with a row that holds its
//! tally and no key.
//!
//! The tally is a key of the grouping, which keeps it apart from the rows of customers. Every row carries the check
//! number of its part, and the numbers are summed. A result is accepted only if it has every row of every part exactly
//! once, so a part that is read again because a machine was lost is not counted twice.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, new_null_array};
use arrow::compute::{cast, filter_record_batch, is_null};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::cluster::ClusterFailure;

/// The name of the column of tallies.
pub const TALLY: &str = "tally";

/// The name of the column of check numbers, which are summed.
pub const CHECK: &str = "check";

/// The check number of a part, positive and small enough that no sum over rows overflows.
fn check_number(part: usize) -> i64 {
    // The finalizer of SplitMix64 makes the numbers of parts unrelated.
    let mut bits = (part as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits >> 34) as i64 + 1
}

/// The tally of a part.
#[derive(Serialize, Deserialize)]
struct PartTally<T> {
    part: usize,
    /// The rows of the part, without this one.
    rows: i64,
    tally: T,
}

/// The schema of batches between machines.
///
/// Views become plain texts, since each batch of views would be sent with all the buffers that they refer to.
pub fn schema(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|f| f.as_ref().clone().with_data_type(plain(f.data_type())));
    let ours = [Field::new(TALLY, DataType::Utf8, true), Field::new(CHECK, DataType::Int64, true)];
    Arc::new(Schema::new(fields.chain(ours).collect::<Vec<_>>()))
}

fn plain(ty: &DataType) -> DataType {
    with_texts(ty, &DataType::Utf8)
}

fn views(ty: &DataType) -> DataType {
    with_texts(ty, &DataType::Utf8View)
}

/// A type in which `text` replaces every type of texts, at any depth.
fn with_texts(ty: &DataType, text: &DataType) -> DataType {
    let inner =
        |field: &Arc<Field>| Arc::new(field.as_ref().clone().with_data_type(with_texts(field.data_type(), text)));
    match ty {
        DataType::Utf8 | DataType::Utf8View => text.clone(),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        DataType::List(item) => DataType::List(inner(item)),
        other => other.clone(),
    }
}

/// Converts a batch of a part for another machine.
///
/// # Errors
/// Fails when the columns do not match the schema.
pub fn to_wire(schema: &SchemaRef, part: usize, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut columns = to_plain_texts(batch.columns())?;
    columns.push(new_null_array(&DataType::Utf8, batch.num_rows()));
    columns.push(Arc::new(Int64Array::from_value(check_number(part), batch.num_rows())));
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// The last row of a part, which holds its tally. `rows` is the number of the rows before it.
///
/// # Errors
/// Fails when the tally cannot be serialized.
pub fn tally_row(
    schema: &SchemaRef,
    part: usize,
    rows: u64,
    tally: &impl Serialize,
) -> Result<RecordBatch, ArrowError> {
    let of_part = PartTally { part, rows: i64::try_from(rows).unwrap_or(i64::MAX), tally };
    let tally = serde_json::to_string(&of_part).map_err(|e| ArrowError::ExternalError(e.into()))?;
    let of = |field: &Arc<Field>| -> ArrayRef {
        match field.name().as_str() {
            TALLY => Arc::new(StringArray::from(vec![tally.as_str()])),
            CHECK => Arc::new(Int64Array::from(vec![check_number(part)])),
            _ => new_null_array(field.data_type(), 1),
        }
    };
    RecordBatch::try_new(Arc::clone(schema), schema.fields().iter().map(of).collect())
}

/// The tally of each of `parts` parts.
///
/// # Errors
/// Fails when a part or a row is missing or occurs twice.
pub fn tallies<T: DeserializeOwned>(batches: &[RecordBatch], parts: usize) -> Result<Vec<T>, ClusterFailure> {
    let broken = |why: String| ClusterFailure::Cluster(format!("it returned an incomplete result: {why}"));
    let mut told: Vec<Option<T>> = (0..parts).map(|_| None).collect();
    let (mut expected, mut found) = (0i64, 0i64);
    for batch in batches {
        let (Some(tallies), Some(checks)) = (batch.column_by_name(TALLY), batch.column_by_name(CHECK)) else {
            return Err(broken("the rows have no part numbers".to_owned()));
        };
        for (tally, check) in tallies.as_string::<i32>().iter().zip(checks.as_primitive::<Int64Type>().iter()) {
            let check = check.unwrap_or(0);
            let Some(tally) = tally else {
                found = found.wrapping_add(check);
                continue;
            };
            let PartTally { part, rows, tally } = serde_json::from_str(tally).map_err(|e| broken(e.to_string()))?;
            match told.get_mut(part) {
                Some(told @ None) if check == check_number(part) => *told = Some(tally),
                Some(_) => return Err(broken(format!("part {part} came twice"))),
                None => return Err(broken(format!("part {part} was not asked for"))),
            }
            expected = expected.wrapping_add(check_number(part).wrapping_mul(rows));
        }
    }
    if let Some(part) = told.iter().position(Option::is_none) {
        return Err(broken(format!("part {part} is missing")));
    }
    if expected != found {
        return Err(broken("some rows were lost or came twice".to_owned()));
    }
    Ok(told.into_iter().flatten().collect())
}

/// Converts the batches that came back from `parts` parts, and returns them with the tally of each part.
///
/// # Errors
/// Fails as [`tallies`] does.
pub fn from_wire<T: DeserializeOwned>(
    batches: Vec<RecordBatch>,
    parts: usize,
) -> Result<(Vec<RecordBatch>, Vec<T>), ClusterFailure> {
    let tallies = tallies(&batches, parts)?;
    let own = batches.into_iter().map(without_tallies).collect::<Result<_, _>>();
    Ok((own.map_err(|e: ArrowError| ClusterFailure::Cluster(e.to_string()))?, tallies))
}

/// The rows without a tally, and without the columns of tallies and check numbers.
fn without_tallies(batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
    let rest = match batch.column_by_name(TALLY) {
        Some(tallies) => filter_record_batch(&batch, &is_null(tallies)?)?,
        None => batch,
    };
    let schema = rest.schema();
    let own = schema.fields().iter().zip(to_text_views(rest.columns())?);
    let own = own.filter(|(field, _)| ![TALLY, CHECK].contains(&field.name().as_str()));
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) =
        own.map(|(f, c)| (f.as_ref().clone().with_data_type(c.data_type().clone()), c)).unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Converts views of texts to plain texts, as they are between machines.
///
/// # Errors
/// Fails when a column cannot be converted.
pub fn to_plain_texts(columns: &[ArrayRef]) -> Result<Vec<ArrayRef>, ArrowError> {
    retyped(columns, plain)
}

/// Converts plain texts to views, as they are everywhere else.
///
/// # Errors
/// Fails when a column cannot be converted.
pub fn to_text_views(columns: &[ArrayRef]) -> Result<Vec<ArrayRef>, ArrowError> {
    retyped(columns, views)
}

fn retyped(columns: &[ArrayRef], to: fn(&DataType) -> DataType) -> Result<Vec<ArrayRef>, ArrowError> {
    columns.iter().map(|column| cast(column, &to(column.data_type()))).collect()
}

#[cfg(test)]
mod tests {
    use arrow::array::{ListArray, StringViewArray, StructArray};
    use arrow::buffer::OffsetBuffer;

    use super::*;

    fn batch() -> RecordBatch {
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a"), None, Some("more than twelve bytes")]));
        let fields = vec![Field::new("t", DataType::Utf8View, true)];
        let pairs: ArrayRef = Arc::new(StructArray::new(fields.into(), vec![Arc::clone(&texts)], None));
        let item = Arc::new(Field::new("item", pairs.data_type().clone(), true));
        let lists = ListArray::new(item, OffsetBuffer::from_lengths([1, 0, 2]), Arc::clone(&pairs), None);
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let named = [("k", texts), ("n", numbers), ("p", pairs), ("l", Arc::new(lists))];
        RecordBatch::try_from_iter_with_nullable(named.map(|(name, column)| (name, column, true))).unwrap()
    }

    fn ended(part: usize, tally: u64) -> Vec<RecordBatch> {
        let wire = schema(&batch().schema());
        vec![to_wire(&wire, part, &batch()).unwrap(), tally_row(&wire, part, 3, &tally).unwrap()]
    }

    #[test]
    fn what_is_sent_is_received() {
        let (batches, tallies) = from_wire::<u64>([ended(1, 3), ended(0, 4)].concat(), 2).unwrap();
        assert_eq!(tallies, [4, 3]);
        let rows: Vec<&RecordBatch> = batches.iter().filter(|b| b.num_rows() > 0).collect();
        assert_eq!(rows, [&batch(), &batch()]);
    }

    #[test]
    fn a_part_counts_once() {
        for (batches, parts, why) in [
            ([ended(0, 3), ended(0, 3)].concat(), 2, "part 0 came twice"),
            (ended(1, 3), 2, "part 0 is missing"),
            (ended(2, 3), 2, "part 2 was not asked for"),
            (vec![batch()], 0, "the rows have no part numbers"),
            (ended(0, 3)[1..].to_vec(), 1, "some rows were lost or came twice"),
            ([&ended(0, 3)[..1], &ended(0, 3)].concat(), 1, "some rows were lost or came twice"),
            (
                [&ended(0, 3)[..1], &ended(0, 3)[1..], &ended(1, 3)[1..]].concat(),
                2,
                "some rows were lost or came twice",
            ),
        ] {
            let Err(ClusterFailure::Cluster(said)) = from_wire::<u64>(batches, parts) else { panic!("{why}") };
            assert!(said.ends_with(why), "{said}");
        }
    }
}
