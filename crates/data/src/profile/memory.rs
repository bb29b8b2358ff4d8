//! The memory limit of a run: whatever grows with the data reserves its memory before it is allocated.
//!
//! Grouping by key uses the same pool and spills to disk what does not fit. Everything else fails with E0714.

use std::collections::HashSet;
use std::sync::Arc;

use accolade_core::model::Type;
use accolade_parser::{Code, Diagnostic, Diagnostics, count};
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

/// The bytes that the program takes for any data: for its code, and for each thread for the batches that it works on.
const PROGRAM: u64 = 64 << 20;
const THREAD: u64 = 48 << 20;

/// The memory of a run.
#[derive(Clone, Debug)]
pub struct Memory {
    pool: Arc<dyn MemoryPool>,
    limit: Option<MemoryLimit>,
}

/// The error of a memory limit that is too small.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct MemoryExceeded(String);

impl From<MemoryExceeded> for Diagnostics {
    fn from(MemoryExceeded(message): MemoryExceeded) -> Diagnostics {
        Diagnostics::from(Diagnostic::new(Code::E0714, message).help(HELP))
    }
}

#[derive(Clone, Copy, Debug)]
struct MemoryLimit {
    whole: u64,
    /// What is left for data.
    data: u64,
}

/// A reservation of memory, which is released when it is dropped.
#[derive(Debug)]
pub struct Reservation {
    memory: Memory,
    reservation: MemoryReservation,
    what: &'static str,
}

/// The memory of a run with its reservations.
#[derive(Debug, Default)]
pub struct Reservations {
    /// The memory.
    pub memory: Memory,
    /// The reservations.
    pub reservations: Vec<Reservation>,
}

impl Default for Memory {
    /// Memory without a limit.
    fn default() -> Memory {
        Memory { pool: Arc::new(UnboundedMemoryPool::default()), limit: None }
    }
}

impl Memory {
    /// The memory of a run on `threads` threads that may take at most `limit` bytes.
    ///
    /// # Errors
    /// Fails with E0714 when the limit is too small for the program itself.
    pub(super) fn new(limit: Option<u64>, threads: usize) -> Result<Memory, Diagnostics> {
        let Some(whole) = limit else { return Ok(Memory::default()) };
        let own = PROGRAM + THREAD * threads as u64;
        let Some(data) = whole.checked_sub(own).filter(|data| *data > 0) else {
            let message = format!("the memory limit of {} is too small for any data", size(whole));
            let threads = count(threads, "thread");
            let help = format!("with {threads} the program itself takes about {}", size(own));
            return Err(Diagnostics::from(Diagnostic::new(Code::E0714, message).help(help)));
        };
        let pool = FairSpillPool::new(usize::try_from(data).unwrap_or(usize::MAX));
        Ok(Memory { pool: Arc::new(pool), limit: Some(MemoryLimit { whole, data }) })
    }

    /// Whether there is a limit.
    pub fn is_limited(&self) -> bool {
        self.limit.is_some()
    }

    /// A runtime for plans, which reserves memory from the same pool.
    pub(super) fn runtime(&self) -> Result<Arc<RuntimeEnv>, DataFusionError> {
        RuntimeEnvBuilder::new().with_memory_pool(Arc::clone(&self.pool)).build_arc()
    }

    /// An empty reservation. `what` names its use in error messages.
    pub fn reserve(&self, what: &'static str) -> Reservation {
        let reservation = MemoryConsumer::new(what).register(&self.pool);
        Reservation { memory: self.clone(), reservation, what }
    }

    /// The error of the memory limit, if that is why a plan failed.
    pub(super) fn exceeded(&self, error: &DataFusionError) -> Option<MemoryExceeded> {
        match (error.find_root(), self.limit) {
            (DataFusionError::External(error), _) => error.downcast_ref::<MemoryExceeded>().cloned(),
            (DataFusionError::ResourcesExhausted(_), Some(limit)) => Some(MemoryExceeded(format!(
                "the memory limit of {} is too small to group the events",
                size(limit.whole)
            ))),
            _ => None,
        }
    }
}

