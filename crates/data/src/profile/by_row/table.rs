//! The cells of all customers, filled by several readers in parallel.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use hashbrown::HashMap;

use super::cells::CellInput;
use super::columns::CellColumn;
use super::narrow::NarrowAmounts;
use super::partition::PartitionedEvents;
use super::shard::{CellValues, Shard};

/// The buffers of a reader, reused from batch to batch.
#[derive(Default)]
pub(super) struct ReaderBuffers {
    partitioned: PartitionedEvents,
    narrow: NarrowAmounts,
}

/// The cells of all rows.
pub(super) struct CellTable<'c> {
    places: Vec<CellInput>,
    shards: Vec<Mutex<Shard<'c>>>,
    /// The binary logarithm of the rows of a shard.
    shift: u32,
    threads: usize,
}

/// The number of shards for each thread, large enough that two threads seldom need the same one.
const SHARDS_PER_THREAD: usize = 16;

impl<'c> CellTable<'c> {
    /// A table of the places' cells, as `cells_of` makes them.
    pub(super) fn new(places: Vec<CellInput>, cells: &'c mut [i64], threads: usize) -> CellTable<'c> {
        let (width, rows) = (places.len(), cells.len() / places.len());
        let shift = rows.div_ceil(SHARDS_PER_THREAD * threads.max(1)).next_power_of_two().trailing_zeros();
        let shards = cells.chunks_mut(width << shift);
        let shards = shards.map(|words| Mutex::new(Shard { words, width, overflow: HashMap::new() })).collect();
        CellTable { places, shards, shift, threads: threads.max(1) }
    }

    /// Adds the events of a batch. `rows` holds the row of each event. Readers begin at different shards.
    pub(super) fn add(&self, batch: &RecordBatch, rows: &[u32], work: &mut ReaderBuffers, reader: usize) {
        work.partitioned.partition(rows, self.shards.len(), self.shift);
        work.narrow.take(batch, &self.places);
        let count = self.shards.len();
        let first = reader * count / self.threads;
        for number in (0..count).map(|i| (first + i) % count) {
            let events = work.partitioned.of(number);
            if events.is_empty() {
                continue;
            }
            let mut shard = self.shards[number].lock().unwrap_or_else(PoisonError::into_inner);
            shard.prefetch(events);
            for (at, place) in self.places.iter().enumerate() {
                let input = batch.column(place.input);
                shard.add(CellValues { place, at, input, narrow: work.narrow.values(at) }, events);
            }
        }
    }

    /// Builds one column for each cell. `order` holds the row of each customer, if rows are not in the order of
    /// customers.
    pub(super) fn batch(self, order: Option<&[u32]>) -> Result<RecordBatch, ArrowError> {
        let shards: Vec<Shard> =
            self.shards.into_iter().map(|s| s.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
        let width = self.places.len();
        let (shards, places, shift) = (shards.as_slice(), self.places.as_slice(), self.shift);
        let threads = self.threads.min(width).max(1);
        let columns = std::thread::scope(|scope| {
            // Columns are assigned to the threads in turn.
            let some = |first: usize| {
                let mine = (first..width).step_by(threads);
                let words = |at: usize| CellColumn { shards, shift, place: &places[at], at, width, order };
                mine.map(|at| words(at).column()).collect::<Result<Vec<_>, _>>()
            };
            let making: Vec<_> = (0..threads).map(|first| scope.spawn(move || some(first))).collect();
            let stopped = || Err(ArrowError::ComputeError("a worker stopped".to_owned()));
            let made: Vec<Vec<ArrayRef>> =
                making.into_iter().map(|m| m.join().unwrap_or_else(|_| stopped())).collect::<Result<_, _>>()?;
            Ok::<_, ArrowError>((0..width).map(|at| Arc::clone(&made[at % threads][at / threads])).collect::<Vec<_>>())
        })?;
        let field =
            |(place, column): (&CellInput, &ArrayRef)| Field::new(&place.name, column.data_type().clone(), true);
        let schema = Schema::new(places.iter().zip(&columns).map(field).collect::<Vec<_>>());
        RecordBatch::try_new(Arc::new(schema), columns)
    }
}
