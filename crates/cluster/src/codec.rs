//! The encoding of plans that are sent between machines.

use std::sync::Arc;

use accolade_engine::profile::{distinct_count, number_aggregates};
use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::common::Result;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::AggregateUDF;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};

use crate::leaf::PartsExec;
use crate::worker::Worker;

/// The codec of Ballista's nodes, and of accolade's node and aggregate functions.
#[derive(Debug, Default)]
pub(crate) struct Codec {
    ballista: BallistaPhysicalExtensionCodec,
    worker: Option<Arc<Worker>>,
}

impl Codec {
    /// The codec of an executor.
    pub(crate) fn with(worker: Arc<Worker>) -> Codec {
        Codec { worker: Some(worker), ..Codec::default() }
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        text: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match PartsExec::decode(text, inputs, self.worker.as_ref()) {
            Some(parts) => Ok(Arc::new(parts?)),
            None => self.ballista.try_decode(text, inputs, context, converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        out: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        match node.downcast_ref::<PartsExec>() {
            Some(parts) => parts.encode(out),
            None => self.ballista.try_encode(node, out, converter),
        }
    }

    fn try_decode_udaf(&self, name: &str, text: &[u8]) -> Result<Arc<AggregateUDF>> {
        match own_aggregates().find(|own| own.name() == name) {
            Some(own) => Ok(Arc::new(own)),
            None => self.ballista.try_decode_udaf(name, text),
        }
    }

    fn try_encode_udaf(&self, node: &AggregateUDF, out: &mut Vec<u8>) -> Result<()> {
        let is_own = own_aggregates().any(|own| own.name() == node.name());
        if is_own { Ok(()) } else { self.ballista.try_encode_udaf(node, out) }
    }
}

/// The aggregate functions that plans know by name alone.
fn own_aggregates() -> impl Iterator<Item = AggregateUDF> {
    number_aggregates().into_iter().chain([distinct_count()])
}
