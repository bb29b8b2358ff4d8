//! The worker of an executor: it reads parts and rates pieces, with rule sets that it compiles itself.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use accolade_engine::RuleSet;
use accolade_engine::profile::{ClusterFailure, SourceScan};
use datafusion::common::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt, stream};

use crate::job::{Job, JobTask};
use crate::task_request::TaskRequest;
use crate::{LineLogger, MakePlugins, pieces};

/// The most runs that are kept ready at the same time. The oldest run beyond it has to be prepared again.
const MAX_ACTIVE_RUNS: usize = 8;

/// The runs that an executor works for.
pub(crate) struct Worker {
    plugins: MakePlugins,
    tell: LineLogger,
    runs: Mutex<VecDeque<(String, Arc<ActiveRun>)>>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

/// A run in progress: its rule set and its sources, each prepared when it is first needed.
#[derive(Debug)]
struct ActiveRun {
    set: OnceLock<Result<Arc<RuleSet>, ClusterFailure>>,
    sources: Vec<OnceLock<Result<Arc<SourceScan>, ClusterFailure>>>,
}

impl Worker {
    pub(crate) fn new(plugins: MakePlugins, tell: LineLogger) -> Worker {
        Worker { plugins, tell, runs: Mutex::default() }
    }

    /// The rows of a part of an order.
    pub(crate) fn part(
        &self,
        order: &TaskRequest,
        part: usize,
        context: &Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream, ClusterFailure> {
        let TaskRequest { job, task, .. } = order;
        let run = self.run(job);
        let set = run.set.get_or_init(|| job.rule_set(&(self.plugins)())).clone()?;
        let what = format!("part {} of {} of {}", part + 1, task.parts(), subject(&set, task));
        (self.tell)(&format!("begun: {what}"));
        let rows = match task {
            JobTask::Read { source, division } => {
                let scan = run.sources.get(*source).ok_or_else(|| unknown(*source))?;
                let scan = scan.get_or_init(|| {
                    let location = job.location(*source).ok_or_else(|| unknown(*source))?;
                    SourceScan::open(
                        Arc::new(set.demand.clone()),
                        *source,
                        &location,
                        job.as_of,
                        job.batch_size,
                        division,
                    )
                    .map(Arc::new)
                });
                scan.clone()?.read(part, Arc::clone(context))?
            }
            JobTask::Rate { step, cut_offs, folder, .. } => {
                pieces::rate_piece_file(&set, *step, cut_offs, folder, part, job.as_of)?
            }
        };
        let (schema, tell) = (rows.schema(), Arc::clone(&self.tell));
        let end = stream::once(async move {
            tell(&format!("done: {what}"));
            None::<Result<_, DataFusionError>>
        });
        let told = rows.map(Some).chain(end).filter_map(futures::future::ready);
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, told)))
    }

    /// The run of a job, created when it is first needed.
    fn run(&self, job: &Job) -> Arc<ActiveRun> {
        let mut runs = self.runs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, run)) = runs.iter().find(|(name, _)| *name == job.run) {
            return Arc::clone(run);
        }
        let sources = (0..job.sources()).map(|_| OnceLock::new()).collect();
        let run = Arc::new(ActiveRun { set: OnceLock::new(), sources });
        runs.push_front((job.run.clone(), Arc::clone(&run)));
        runs.truncate(MAX_ACTIVE_RUNS);
        run
    }
}

fn unknown(source: usize) -> ClusterFailure {
    ClusterFailure::Cluster(format!("an executor was not given the location of source {source}"))
}

/// The name of the source or step of a task.
fn subject(set: &RuleSet, task: &JobTask) -> String {
    let name = match task {
        JobTask::Read { source, .. } => set.demand.sources.get(*source).map(|source| source.name.as_str()),
        JobTask::Rate { step, .. } => set.steps.get(*step).map(|step| step.name(set)),
    };
    format!("`{}`", name.unwrap_or("?"))
}
