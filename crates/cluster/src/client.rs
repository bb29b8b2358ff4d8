//! The client: it has the rule file, sends plans to a scheduler and receives the rows.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use accolade_engine::profile::{Cluster, ClusterFailure, PlanQuery, ClusterTable, wire};
use accolade_engine::run::{Counted, RatingCluster, Work};
use accolade_engine::{SourceFiles, Inputs, RuleSet};
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
use crate::job::{Job, Task};
use crate::order::Order;
use crate::pieces;
use crate::session::session;
use crate::table::Ordered;

/// The most times that a plan is sent. It is sent again when machines are lost with results they had finished.
const ATTEMPTS: usize = 3;

/// How long a job may wait for executors.
const ALONE: Duration = Duration::from_secs(60);
/// How often executors are looked for.
const LOOK: Duration = Duration::from_secs(5);

/// A run's connection to a cluster.
#[derive(Debug)]
pub struct Client<'a> {
    scheduler: Address,
    set: &'a RuleSet,
    job: Arc<Job>,
    /// The folder that all machines see, if there is one.
    shared: Option<PathBuf>,
    runtime: Runtime,
    sent: AtomicUsize,
}

impl<'a> Client<'a> {
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
    ) -> Result<Client<'a>, String> {
        let shared = shared.map(|folder| {
            let whole = std::path::absolute(&folder).ok().filter(|whole| whole.is_dir());
            whole.ok_or_else(|| format!("`{}` is not a folder", folder.display()))
        });
        let shared = shared.transpose()?;
        let job = Arc::new(Job::new(files, inputs)?);
        scheduler.wait_for_executors()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|e| format!("no threads could be started: {e}"))?;
        Ok(Client { scheduler, set, job, shared, runtime, sent: AtomicUsize::new(0) })
    }

    fn order(&self, task: Task, schema: Arc<Schema>) -> Result<Arc<Ordered>, ClusterFailure> {
        let order = Arc::new(Order::new(&self.job, task, &schema)?);
        Ok(Arc::new(Ordered { order, schema }))
    }

    /// The rows of a query over a table that executors read.
    fn rows(&self, ordered: Arc<Ordered>, query: PlanQuery) -> Result<Vec<RecordBatch>, ClusterFailure> {
        let parts = ordered.order.task.parts();
        let session = session(parts, self.job.batch_size);
        let plan = async { query(&session, ordered)?.create_physical_plan().await };
        let failed = |e: DataFusionError| ClusterFailure::Cluster(e.strip_backtrace());
        let plan = self.runtime.block_on(plan).map_err(failed)?;
        let mut attempt = 1;
        loop {
            let (why, last) = match self.runtime.block_on(self.watched(&session, &plan)) {
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

    /// Runs a plan; fails when there have been no executors for [`ALONE`], as Ballista would wait for them forever.
    async fn watched(
        &self,
        session: &SessionContext,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Result<Result<Vec<RecordBatch>, DataFusionError>, String> {
        let watch = async {
            let (mut since, mut why) = (Instant::now(), String::new());
            while since.elapsed() < ALONE {
                tokio::time::sleep(LOOK).await;
                let scheduler = self.scheduler.clone();
                match tokio::task::spawn_blocking(move || scheduler.now()).await {
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

impl Cluster for Client<'_> {
    fn collect(&self, table: &ClusterTable, query: PlanQuery) -> Result<Vec<RecordBatch>, ClusterFailure> {
        let task = Task::Read { source: table.source, division: table.division.clone() };
        self.rows(self.order(task, Arc::clone(&table.schema))?, query)
    }
}

impl RatingCluster for Client<'_> {
    fn takes_pieces(&self) -> bool {
        self.shared.is_some()
    }

    fn rate(&self, work: &Work) -> Result<(Vec<ArrayRef>, Counted), ClusterFailure> {
        let Some(shared) = &self.shared else {
            return Err(ClusterFailure::Cluster("there is no folder that all machines see".to_owned()));
        };
        let folder = tempfile::Builder::new().prefix("accolade-").tempdir_in(shared);
        let folder = folder.map_err(|e| ClusterFailure::Cluster(format!("`{}` cannot be written: {e}", shared.display())))?;
        pieces::write(self.set, work, folder.path()).map_err(ClusterFailure::Cluster)?;
        let cut_offs = serde_yaml::to_string(work.cut_offs).map_err(|e| ClusterFailure::Cluster(e.to_string()))?;
        let parts = pieces::count(work.frame.rows);
        let task = Task::Rate { step: work.step, cut_offs, folder: folder.path().to_owned(), parts };
        let schema = wire::schema(&pieces::schema(self.set, work.outputs));
        let batches = self.rows(self.order(task, schema)?, &|session, table| session.read_table(table))?;
        pieces::received(batches, self.set, work)
    }
}
