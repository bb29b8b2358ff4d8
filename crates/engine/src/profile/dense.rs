//! Grouping where the customers are known before their events: each event finds the row of its customer, and what
//! the aggregates need is kept by row. No groups are looked up, moved or joined.
//!
//! Rows are dealt to shards, each behind a lock of its own; a batch is sorted by shard, so that a lock is taken once a
//! batch. All cells of a row lie together: an event touches one or two lines of the cache, however many aggregates
//! there are.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, PrimitiveBuilder};
use arrow::datatypes::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Field, Int64Type, Schema, TimestampMicrosecondType,
};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use hashbrown::HashMap;

use super::cells::{self, Cell, Place};
use super::index::{Found, Index};
use super::memory::{Share, width};
use crate::model::types::PRECISION;
use crate::model::{Aggregate, Type};

/// Whether the aggregates of a source can be kept by row.
pub(super) fn suits(aggregates: &[&Aggregate]) -> bool {
    !aggregates.is_empty() && cells::places(aggregates).is_some()
}

/// What aggregates need, one row for each customer in the order of their keys.
///
/// # Errors
/// What kept an event from being read or from being counted, in words.
pub(super) fn group(
    session: &SessionContext,
    runtime: &tokio::runtime::Runtime,
    table: Arc<dyn TableProvider>,
    aggregates: &[&Aggregate],
    index: &Index,
    share: &Share,
) -> Result<RecordBatch, String> {
    let places = cells::places(aggregates).ok_or("an aggregate cannot be kept by row")?;
    let words = index.len() * places.len() * size_of::<i64>();
    let made: usize = places.iter().map(|place| index.len() * width(place.ty)).sum();
    share.grow(words + made)?;
    let streams = runtime
        .block_on(async { session.read_table(table)?.execute_stream_partitioned().await })
        .map_err(|e| e.to_string())?;
    let mut cells = cells_of(&places, index.len());
    let sheet = Sheet::new(places, &mut cells, streams.len());
    let read = |(number, mut stream): (usize, SendableRecordBatchStream)| {
        let (mut found, mut dealt) = (Found::default(), Dealt::default());
        while let Some(batch) = runtime.block_on(stream.next()) {
            let batch = batch.map_err(|e| e.to_string())?;
            if !index.find(batch.column(0), &mut found) {
                return Err("an event is of an unknown customer".to_owned());
            }
            sheet.add(&batch, &found.rows, &mut dealt, number);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let reading: Vec<_> = streams.into_iter().enumerate().map(|part| scope.spawn(|| read(part))).collect();
        let ended = reading.into_iter().map(|r| r.join().unwrap_or_else(|_| Err("a reader stopped".to_owned())));
        ended.collect::<Vec<Result<(), String>>>().into_iter().collect::<Result<(), String>>()
    })?;
    let batch = sheet.batch().map_err(|e| e.to_string())?;
    share.shrink(words);
    Ok(batch)
}

/// The events of a batch, dealt to shards.
#[derive(Default)]
struct Dealt {
    /// Events and their rows within the shard, shard by shard.
    sorted: Vec<(u32, u32)>,
    /// Where each shard begins in `sorted`.
    begins: Vec<usize>,
}

/// The cells of all rows.
struct Sheet<'c> {
    places: Vec<Place>,
    shards: Vec<Mutex<Shard<'c>>>,
    /// A shard has two to this power rows.
    shift: u32,
    threads: usize,
}

/// The cells of some rows.
struct Shard<'c> {
    words: &'c mut [i64],
    /// What does not fit its word, by the word's place.
    aside: HashMap<usize, i128>,
}

/// The shards there are for each thread: enough that two threads seldom want the same.
const SHARDS_PER_THREAD: usize = 16;

/// Cells before there are events: in one piece, which the system gets back as soon as it is not needed.
fn cells_of(places: &[Place], rows: usize) -> Vec<i64> {
    places.iter().map(|place| place.cell.start()).collect::<Vec<i64>>().repeat(rows)
}

