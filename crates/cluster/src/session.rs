//! How Ballista is set.

use ballista_core::extension::{SessionConfigExt, SessionConfigHelperExt};
use datafusion::prelude::{SessionConfig, SessionContext};

/// The greatest message between machines: what is grouped comes in batches, but each holds whole texts.
pub(crate) const MESSAGE: u32 = 256 << 20;

/// Customers are grouped in so many groups at most; each takes a little of every part.
const GROUPS: usize = 64;

/// The session in which a plan over so many parts is made.
pub(crate) fn session(parts: usize, batch_size: usize) -> SessionContext {
    let config = SessionConfig::new_with_ballista()
        .ballista_restricted_configuration()
        .with_target_partitions(parts.clamp(1, GROUPS))
        .with_batch_size(batch_size)
        .with_ballista_grpc_client_max_message_size(MESSAGE as usize)
        // A scheduler that is gone is noticed by the next question.
        .set_bool("ballista.client.pull", true)
        .set_u64("ballista.client.grpc_connect_timeout_seconds", 5)
        // As when one machine groups alone.
        .set_str("datafusion.execution.skip_partial_aggregation_probe_ratio_threshold", "0.5");
    SessionContext::new_with_config(config)
}
