//! Reading a source on a machine of a cluster: one part at a time, in any order, any number of times.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use accolade_core::location::Location;
use accolade_core::model::{Demand, SourceRole};
use accolade_core::progress::Progress;
use datafusion::common::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt, stream};

use super::cluster::{ClusterFailure, Division};
use super::customers::CustomerColumns;
use super::events::EventPreparation;
use super::load::aggregates_of;
use super::wire;
use crate::source;
use crate::source::{OpenedSource, Prepare, Reading, RowCounter, ScanPart, ScanTally, Snapshots};

/// A source that has been opened to read parts of it.
#[derive(Debug)]
pub struct SourceScan {
    demand: Arc<Demand>,
    source: usize,
    as_of: i32,
    opened: Arc<OpenedSource>,
    parts: Vec<ScanPart>,
}

impl SourceScan {
    /// Opens the source with this index in the rule set, with the division into parts that all machines use.
    ///
    /// # Errors
    /// Fails when the source cannot be opened or its files differ from those that were divided.
    pub fn open(
        demand: Arc<Demand>,
        source: usize,
        location: &Location,
        as_of: i32,
        batch_size: usize,
        division: &Division,
    ) -> Result<SourceScan, ClusterFailure> {
        let Some(described) = demand.sources.get(source) else {
            return Err(ClusterFailure::Cluster(format!("there is no source {source} in the rule set")));
        };
        let name = &described.name;
        let unusable =
            |why: String| ClusterFailure::Cluster(format!("`{name}` cannot be read on one of its machines: {why}"));
        let (opened, _) = source::open_scanned(
            described,
            location,
            &Reading { as_of, aliases: None },
            &mut Snapshots::default(),
            &division.breaks_in_quotes,
        )
        .map_err(|findings| unusable(findings.first().map_or(String::new(), |f| f.message.clone())))?;
        let bytes = opened.total_bytes().map_err(|e| unusable(e.to_string()))?;
        let parts = opened.parts(division.parts_per_file, batch_size).map_err(unusable)?;
        if (bytes, parts.len()) != (division.bytes, division.parts) {
            return Err(unusable("its files differ there".to_owned()));
        }
        Ok(SourceScan { demand, source, as_of, opened, parts })
    }

    /// The prepared rows of a part, followed by its tally.
    ///
    /// # Errors
    /// Fails for a part number out of range, and when a period leaves the calendar.
    pub fn read(&self, part: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream, ClusterFailure> {
        let cluster = |what: &str| ClusterFailure::Cluster(what.to_owned());
        let own = self.parts.get(part).cloned().ok_or_else(|| cluster("it requested a part that does not exist"))?;
        let prepare = self.prepare().ok_or_else(|| cluster("a period reaches beyond the calendar"))?;
        let counts = Arc::new(RowCounter::reporting_to(&Progress::default()));
        let rows = source::stream(&self.opened, own, &prepare, &counts).execute(without_work_stealing(&context));
        let wire = wire::schema(prepare.schema());
        let (sent, ending, opened) = (Arc::clone(&wire), Arc::clone(&wire), Arc::clone(&self.opened));
        // Not every row that is read is sent.
        let number = Arc::new(AtomicU64::new(0));
        let numbered = Arc::clone(&number);
        let rows = rows.map(move |batch| {
            let batch = batch?;
            numbered.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
            Ok(wire::to_wire(&sent, part, &batch)?)
        });
        let end = stream::once(async move {
            let mut tally = ScanTally { rows: counts.rows(), ..ScanTally::default() };
            prepare.record_counts(&mut tally);
            opened.record_columns(&mut tally);
            Ok(wire::tally_row(&ending, part, number.load(Ordering::Relaxed), &tally)?)
        });
        let marked = |e: DataFusionError| DataFusionError::Execution(ClusterFailure::Data(e.to_string()).marked());
        let all = rows.chain(end).map(move |batch: Result<_, DataFusionError>| batch.map_err(marked));
        Ok(Box::pin(RecordBatchStreamAdapter::new(wire, all)))
    }

    /// The transformation of the rows. Each reading has its own, since it counts.
    fn prepare(&self) -> Option<Arc<dyn Prepare>> {
        let (demand, source) = (self.demand.as_ref(), self.source);
        Some(match demand.sources[source].role {
            SourceRole::Customers { .. } => Arc::new(CustomerColumns::new(demand, &demand.sources[source])),
            SourceRole::Aliases { .. } => return None,
            SourceRole::Events { .. } => {
                Arc::new(EventPreparation::new(demand, source, &aggregates_of(demand, source).1, self.as_of)?)
            }
        })
    }
}

/// A context without work stealing. Partitions of one plan would otherwise take each other's files, and a second
/// reading of a part would find no rows.
fn without_work_stealing(context: &TaskContext) -> Arc<TaskContext> {
    let config = context.session_config().clone();
    let config = config.set_bool("datafusion.execution.enable_file_stream_work_stealing", false);
    Arc::new(TaskContext::default().with_session_config(config).with_runtime(context.runtime_env()))
}