impl<'c> Sheet<'c> {
    fn new(places: Vec<Place>, cells: &'c mut [i64], threads: usize) -> Sheet<'c> {
        let rows = cells.len() / places.len();
        let shift = rows.div_ceil(SHARDS_PER_THREAD * threads.max(1)).next_power_of_two().trailing_zeros();
        let shards = cells.chunks_mut(places.len() << shift);
        let shards = shards.map(|words| Mutex::new(Shard { words, aside: HashMap::new() })).collect();
        Sheet { places, shards, shift, threads: threads.max(1) }
    }

    /// Adds the events of a batch; readers begin at different shards.
    fn add(&self, batch: &RecordBatch, rows: &[u32], dealt: &mut Dealt, reader: usize) {
        dealt.deal(rows, self.shards.len(), self.shift);
        let count = self.shards.len();
        let first = reader * count / self.threads;
        for number in (0..count).map(|i| (first + i) % count) {
            let events = &dealt.sorted[dealt.begins[number]..dealt.begins[number + 1]];
            if events.is_empty() {
                continue;
            }
            let mut shard = self.shards[number].lock().unwrap_or_else(PoisonError::into_inner);
            for (at, place) in self.places.iter().enumerate() {
                shard.add(place, at, self.places.len(), batch.column(place.input), events);
            }
        }
    }

    /// One column for each cell.
    fn batch(self) -> Result<RecordBatch, ArrowError> {
        let shards: Vec<Shard> =
            self.shards.into_iter().map(|s| s.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
        let width = self.places.len();
        let (places, threads) = (self.places.as_slice(), self.threads.min(width).max(1));
        let columns = std::thread::scope(|scope| {
            // Columns are dealt to the threads in turn.
            let some = |first: usize| {
                let mine = (first..width).step_by(threads);
                mine.map(|at| column(&places[at], at, width, &shards)).collect::<Result<Vec<_>, _>>()
            };
            let making: Vec<_> = (0..threads).map(|first| scope.spawn(move || some(first))).collect();
            let stopped = || Err(ArrowError::ComputeError("a worker stopped".to_owned()));
            let made: Vec<Vec<ArrayRef>> =
                making.into_iter().map(|m| m.join().unwrap_or_else(|_| stopped())).collect::<Result<_, _>>()?;
            Ok::<_, ArrowError>((0..width).map(|at| Arc::clone(&made[at % threads][at / threads])).collect::<Vec<_>>())
        })?;
        let field = |(place, column): (&Place, &ArrayRef)| Field::new(&place.name, column.data_type().clone(), true);
        let schema = Schema::new(places.iter().zip(&columns).map(field).collect::<Vec<_>>());
        RecordBatch::try_new(Arc::new(schema), columns)
    }
}

impl Dealt {
    fn deal(&mut self, rows: &[u32], shards: usize, shift: u32) {
        self.begins.clear();
        self.begins.resize(shards + 1, 0);
        for row in rows {
            self.begins[(row >> shift) as usize + 1] += 1;
        }
        for shard in 0..shards {
            self.begins[shard + 1] += self.begins[shard];
        }
        self.sorted.resize(rows.len(), (0, 0));
        let mask = (1u32 << shift) - 1;
        let mut next = self.begins.clone();
        for (event, row) in (0u32..).zip(rows) {
            let place = &mut next[(row >> shift) as usize];
            self.sorted[*place] = (event, row & mask);
            *place += 1;
        }
    }
}

impl Shard<'_> {
    fn add(&mut self, place: &Place, at: usize, width: usize, input: &ArrayRef, events: &[(u32, u32)]) {
        match (place.cell, place.ty) {
            (Cell::Count, _) => self.each(place.cell, at, width, input, events, |_| 1),
            (_, Type::Money) => {
                let values = input.as_primitive::<Decimal128Type>().values();
                self.each(place.cell, at, width, input, events, |event| values[event]);
            }
            (_, Type::Date) => {
                let values = input.as_primitive::<Date32Type>().values();
                self.each(place.cell, at, width, input, events, |event| i128::from(values[event]));
            }
            (_, Type::DateTime) => {
                let values = input.as_primitive::<TimestampMicrosecondType>().values();
                self.each(place.cell, at, width, input, events, |event| i128::from(values[event]));
            }
            _ => {
                let values = input.as_primitive::<Int64Type>().values();
                self.each(place.cell, at, width, input, events, |event| i128::from(values[event]));
            }
        }
    }

    /// Adds the values of the events that have one.
    fn each(
        &mut self,
        cell: Cell,
        at: usize,
        width: usize,
        input: &ArrayRef,
        events: &[(u32, u32)],
        value: impl Fn(usize) -> i128,
    ) {
        let nulls = input.nulls();
        for (event, row) in events {
            let (event, word) = (*event as usize, *row as usize * width + at);
            if nulls.is_some_and(|nulls| nulls.is_null(event)) {
                continue;
            }
            let value = value(event);
            if !cell.put(&mut self.words[word], value) {
                self.keep_aside(cell, word, value);
            }
        }
    }

    #[cold]
    fn keep_aside(&mut self, cell: Cell, word: usize, value: i128) {
        let kept = self.aside.get(&word).map_or(value, |kept| cell.both(*kept, value));
        self.aside.insert(word, kept);
    }
}

/// The column of a cell. Sums are decimals of the most digits, as those of other groupings are.
fn column(place: &Place, at: usize, width: usize, shards: &[Shard<'_>]) -> Result<ArrayRef, ArrowError> {
    let whole = |value: i128| i64::try_from(value).ok();
    let of = Cells { shards, cell: place.cell, at, width };
    Ok(match (place.cell, place.ty) {
        (Cell::Count, _) => Arc::new(of.array::<Int64Type>(whole)),
        (_, Type::Money) => Arc::new(of.array::<Decimal128Type>(Some).with_data_type(Type::Money.arrow())),
        (Cell::Sum, _) => Arc::new(of.array::<Decimal128Type>(Some).with_precision_and_scale(PRECISION, 0)?),
        (_, Type::Date) => Arc::new(of.array::<Date32Type>(|value| i32::try_from(value).ok())),
        (_, Type::DateTime) => Arc::new(of.array::<TimestampMicrosecondType>(whole)),
        _ => Arc::new(of.array::<Int64Type>(whole)),
    })
}

/// The words of one cell in all shards.
struct Cells<'a> {
    shards: &'a [Shard<'a>],
    cell: Cell,
    at: usize,
    width: usize,
}

impl Cells<'_> {
    fn array<T: ArrowPrimitiveType>(&self, native: impl Fn(i128) -> Option<T::Native>) -> PrimitiveArray<T> {
        let rows = self.shards.iter().map(|shard| shard.words.len() / self.width).sum();
        let mut builder = PrimitiveBuilder::<T>::with_capacity(rows);
        for shard in self.shards {
            for word in (self.at..shard.words.len()).step_by(self.width) {
                let aside = if shard.aside.is_empty() { None } else { shard.aside.get(&word).copied() };
                builder.append_option(self.cell.value(shard.words[word], aside).and_then(&native));
            }
        }
        builder.finish()
    }
}
