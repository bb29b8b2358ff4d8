//! The parallel scan: parts of a file as streams of converted and prepared batches.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
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
use futures::StreamExt;

use super::Opened;

/// A part of a source that can be read at the same time as the others.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// One partition of a plan.
    Plan(Arc<dyn ExecutionPlan>, usize),
    /// Batches that are in memory.
    Memory(Vec<RecordBatch>),
}

/// What is made of converted columns, in the order they are declared.
pub(crate) trait Prepare: std::fmt::Debug + Send + Sync {
    /// The columns it gives.
    fn schema(&self) -> &SchemaRef;

    /// The batch it makes of `rows` converted rows.
    fn prepare(&self, columns: Vec<ArrayRef>, rows: usize) -> RecordBatch;

    /// Forgets what it counted.
    fn reset(&self) {}
}

/// What a scan counted.
#[derive(Debug, Default)]
pub(crate) struct Converted {
    rows: AtomicU64,
    unusable: AtomicU64,
}

impl Converted {
    /// Rows read.
    pub(crate) fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Values that cannot be used.
    pub(crate) fn unusable(&self) -> u64 {
        self.unusable.load(Ordering::Relaxed)
    }
}

/// The scan of a file's columns at `positions`, in as many parts as there are threads if the file is large.
pub(super) fn file(
    path: &Path,
    source: Arc<dyn FileSource>,
    positions: &[usize],
    threads: usize,
    batch_size: usize,
) -> Result<Vec<Part>, String> {
    let absolute = std::fs::canonicalize(path).map_err(|e| e.to_string())?;
    let size = std::fs::metadata(&absolute).map_err(|e| e.to_string())?.len();
    let location = StorePath::from_absolute_path(&absolute).map_err(|e| e.to_string())?;
    let meta = ObjectMeta { location, last_modified: chrono::DateTime::UNIX_EPOCH, size, e_tag: None, version: None };
    let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
        .with_file(PartitionedFile::from(meta))
        .with_projection_indices(Some(positions.to_vec()))
        .and_then(|builder| Ok(builder.with_batch_size(Some(batch_size)).build()))
        .map_err(|e| e.to_string())?;
    let whole: Arc<dyn ExecutionPlan> = DataSourceExec::from_data_source(config);
    let split = whole.repartitioned(threads, &ConfigOptions::default()).map_err(|e| e.to_string())?;
    let plan = split.unwrap_or(whole);
    let count = plan.output_partitioning().partition_count();
    Ok((0..count).map(|i| Part::Plan(Arc::clone(&plan), i)).collect())
}

/// A table of what `prepare` makes of the parts' rows.
pub(crate) fn table(
    opened: &Opened,
    parts: Vec<Part>,
    prepare: &Arc<dyn Prepare>,
    counts: &Arc<Converted>,
) -> Result<StreamingTable> {
    let streams = parts.into_iter().map(|part| {
        let stream = PreparedPart {
            part,
            converters: opened.converters.clone().into(),
            prepare: Arc::clone(prepare),
            counts: Arc::clone(counts),
        };
        Arc::new(stream) as Arc<dyn PartitionStream>
    });
    StreamingTable::try_new(Arc::clone(prepare.schema()), streams.collect())
}

#[derive(Debug)]
struct PreparedPart {
    part: Part,
    converters: Arc<[super::Converter]>,
    prepare: Arc<dyn Prepare>,
    counts: Arc<Converted>,
}

impl PartitionStream for PreparedPart {
    fn schema(&self) -> &SchemaRef {
        self.prepare.schema()
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = Arc::clone(self.prepare.schema());
        let raw: SendableRecordBatchStream = match &self.part {
            Part::Plan(plan, partition) => match plan.execute(*partition, context) {
                Ok(stream) => stream,
                Err(error) => {
                    let failed = futures::stream::once(futures::future::ready(Err(error)));
                    return Box::pin(RecordBatchStreamAdapter::new(schema, failed));
                }
            },
            Part::Memory(batches) => {
                let batches: Vec<Result<RecordBatch>> = batches.iter().cloned().map(Ok).collect();
                Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&schema), futures::stream::iter(batches)))
            }
        };
        let (converters, prepare, counts) =
            (Arc::clone(&self.converters), Arc::clone(&self.prepare), Arc::clone(&self.counts));
        let prepared = raw.map(move |batch| {
            let batch = batch?;
            let mut columns = Vec::with_capacity(converters.len());
            for (converter, raw) in converters.iter().zip(batch.columns()) {
                let (values, problems) = converter.convert(raw);
                counts.unusable.fetch_add(problems.len() as u64, Ordering::Relaxed);
                columns.push(values);
            }
            counts.rows.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
            Ok(prepare.prepare(columns, batch.num_rows()))
        });
        Box::pin(RecordBatchStreamAdapter::new(schema, prepared))
    }
}

/// A batch of columns that may all be missing values; columns and names have the same order.
pub(super) fn batch(names: impl Iterator<Item = String>, columns: Vec<ArrayRef>, rows: usize) -> RecordBatch {
    let fields: Vec<Field> =
        names.zip(&columns).map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(Schema::empty())))
}
