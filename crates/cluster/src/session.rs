//! The settings of Ballista.

use ballista_core::extension::{SessionConfigExt, SessionConfigHelperExt};
use datafusion::prelude::{SessionConfig, SessionContext};

/// The largest message between machines in bytes. Grouped rows come in batches, but each batch holds whole texts.
pub(crate) const MAX_MESSAGE_BYTES: u32 = 256 << 20;

/// The most partitions in which customers are grouped. Each takes a little of every part.
const MAX_GROUP_PARTITIONS: usize = 64;

/// The session that makes plans over `parts` parts.
pub(crate) fn session(parts: usize, batch_size: usize) -> SessionContext {
    let config = SessionConfig::new_with_ballista()
        .ballista_restricted_configuration()
        .with_target_partitions(parts.clamp(1, MAX_GROUP_PARTITIONS))
        .with_batch_size(batch_size)
        .with_ballista_grpc_client_max_message_size(MAX_MESSAGE_BYTES as usize)
        // The client polls, so the next poll notices a scheduler that is gone.
        .set_bool("ballista.client.pull", true)
        .set_u64("ballista.client.grpc_connect_timeout_seconds", 5)
        // The ratio of a run on one machine.
        .set_str("datafusion.execution.skip_partial_aggregation_probe_ratio_threshold", "0.5");
    SessionContext::new_with_config(config)
}
