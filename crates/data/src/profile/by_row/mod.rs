//! Aggregation by row, for customers that are known before their events. Each event is added to the row of its
//! customer, so no groups are built, moved or joined.
//!
//! Rows are divided into shards with a lock each. A batch is sorted by shard, so that each lock is taken once per
//! batch. The cells of a row are contiguous: an event touches one or two cache lines, however many aggregates there
//! are.

mod cells;
mod columns;
mod narrow;
mod partition;
mod shard;
mod table;

use std::sync::Arc;

use accolade_core::model::Aggregate;
use arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use self::cells::{CellInput, initial_cells};
use self::table::{CellTable, ReaderBuffers};
use super::error::ReadError;
use super::index::{FoundRows, Index};
use super::memory::Reservation;

/// Whether the aggregates of a source can be computed by row.
pub(super) fn can_group_by_row(aggregates: &[&Aggregate]) -> bool {
    !aggregates.is_empty() && cells::cell_inputs(aggregates).is_some()
}

/// The parts of the aggregates, one row for each customer in the order of their keys.
///
/// # Errors
/// Fails when an event cannot be read or its customer is unknown, and when the memory limit is exceeded.
pub(super) fn group(
    session: &SessionContext,
    runtime: &tokio::runtime::Runtime,
    table: Arc<dyn TableProvider>,
    aggregates: &[&Aggregate],
    index: &Index,
    share: &Reservation,
) -> Result<RecordBatch, ReadError> {
    let places =
        cells::cell_inputs(aggregates).ok_or_else(|| ReadError::retry("an aggregate cannot be kept by row"))?;
    let words = index.len() * places.len() * size_of::<i64>();
    let made: usize = places.iter().map(|place| index.len() * place.width()).sum();
    share.grow(words + made)?;
    let read = read(session, runtime, table, places, index);
    share.shrink(if read.is_ok() { words } else { words + made });
    read
}

fn read(
    session: &SessionContext,
    runtime: &tokio::runtime::Runtime,
    table: Arc<dyn TableProvider>,
    places: Vec<CellInput>,
    index: &Index,
) -> Result<RecordBatch, ReadError> {
    let streams = runtime
        .block_on(async { session.read_table(table)?.execute_stream_partitioned().await })
        .map_err(ReadError::retry)?;
    let mut cells = initial_cells(&places, index.len());
    let table = CellTable::new(places, &mut cells, streams.len());
    let read = |(number, mut stream): (usize, SendableRecordBatchStream)| {
        let (mut found, mut work) = (FoundRows::default(), ReaderBuffers::default());
        while let Some(batch) = runtime.block_on(stream.next()) {
            let batch = batch.map_err(ReadError::retry)?;
            if !index.find(batch.column(0), &mut found) {
                return Err(ReadError::retry("an event is of an unknown customer"));
            }
            table.add(&batch, &found.rows, &mut work, number);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let reading: Vec<_> = streams.into_iter().enumerate().map(|part| scope.spawn(|| read(part))).collect();
        let ended = reading.into_iter().map(|r| r.join().unwrap_or_else(|_| Err(ReadError::retry("a reader stopped"))));
        ended.collect::<Vec<Result<(), ReadError>>>().into_iter().collect::<Result<(), ReadError>>()
    })?;
    table.batch(index.order()).map_err(ReadError::retry)
}
