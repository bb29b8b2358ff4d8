//! The client: it has the rule file, sends plans to a scheduler and receives the rows.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use accolade_engine::profile::{Cluster, ClusterFailure, ClusterTable, PlanQuery, wire};
use accolade_engine::run::{RatingCluster, RatingCounts, RatingTask};
use accolade_engine::{Inputs, RuleSet, SourceFiles};
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::Schema;
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use datafusion::common::DataFusionError;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionContext;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::TryStreamExt;
use serde::de::IgnoredAny;
use tokio::runtime::Runtime;

use crate::address::Address;
use crate::codec::Codec;
use crate::job::{Job, JobTask};
use crate::pieces;
use crate::session::session;
use crate::table::TaskTable;
use crate::task_request::TaskRequest;

/// The most times that a plan is sent. It is sent again when machines are lost with results they had finished.
const ATTEMPTS: usize = 3;

/// How long a job may wait for executors.
const NO_EXECUTORS_TIMEOUT: Duration = Duration::from_secs(60);
/// How often executors are looked for.
const EXECUTOR_POLL_INTERVAL: Duration = Duration::from_secs(5);

/// A run's connection to a cluster.
#[derive(Debug)]
pub struct ClusterClient<'a> {
    scheduler: Address,
    set: &'a RuleSet,
    job: Arc<Job>,
    /// The folder that all machines see, if there is one.
    shared: Option<PathBuf>,
    runtime: Runtime,
    sent: AtomicUsize,
}

impl<'a> ClusterClient<'a> {
    /// Connects to a scheduler. Its executors rate rules with scripts if there is a folder that they share.
    ///
    /// # Errors
    /// Fails with a one-line message when the folder does not exist, no executor joins or the job cannot be made.
    pub fn connect(
        scheduler: Address,
        set: &'a RuleSet,
        files: &SourceFiles,
        inputs: &Inputs,
        shared: Option<PathBuf>,
    ) -> Result<ClusterClient<'a>, String> {
        let shared = shared.map(|folder| {
            let whole = std::path::absolute(&folder).ok().filter(|whole| whole.is_dir());
            whole.ok_or_else(|| format!("`{}` is not a folder", folder.display()))
        });
        let shared = shared.transpose()?;
        let job = Arc::new(Job::new(files, inputs)?);
        scheduler.wait_for_executors()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| format!("no threads could be started: {e}"))?;
        Ok(ClusterClient { scheduler, set, job, shared, runtime, sent: AtomicUsize::new(0) })
    }

    fn order(&self, task: JobTask, schema: Arc<Schema>) -> Result<Arc<TaskTable>, ClusterFailure> {
        let order = Arc::new(TaskRequest::new(&self.job, task, &schema)?);
        Ok(Arc::new(TaskTable { order, schema }))
    }

    /// The rows of a query over a table that executors read.
    fn run_query(&self, ordered: Arc<TaskTable>, query: PlanQuery) -> Result<Vec<RecordBatch>, ClusterFailure> {
        let parts = ordered.order.task.parts();
        let session = session(parts, self.job.batch_size);
        let plan = async { query(&session, ordered)?.create_physical_plan().await };
        let failed = |e: DataFusionError| ClusterFailure::Cluster(e.strip_backtrace());
        let plan = self.runtime.block_on(plan).map_err(failed)?;
        let mut attempt = 1;
        loop {
            let (why, last) = match self.runtime.block_on(self.run_watched(&session, &plan)) {
                Ok(Ok(rows)) => match wire::tallies::<IgnoredAny>(&rows, parts) {
                    Ok(_) => return Ok(rows),
                    Err(failure) if attempt == ATTEMPTS => return Err(failure),
                    Err(failure) => (format!("{failure:?}"), false),
                },
                Ok(Err(error)) => (error.strip_backtrace(), attempt == ATTEMPTS),
                Err(why) => (why, true),
            };
            match ClusterFailure::found_in(&why) {
                Some(failure) => return Err(failure),
                None if last => return Err(ClusterFailure::Cluster(why)),
                None => attempt += 1,
            }
            self.scheduler.wait_for_executors().map_err(ClusterFailure::Cluster)?;
        }
    }

    /// Runs a plan; fails when there have been no executors for [`NO_EXECUTORS_TIMEOUT`], as Ballista would wait for them forever.
    async fn run_watched(
        &self,
        session: &SessionContext,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Result<Result<Vec<RecordBatch>, DataFusionError>, String> {
        let watch = async {
            let (mut since, mut why) = (Instant::now(), String::new());
            while since.elapsed() < NO_EXECUTORS_TIMEOUT {
                tokio::time::sleep(EXECUTOR_POLL_INTERVAL).await;
                let scheduler = self.scheduler.clone();
                match tokio::task::spawn_blocking(move || scheduler.check_ready()).await {
                    Ok(Err(now)) => why = now,
                    _ => since = Instant::now(),
                }
            }
            why
        };
        tokio::select! {
            rows = self.run(session, plan) => Ok(rows),
            why = watch => Err(why),
        }
    }

    async fn run(
        &self,
        session: &SessionContext,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Result<Vec<RecordBatch>, DataFusionError> {
        let config = session.copied_config();
        let name = format!("{}-{}", self.job.run, self.sent.fetch_add(1, Ordering::Relaxed));
        let (url, ballista, plan) = (self.scheduler.url(), config.ballista_config(), Arc::clone(plan));
        let codec = Codec::default();
        let rows = execute_physical_plan::<PhysicalPlanNode>(url, &ballista, plan, &codec, name, config).await?;
        rows.try_collect().await
    }
}

impl Cluster for ClusterClient<'_> {
    fn collect(&self, table: &ClusterTable, query: PlanQuery) -> Result<Vec<RecordBatch>, ClusterFailure> {
        let task = JobTask::Read { source: table.source, division: table.division.clone() };
        self.run_query(self.order(task, Arc::clone(&table.schema))?, query)
    }
}

impl RatingCluster for ClusterClient<'_> {
    fn takes_pieces(&self) -> bool {
        self.shared.is_some()
    }

    fn rate(&self, work: &RatingTask) -> Result<(Vec<ArrayRef>, RatingCounts), ClusterFailure> {
        let Some(shared) = &self.shared else {
            return Err(ClusterFailure::Cluster("there is no folder that all machines see".to_owned()));
        };
        let folder = tempfile::Builder::new().prefix("accolade-").tempdir_in(shared);
        let folder =
            folder.map_err(|e| ClusterFailure::Cluster(format!("`{}` cannot be written: {e}", shared.display())))?;
        pieces::write(self.set, work, folder.path()).map_err(ClusterFailure::Cluster)?;
        let cut_offs = serde_yaml::to_string(work.cut_offs).map_err(|e| ClusterFailure::Cluster(e.to_string()))?;
        let parts = pieces::piece_count(work.frame.rows);
        let task = JobTask::Rate { step: work.step, cut_offs, folder: folder.path().to_owned(), parts };
        let schema = wire::schema(&pieces::schema(self.set, work.outputs));
        let batches = self.run_query(self.order(task, schema)?, &|session, table| session.read_table(table))?;
        pieces::join_outputs(batches, self.set, work)
    }
}
