//! The leaf of a plan that only a machine with accolade can run.
//!
//! Ballista gives a task some partitions of a stage by restricting the leaves it knows. So the numbers of the parts are
//! rows of such a leaf, one in each partition, and a node above it turns each number into the rows of that part.

use std::fmt;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, UInt64Type};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning, PlanProperties,
};
use futures::{StreamExt, TryStreamExt, stream};

use crate::job::JobTask;
use crate::task_request::TaskRequest;
use crate::worker::Worker;

/// The node that turns the part numbers from its input into the rows of these parts.
#[derive(Debug)]
pub(crate) struct PartsExec {
    order: Arc<TaskRequest>,
    numbers: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
    /// The worker that makes the rows; `None` except on an executor.
    worker: Option<Arc<Worker>>,
}

impl PartsExec {
    /// All parts of an order.
    pub(crate) fn all(order: Arc<TaskRequest>) -> Result<PartsExec> {
        let schema = Arc::new(Schema::new(vec![Field::new("part", DataType::UInt64, false)]));
        let numbers = 0..order.task.parts() as u64;
        let row = |number: u64| {
            let column: ArrayRef = Arc::new(UInt64Array::from(vec![number]));
            Ok(vec![RecordBatch::try_new(Arc::clone(&schema), vec![column])?])
        };
        let partitions = numbers.map(row).collect::<Result<Vec<_>>>()?;
        let numbers = MemorySourceConfig::try_new_exec(&partitions, Arc::clone(&schema), None)?;
        PartsExec::over(order, numbers, None)
    }

    fn over(
        order: Arc<TaskRequest>,
        numbers: Arc<dyn ExecutionPlan>,
        worker: Option<Arc<Worker>>,
    ) -> Result<PartsExec> {
        let partitioning = Partitioning::UnknownPartitioning(numbers.output_partitioning().partition_count());
        let equivalence = EquivalenceProperties::new(order.schema()?);
        let properties =
            PlanProperties::new(equivalence, partitioning, EmissionType::Incremental, Boundedness::Bounded);
        Ok(PartsExec { order, numbers, properties: Arc::new(properties), worker })
    }

    /// Encodes the node without its input.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.order.encode(out)
    }

    /// Decodes a node; `None` if the bytes are not accolade's.
    pub(crate) fn decode(
        text: &[u8],
        below: &[Arc<dyn ExecutionPlan>],
        worker: Option<&Arc<Worker>>,
    ) -> Option<Result<PartsExec>> {
        let parts = |order| match below {
            [numbers] => PartsExec::over(Arc::new(order), Arc::clone(numbers), worker.cloned()),
            _ => internal_err!("parts have one input"),
        };
        Some(TaskRequest::decode(text)?.and_then(parts))
    }
}

impl DisplayAs for PartsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.order.task {
            JobTask::Read { source, .. } => write!(f, "Parts: source {source}"),
            JobTask::Rate { step, .. } => write!(f, "Parts: step {step}"),
        }
    }
}

impl ExecutionPlan for PartsExec {
    fn name(&self) -> &'static str {
        "Parts"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.numbers]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match <[_; 1]>::try_from(children) {
            Ok([numbers]) => Ok(Arc::new(PartsExec::over(Arc::clone(&self.order), numbers, self.worker.clone())?)),
            Err(_) => internal_err!("parts have one input"),
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let Some(worker) = self.worker.clone() else { return internal_err!("parts are read by executors only") };
        let numbers = self.numbers.execute(partition, Arc::clone(&context))?;
        let order = Arc::clone(&self.order);
        let rows = numbers.map_ok(move |batch| {
            let numbers = batch.column(0).as_primitive::<UInt64Type>().values().to_vec();
            let (worker, order, context) = (Arc::clone(&worker), Arc::clone(&order), Arc::clone(&context));
            let of_part = move |number: u64| {
                worker
                    .part(&order, usize::try_from(number).unwrap_or(usize::MAX), &context)
                    .map_err(|failure| DataFusionError::Execution(failure.marked()))
            };
            stream::iter(numbers).then(move |number| futures::future::ready(of_part(number))).try_flatten()
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), rows.try_flatten())))
    }
}

#[cfg(test)]
mod tests {
    use accolade_engine::profile::ClusterFailure;

    use super::*;
    use crate::job::Job;

    #[test]
    fn a_job_of_another_version_is_refused() {
        let schema = Schema::new(vec![Field::new("k", DataType::Utf8, true)]);
        let job = Arc::new(Job::empty());
        let task = JobTask::Rate { step: 0, cut_offs: String::new(), folder: "nowhere".into(), parts: 3 };
        let parts = PartsExec::all(Arc::new(TaskRequest::new(&job, task, &schema).unwrap())).unwrap();
        let mut text = Vec::new();
        parts.encode(&mut text).unwrap();
        let below = [Arc::clone(&parts.numbers)];
        let same = PartsExec::decode(&text, &below, None).unwrap().unwrap();
        assert_eq!((same.schema().as_ref(), same.properties().partitioning.partition_count()), (&schema, 3));
        let own = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
        let other = String::from_utf8(text).unwrap().replace(&own, "\"version\":\"9.9.9\"");
        let refused = PartsExec::decode(other.as_bytes(), &below, None).unwrap().unwrap_err();
        let Some(ClusterFailure::Cluster(why)) = ClusterFailure::found_in(&format!("{refused:?}")) else {
            panic!("{refused}")
        };
        assert!(why.contains("a job of 9.9.9 was sent to a machine with "), "{why}");
        assert!(PartsExec::decode(b"what Ballista sends", &below, None).is_none());
    }
}
