//! An order to another machine: a task of a job, and how it is sent.

use std::sync::Arc;

use accolade_engine::profile::ClusterFailure;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use datafusion::common::{DataFusionError, Result};
use serde::{Deserialize, Serialize};

use crate::job::{Job, JobTask};

/// The prefix of everything that accolade encodes.
const MAGIC: &[u8] = b"accolade\n";

/// A task of a job, as it is sent to other machines.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TaskRequest {
    /// The version of accolade, which must be the same on all machines: the layout of rows may differ between versions.
    version: String,
    pub(crate) job: Arc<Job>,
    pub(crate) task: JobTask,
    /// The schema of its rows, in Arrow's IPC format.
    schema: Vec<u8>,
}

#[derive(Deserialize)]
struct Versioned {
    version: String,
}

impl TaskRequest {
    pub(crate) fn new(job: &Arc<Job>, task: JobTask, schema: &Schema) -> Result<TaskRequest, ClusterFailure> {
        let unwritten = |e: arrow::error::ArrowError| ClusterFailure::Cluster(e.to_string());
        let mut writer = StreamWriter::try_new(Vec::new(), schema).map_err(unwritten)?;
        writer.finish().map_err(unwritten)?;
        let schema = writer.into_inner().map_err(unwritten)?;
        Ok(TaskRequest { version: env!("CARGO_PKG_VERSION").to_owned(), job: Arc::clone(job), task, schema })
    }

    /// The schema of its rows.
    pub(crate) fn schema(&self) -> Result<SchemaRef> {
        Ok(StreamReader::try_new(self.schema.as_slice(), None)?.schema())
    }

    /// Encodes the order.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(MAGIC);
        serde_json::to_writer(out, self).map_err(|e| DataFusionError::External(e.into()))
    }

    /// Decodes an order; `None` if the bytes are not accolade's.
    pub(crate) fn decode(text: &[u8]) -> Option<Result<TaskRequest>> {
        let text = text.strip_prefix(MAGIC)?;
        let refused = |why: String| DataFusionError::Execution(ClusterFailure::Cluster(why).marked());
        let read = || {
            let Versioned { version } = serde_json::from_slice(text).map_err(|e| refused(e.to_string()))?;
            let own = env!("CARGO_PKG_VERSION");
            if version != own {
                let message = "its machines run different versions of accolade";
                return Err(refused(format!("{message}: a job of {version} was sent to a machine with {own}")));
            }
            serde_json::from_slice(text).map_err(|e| refused(e.to_string()))
        };
        Some(read())
    }
}
