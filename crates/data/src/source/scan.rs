//! The parallel scan: parts of a file as streams of converted and prepared batches.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use accolade_core::progress::{Progress, ProgressEvent};
use arrow::array::{ArrayRef, BooleanArray};
use arrow::buffer::BooleanBuffer;
use arrow::compute::filter;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileScanConfigBuilder, FileSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::object_store::ObjectMeta;
use datafusion::object_store::path::Path as StorePath;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::ndjson::NdjsonLines;
use super::row_selection::{ConvertedRows, RawArrays, SelectedRows};
use super::rows::RowBatch;
use super::{OpenedSource, csv, csv_scan, row_selection};

/// A part of a source that can be read in parallel with the others.
#[derive(Clone, Debug)]
pub enum ScanPart {
    /// One partition of a plan.
    Plan(Arc<dyn ExecutionPlan>, usize),
    /// The lines of CSV that begin in a range of bytes, with the most lines of a batch.
    Csv(Arc<OpenedSource>, csv::CsvSyntax, Range<u64>, usize),
    /// The lines of NDJSON that begin in a range of bytes, with the most lines of a batch.
    NdjsonLines(Arc<OpenedSource>, Range<u64>, usize),
    /// All rows by the slow path, where there is no fast one.
    SlowPath(Arc<OpenedSource>),
    /// Parts one after the other.
    Chain(Vec<ScanPart>),
    /// The rows that can be used, by the slow path.
    UsableRows(Arc<OpenedSource>, BooleanBuffer),
}

/// A transformation of converted columns, in the order of declaration, into the batches that are needed.
pub trait Prepare: std::fmt::Debug + Send + Sync {
    /// The schema of the batches.
    fn schema(&self) -> &SchemaRef;

    /// Transforms `rows` converted rows into a batch.
    ///
    /// # Errors
    /// Fails when the columns do not have the types of the schema.
    fn prepare(&self, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, ArrowError>;

    /// Resets its counts.
    fn reset(&self) {}

    /// The day of the newest event that is not after the date of the run.
    fn newest(&self) -> Option<i32> {
        None
    }

    /// The number of rows after the date of the run.
    fn later(&self) -> u64 {
        0
    }

    /// Adds its counts to a tally.
    fn record_counts(&self, _tally: &mut ScanTally) {}

    /// Adds the counts of a tally, which come from another machine.
    fn merge_counts(&self, _tally: &ScanTally) {}
}

/// The counts of a scan, apart from its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanTally {
    /// Rows read, and left out.
    pub rows: SelectedRows,
    /// Events after the date of the run.
    pub future: u64,
    /// The day of the newest event that is not after it.
    pub newest: Option<i32>,
    /// Conditions that were neither true nor false.
    pub unknown: u64,
    /// Divisions by zero.
    pub divisions: u64,
    /// Results that were too large.
    pub overflows: u64,
    /// The positions of columns that occur in an object of JSON.
    pub seen: BTreeSet<usize>,
    /// The declared columns of which an amount was rounded.
    pub rounded: BTreeSet<usize>,
}

/// The numbers of rows read and left out; what is read is reported to an observer.
#[derive(Debug)]
pub struct RowCounter {
    read: AtomicU64,
    left_out: AtomicU64,
    undecided: AtomicU64,
    observer: Progress,
}

impl RowCounter {
    /// Counts of zero; every batch is reported to `observer`.
    pub fn reporting_to(observer: &Progress) -> RowCounter {
        let zero = || AtomicU64::new(0);
        RowCounter { read: zero(), left_out: zero(), undecided: zero(), observer: observer.clone() }
    }

    /// Counts rows of the source.
    pub fn add(&self, source: &str, rows: SelectedRows) {
        self.read.fetch_add(rows.read, Ordering::Relaxed);
        self.left_out.fetch_add(rows.left_out, Ordering::Relaxed);
        self.undecided.fetch_add(rows.undecided, Ordering::Relaxed);
        self.observer.emit(ProgressEvent::Rows { source, more: rows.read });
    }

    /// The counts so far.
    pub fn rows(&self) -> SelectedRows {
        SelectedRows {
            read: self.read.load(Ordering::Relaxed),
            left_out: self.left_out.load(Ordering::Relaxed),
            undecided: self.undecided.load(Ordering::Relaxed),
        }
    }
}

/// The scan of a file's columns at `positions`, in as many parts as there are threads if the file is large.
///
/// # Errors
/// Fails when the file cannot be opened. The error is the reason.
pub(super) fn file(
    path: &Path,
    source: Arc<dyn FileSource>,
    positions: &[usize],
    threads: usize,
    batch_size: usize,
) -> Result<Vec<ScanPart>, String> {
    let absolute = std::fs::canonicalize(path).map_err(|e| e.to_string())?;
    let size = std::fs::metadata(&absolute).map_err(|e| e.to_string())?.len();
    let location = StorePath::from_absolute_path(&absolute).map_err(|e| e.to_string())?;
    let meta = ObjectMeta { location, last_modified: chrono::DateTime::UNIX_EPOCH, size, e_tag: None, version: None };
    let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
        .with_file(PartitionedFile::from(meta))
        .with_projection_indices(Some(positions.to_vec()))
        .map_err(|e| e.to_string())?
        .with_batch_size(Some(batch_size))
        .build();
    let whole: Arc<dyn ExecutionPlan> = DataSourceExec::from_data_source(config);
    let split = whole.repartitioned(threads, &ConfigOptions::default()).map_err(|e| e.to_string())?;
    let plan = split.unwrap_or(whole);
    let count = plan.output_partitioning().partition_count();
    Ok((0..count).map(|i| ScanPart::Plan(Arc::clone(&plan), i)).collect())
}