const HELP: &str = "the values of each customer must fit in memory, however many events there are; raise `--memory-limit`, or \
                    name fewer fields";

impl Reservation {
    /// Reserves `bytes` more bytes.
    ///
    /// # Errors
    /// Fails when the memory limit would be exceeded.
    pub fn grow(&self, bytes: usize) -> Result<(), MemoryExceeded> {
        if self.reservation.try_grow(bytes).is_ok() {
            return Ok(());
        }
        let limit = self.memory.limit.unwrap_or(MemoryLimit { whole: 0, data: 0 });
        let left = limit.data.saturating_sub(self.memory.pool.reserved() as u64);
        let (whole, more, left) = (size(limit.whole), size(bytes as u64), size(left));
        let what = self.what;
        Err(MemoryExceeded(format!(
            "the memory limit of {whole} is too small: {what} need {more} more, {left} are left"
        )))
    }

    /// Like [`grow`](Self::grow), with the error as a diagnostic (E0714).
    pub fn grow_or_report(&self, bytes: usize) -> Result<(), Diagnostics> {
        self.grow(bytes).map_err(Diagnostics::from)
    }

    /// The reserved bytes.
    pub(super) fn size(&self) -> usize {
        self.reservation.size()
    }

    /// Releases `bytes` bytes.
    pub fn shrink(&self, bytes: usize) {
        self.reservation.shrink(bytes.min(self.reservation.size()));
    }
}

/// The size of successive batches, in which a buffer that several of them share counts once.
#[derive(Debug, Default)]
pub(super) struct BatchSizes(HashSet<usize>);

impl BatchSizes {
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

/// The bytes for each row of a column of type `ty`; for texts, those of their views only.
pub fn bytes_per_row(ty: Type) -> usize {
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
        let mut weight = BatchSizes::default();
        assert_eq!(weight.add(&batch(column.slice(0, 10))), 8000);
        assert_eq!(weight.add(&batch(column.slice(500, 10))), 0);
        assert_eq!(weight.add(&batch(Arc::new(Int64Array::from_iter_values(0..1000)))), 8000);
    }

    #[test]
    fn rows_in_a_list_weigh_too() {
        let lists = [Some((0..1000).map(Some).collect::<Vec<_>>())];
        let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists));
        assert!(BatchSizes::default().add(&batch(lists)) >= 8000);
    }

    #[test]
    fn shares_are_given_back_and_one_that_does_not_fit_is_an_error() {
        let memory = Memory::new(Some(PROGRAM + THREAD + 1000), 1).unwrap();
        let share = memory.reserve("the keys");
        share.grow(900).unwrap();
        share.shrink(400);
        let other = memory.reserve("the rows");
        other.grow_or_report(500).unwrap();
        let message = "the memory limit of 112.0 MiB is too small: the rows need 2.0 KiB more, 0 B are left";
        assert_eq!(other.grow_or_report(2048).unwrap_err()[0].message, message);
        assert!(share.grow(1).is_err_and(|exceeded| exceeded.to_string().contains("the keys need 1 B more")));
        drop(other);
        share.grow(500).unwrap();
    }

    #[test]
    fn without_a_limit_there_is_room_for_everything() {
        let memory = Memory::new(None, 1).unwrap();
        memory.reserve("the rows").grow(usize::MAX / 4).unwrap();
    }

    #[test]
    fn the_limit_is_found_in_the_error_of_a_plan() {
        let limited = Memory::new(Some(PROGRAM + THREAD + 1000), 1).unwrap();
        let own = MemoryExceeded("the rows do not fit".to_owned());
        let of_share = DataFusionError::External(Box::new(own.clone())).context("while reading");
        assert_eq!(limited.exceeded(&of_share), Some(own));
        let of_pool = DataFusionError::ResourcesExhausted("no".to_owned());
        assert!(limited.exceeded(&of_pool).is_some_and(|exceeded| exceeded.to_string().contains("group the events")));
        assert_eq!(Memory::default().exceeded(&of_pool), None);
        assert_eq!(limited.exceeded(&DataFusionError::Execution("a value cannot be used".to_owned())), None);
    }
}
