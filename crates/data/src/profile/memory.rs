//! How much may be in memory at once: whatever grows with the data takes its share before it is made.
//!
//! Grouping by key shares the pool and puts on disk what does not fit; the rest gives up in words.

use std::collections::HashSet;
use std::sync::Arc;

use accolade_core::model::Type;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{Array, ArrayData};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use bytesize::ByteSize;
use datafusion::common::DataFusionError;
use datafusion::execution::memory_pool::{
    FairSpillPool, MemoryConsumer, MemoryPool, MemoryReservation, UnboundedMemoryPool,
};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use thiserror::Error;

/// What the program takes whatever the data: its code, and for each thread what is being read, rated or written.
const PROGRAM: u64 = 64 << 20;
const THREAD: u64 = 48 << 20;

/// The memory of a run.
#[derive(Clone, Debug)]
pub struct Memory {
    pool: Arc<dyn MemoryPool>,
    limit: Option<Limit>,
}

/// A memory limit that is too small.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Exceeded(String);

impl From<Exceeded> for Diagnostics {
    fn from(Exceeded(message): Exceeded) -> Diagnostics {
        Diagnostics::from(Diagnostic::new(Code::E0714, message).help(HELP))
    }
}

#[derive(Clone, Copy, Debug)]
struct Limit {
    whole: u64,
    /// What is left for data.
    data: u64,
}

/// A share of the memory, given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    memory: Memory,
    reservation: MemoryReservation,
    what: &'static str,
}

/// Memory of which shares are held.
#[derive(Debug, Default)]
pub struct Held {
    /// The memory.
    pub memory: Memory,
    /// The shares that are held.
    pub shares: Vec<Share>,
}

impl Default for Memory {
    /// As much as there is.
    fn default() -> Memory {
        Memory { pool: Arc::new(UnboundedMemoryPool::default()), limit: None }
    }
}

impl Memory {
    /// The memory of a run on so many threads that is to take at most `limit` bytes.
    ///
    /// # Errors
    /// A limit that the program itself would not fit in.
    pub(super) fn new(limit: Option<u64>, threads: usize) -> Result<Memory, Diagnostics> {
        let Some(whole) = limit else { return Ok(Memory::default()) };
        let own = PROGRAM + THREAD * threads as u64;
        let Some(data) = whole.checked_sub(own).filter(|data| *data > 0) else {
            let message = format!("the memory limit of {} is too small for any data", size(whole));
            let s = if threads == 1 { "" } else { "s" };
            let help = format!("with {threads} thread{s} the program itself takes about {}", size(own));
            return Err(Diagnostics::from(Diagnostic::new(Code::E0714, message).help(help)));
        };
        let pool = FairSpillPool::new(usize::try_from(data).unwrap_or(usize::MAX));
        Ok(Memory { pool: Arc::new(pool), limit: Some(Limit { whole, data }) })
    }

    /// Whether there is a limit.
    pub fn is_limited(&self) -> bool {
        self.limit.is_some()
    }

    /// Where plans run.
    pub(super) fn runtime(&self) -> Result<Arc<RuntimeEnv>, DataFusionError> {
        RuntimeEnvBuilder::new().with_memory_pool(Arc::clone(&self.pool)).build_arc()
    }

    /// A share of nothing yet, for `what`.
    pub fn share(&self, what: &'static str) -> Share {
        let reservation = MemoryConsumer::new(what).register(&self.pool);
        Share { memory: self.clone(), reservation, what }
    }

    /// The limit that a plan found too small, if that is why it failed.
    pub(super) fn exceeded(&self, error: &DataFusionError) -> Option<Exceeded> {
        match (error.find_root(), self.limit) {
            (DataFusionError::External(error), _) => error.downcast_ref::<Exceeded>().cloned(),
            (DataFusionError::ResourcesExhausted(_), Some(limit)) => {
                Some(Exceeded(format!("the memory limit of {} is too small to group the events", size(limit.whole))))
            }
            _ => None,
        }
    }
}

const HELP: &str = "what is kept of each customer must fit, however many events there are; raise `--memory-limit`, or \
                    name fewer fields";

impl Share {
    /// Takes so many bytes more.
    ///
    /// # Errors
    /// That there is no room.
    pub fn grow(&self, bytes: usize) -> Result<(), Exceeded> {
        if self.reservation.try_grow(bytes).is_ok() {
            return Ok(());
        }
        let limit = self.memory.limit.unwrap_or(Limit { whole: 0, data: 0 });
        let left = limit.data.saturating_sub(self.memory.pool.reserved() as u64);
        let (whole, more, left) = (size(limit.whole), size(bytes as u64), size(left));
        let what = self.what;
        Err(Exceeded(format!("the memory limit of {whole} is too small: {what} need {more} more, {left} are left")))
    }

