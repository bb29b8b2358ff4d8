//! Batches between machines: texts are held plainly, and a row without a key tells what a part found besides rows.
//!
//! A part that is read twice, because a machine is lost, is counted once: its tally goes with its rows. All columns but
//! [`TALLY`] are missing in the row that holds it, and grouping keeps it apart, for it is a key of the grouping.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, new_null_array};
use arrow::compute::{cast, filter_record_batch, is_null};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::cluster::Failure;

/// The name of the column of tallies.
pub const TALLY: &str = "tally";

/// The tally of a part.
#[derive(Serialize, Deserialize)]
struct OfPart<T> {
    part: usize,
    tally: T,
}

/// The columns of `schema` as they are between machines.
///
/// A view of a text carries the texts around it; to send them all with each batch would be too much.
pub fn schema(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|f| f.as_ref().clone().with_data_type(plain(f.data_type())));
    Arc::new(Schema::new(fields.chain([Field::new(TALLY, DataType::Utf8, true)]).collect::<Vec<_>>()))
}

fn plain(ty: &DataType) -> DataType {
    with_texts(ty, &DataType::Utf8)
}

fn views(ty: &DataType) -> DataType {
    with_texts(ty, &DataType::Utf8View)
}

/// A type with its texts, however deep they are, held as `text`.
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

/// A batch of a part as it goes to another machine.
///
/// # Errors
/// Columns that are not those of the schema.
pub fn send(schema: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut columns = plainly(batch.columns())?;
    columns.push(new_null_array(&DataType::Utf8, batch.num_rows()));
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// The row that ends a part.
///
/// # Errors
/// A tally that cannot be written.
pub fn end(schema: &SchemaRef, part: usize, tally: &impl Serialize) -> Result<RecordBatch, ArrowError> {
    let tally = serde_json::to_string(&OfPart { part, tally }).map_err(|e| ArrowError::ExternalError(e.into()))?;
    let of = |field: &Arc<Field>| -> ArrayRef {
        if field.name() == TALLY {
            return Arc::new(StringArray::from(vec![tally.as_str()]));
        }
        new_null_array(field.data_type(), 1)
    };
    RecordBatch::try_new(Arc::clone(schema), schema.fields().iter().map(of).collect())
}

/// What came back from `parts` parts: the batches without the tallies, and the tally of each part.
///
/// # Errors
/// A part that is not there once.
pub fn receive<T: DeserializeOwned>(
    batches: Vec<RecordBatch>,
    parts: usize,
) -> Result<(Vec<RecordBatch>, Vec<T>), Failure> {
    let broken = |why: String| Failure::Cluster(format!("it gave a result that is not whole: {why}"));
    let mut told: Vec<Option<T>> = (0..parts).map(|_| None).collect();
    let mut received = Vec::new();
    for batch in batches {
        let (at, tallies) = match batch.schema().index_of(TALLY) {
            Ok(at) => (at, batch.column(at).as_string::<i32>()),
            Err(_) => return Err(broken("it does not tell its parts".to_owned())),
        };
        for tally in tallies.iter().flatten() {
            let OfPart { part, tally } = serde_json::from_str(tally).map_err(|e| broken(e.to_string()))?;
            match told.get_mut(part) {
                Some(told @ None) => *told = Some(tally),
                Some(Some(_)) => return Err(broken(format!("part {part} came twice"))),
                None => return Err(broken(format!("part {part} was not asked for"))),
            }
        }
        let own = batch_without(&batch, at).map_err(|e| broken(e.to_string()))?;
        received.push(own);
    }
    let all = told.into_iter().enumerate();
    let all = all.map(|(part, tally)| tally.ok_or_else(|| broken(format!("part {part} is missing"))));
    Ok((received, all.collect::<Result<_, _>>()?))
}

/// The rows that tell no tally, without that column.
fn batch_without(batch: &RecordBatch, tally: usize) -> Result<RecordBatch, ArrowError> {
    let rows = is_null(batch.column(tally))?;
    let mut rest = filter_record_batch(batch, &rows)?;
    rest.remove_column(tally);
    let columns = as_views(rest.columns())?;
    let schema = rest.schema();
    let fields = schema.fields().iter().zip(&columns);
    let fields: Vec<Field> = fields.map(|(f, c)| f.as_ref().clone().with_data_type(c.data_type().clone())).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Columns with their texts held plainly, as they are between machines.
///
/// # Errors
/// Columns that cannot be held so.
pub fn plainly(columns: &[ArrayRef]) -> Result<Vec<ArrayRef>, ArrowError> {
    retyped(columns, plain)
}

/// Columns with their texts as views, as they are everywhere else.
///
/// # Errors
/// Columns that cannot be held so.
pub fn as_views(columns: &[ArrayRef]) -> Result<Vec<ArrayRef>, ArrowError> {
    retyped(columns, views)
}

fn retyped(columns: &[ArrayRef], to: fn(&DataType) -> DataType) -> Result<Vec<ArrayRef>, ArrowError> {
    columns.iter().map(|column| cast(column, &to(column.data_type()))).collect()
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int64Array, ListArray, StringViewArray, StructArray};
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

    fn ended(part: usize, rows: u64) -> Vec<RecordBatch> {
        let wire = schema(&batch().schema());
        vec![send(&wire, &batch()).unwrap(), end(&wire, part, &rows).unwrap()]
    }

    #[test]
    fn what_is_sent_is_received() {
        let (batches, tallies) = receive::<u64>([ended(1, 3), ended(0, 4)].concat(), 2).unwrap();
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
            (vec![batch()], 0, "it does not tell its parts"),
        ] {
            let Err(Failure::Cluster(said)) = receive::<u64>(batches, parts) else { panic!("{why}") };
            assert!(said.ends_with(why), "{said}");
        }
    }
}