/// A table of the parts' rows, transformed by `prepare`. Reading it fails at the first value that cannot be used.
///
/// # Errors
/// Fails when DataFusion does not accept the parts as a table.
pub fn table(
    opened: &Arc<OpenedSource>,
    parts: Vec<ScanPart>,
    prepare: &Arc<dyn Prepare>,
    counts: &Arc<RowCounter>,
) -> Result<StreamingTable> {
    let streams = parts.into_iter().map(|part| stream(opened, part, prepare, counts));
    StreamingTable::try_new(Arc::clone(prepare.schema()), streams.collect())
}

/// The stream of one part's rows, transformed by `prepare`.
pub fn stream(
    opened: &Arc<OpenedSource>,
    part: ScanPart,
    prepare: &Arc<dyn Prepare>,
    counts: &Arc<RowCounter>,
) -> Arc<dyn PartitionStream> {
    let (opened, prepare, counts) = (Arc::clone(opened), Arc::clone(prepare), Arc::clone(counts));
    Arc::new(PreparedPart { part, opened, prepare, counts })
}

#[derive(Debug)]
struct PreparedPart {
    part: ScanPart,
    opened: Arc<OpenedSource>,
    prepare: Arc<dyn Prepare>,
    counts: Arc<RowCounter>,
}

/// Columns with the number of rows.
enum PartBatch {
    /// As they are in the file.
    Raw(Vec<ArrayRef>, usize),
    /// Of their declared types, with values that can all be used, selected from so many rows.
    Converted(ConvertedRows),
}

type PartBatchStream = BoxStream<'static, Result<PartBatch>>;

impl ScanPart {
    fn batches(&self, context: &Arc<TaskContext>) -> Result<PartBatchStream> {
        Ok(match self {
            ScanPart::Plan(plan, partition) => {
                let batches = plan.execute(*partition, Arc::clone(context))?;
                batches.map_ok(|batch| PartBatch::Raw(batch.columns().to_vec(), batch.num_rows())).boxed()
            }
            ScanPart::Csv(source, layout, range, most) => {
                let scan = csv_scan::CsvScan::open(Arc::clone(source), *layout, range.clone(), *most)?;
                let converted = |batch: std::result::Result<ConvertedRows, String>| {
                    batch.map(PartBatch::Converted).map_err(DataFusionError::Execution)
                };
                futures::stream::iter(scan.map(converted)).boxed()
            }
            ScanPart::NdjsonLines(source, range, lines) => {
                all(source, NdjsonLines::open(Arc::clone(source), range.clone(), *lines)?)
            }
            ScanPart::SlowPath(source) => all(source, source.rows().map_err(DataFusionError::Execution)?),
            ScanPart::Chain(parts) => {
                // Each part is opened when the one before it ends.
                let context = Arc::clone(context);
                futures::stream::iter(parts.clone()).map(move |part| part.batches(&context)).try_flatten().boxed()
            }
            ScanPart::UsableRows(source, usable) => {
                let rows = source.rows().map_err(DataFusionError::Execution)?;
                let (source, usable, mut first) = (Arc::clone(source), usable.clone(), 0);
                let raw = move |rows: RowBatch| {
                    if let Some(why) = rows.failure {
                        return Err(DataFusionError::Execution(why));
                    }
                    let length = rows.numbers.len();
                    let keep = BooleanArray::new(usable.slice(first, length), None);
                    first += length;
                    let columns = rows.declared(&source.positions);
                    let kept = columns.iter().map(|column| filter(column, &keep)).collect::<Result<_, ArrowError>>()?;
                    Ok(PartBatch::Raw(kept, keep.true_count()))
                };
                futures::stream::iter(rows.map(raw)).boxed()
            }
        })
    }
}

/// All rows of a source, up to the first batch with a problem.
fn all(source: &Arc<OpenedSource>, rows: impl Iterator<Item = RowBatch> + Send + 'static) -> PartBatchStream {
    let source = Arc::clone(source);
    let raw = move |rows: RowBatch| match rows.first_problem(&source.positions) {
        Some(why) => Err(DataFusionError::Execution(why.to_owned())),
        None => Ok(PartBatch::Raw(rows.declared(&source.positions), rows.numbers.len())),
    };
    futures::stream::iter(rows.map(raw)).boxed()
}

impl PartitionStream for PreparedPart {
    fn schema(&self) -> &SchemaRef {
        self.prepare.schema()
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = Arc::clone(self.prepare.schema());
        let given = match self.part.batches(&context) {
            Ok(given) => given,
            Err(error) => futures::stream::once(futures::future::ready(Err(error))).boxed(),
        };
        let (opened, prepare, counts) = (Arc::clone(&self.opened), Arc::clone(&self.prepare), Arc::clone(&self.counts));
        let prepared = given.map(move |given| {
            let converted = match given? {
                PartBatch::Converted(converted) => converted,
                PartBatch::Raw(raw, rows) => {
                    row_selection::converted(&opened, &RawArrays(&raw, rows)).map_err(DataFusionError::Execution)?
                }
            };
            counts.add(&opened.name, converted.counts);
            Ok(prepare.prepare(converted.columns, converted.rows)?)
        });
        Box::pin(RecordBatchStreamAdapter::new(schema, prepared))
    }
}

/// A batch of `rows` rows. It may have no columns.
pub(super) fn batch(schema: SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> RecordBatch {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)
        .unwrap_or_else(|_| RecordBatch::new_empty(schema))
}