    /// As [`grow`](Self::grow), for those who are not the reader.
    pub fn must_grow(&self, bytes: usize) -> Result<(), Diagnostics> {
        self.grow(bytes).map_err(Diagnostics::from)
    }

    /// The bytes it has.
    pub(super) fn size(&self) -> usize {
        self.reservation.size()
    }

    /// Gives so many bytes back.
    pub fn shrink(&self, bytes: usize) {
        self.reservation.shrink(bytes.min(self.reservation.size()));
    }
}

/// The bytes of batches that come one after the other; what several of them share counts once.
#[derive(Debug, Default)]
pub(super) struct Weight(HashSet<usize>);

impl Weight {
    /// The bytes that a batch adds.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> usize {
        batch.columns().iter().map(|column| self.of(&column.to_data())).sum()
    }

    fn of(&mut self, data: &ArrayData) -> usize {
        let buffers = data.buffers().iter().chain(data.nulls().map(|nulls| nulls.buffer()));
        let new = buffers.filter(|buffer| self.0.insert(buffer.data_ptr().as_ptr() as usize));
        let own: usize = new.map(|buffer| buffer.capacity()).sum();
        own + data.child_data().iter().map(|child| self.of(child)).sum::<usize>()
    }
}

/// The bytes of a column of `ty` for each customer; of texts those of their views alone.
pub fn width(ty: Type) -> usize {
    match ty.arrow() {
        DataType::Boolean => 1,
        other => other.primitive_width().unwrap_or(16),
    }
}

fn size(bytes: u64) -> String {
    ByteSize(bytes).display().iec().to_string()
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, ListArray};
    use arrow::datatypes::Int64Type;

    use super::*;

    fn batch(column: ArrayRef) -> RecordBatch {
        RecordBatch::try_from_iter([("column", column)]).unwrap()
    }

    #[test]
    fn what_batches_share_weighs_once() {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1000));
        let mut weight = Weight::default();
        assert_eq!(weight.add(&batch(column.slice(0, 10))), 8000);
        assert_eq!(weight.add(&batch(column.slice(500, 10))), 0);
        assert_eq!(weight.add(&batch(Arc::new(Int64Array::from_iter_values(0..1000)))), 8000);
    }

    #[test]
    fn rows_in_a_list_weigh_too() {
        let lists = [Some((0..1000).map(Some).collect::<Vec<_>>())];
        let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists));
        assert!(Weight::default().add(&batch(lists)) >= 8000);
    }

    #[test]
    fn shares_are_given_back_and_one_that_does_not_fit_is_an_error() {
        let memory = Memory::new(Some(PROGRAM + THREAD + 1000), 1).unwrap();
        let share = memory.share("the keys");
        share.grow(900).unwrap();
        share.shrink(400);
        let other = memory.share("the rows");
        other.must_grow(500).unwrap();
        let message = "the memory limit of 112.0 MiB is too small: the rows need 2.0 KiB more, 0 B are left";
        assert_eq!(other.must_grow(2048).unwrap_err()[0].message, message);
        assert!(share.grow(1).is_err_and(|exceeded| exceeded.to_string().contains("the keys need 1 B more")));
        drop(other);
        share.grow(500).unwrap();
    }

    #[test]
    fn without_a_limit_there_is_room_for_everything() {
        let memory = Memory::new(None, 1).unwrap();
        memory.share("the rows").grow(usize::MAX / 4).unwrap();
    }

    #[test]
    fn the_limit_is_found_in_the_error_of_a_plan() {
        let limited = Memory::new(Some(PROGRAM + THREAD + 1000), 1).unwrap();
        let own = Exceeded("the rows do not fit".to_owned());
        let of_share = DataFusionError::External(Box::new(own.clone())).context("while reading");
        assert_eq!(limited.exceeded(&of_share), Some(own));
        let of_pool = DataFusionError::ResourcesExhausted("no".to_owned());
        assert!(limited.exceeded(&of_pool).is_some_and(|exceeded| exceeded.to_string().contains("group the events")));
        assert_eq!(Memory::default().exceeded(&of_pool), None);
        assert_eq!(limited.exceeded(&DataFusionError::Execution("a value cannot be used".to_owned())), None);
    }
}
