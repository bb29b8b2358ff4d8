//! The scheduler process, which hands out tasks.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::net::TcpListener;

use crate::codec::Codec;
use crate::session::MAX_MESSAGE_BYTES;
use crate::{LineLogger, executor};

/// The seconds without a heartbeat after which an executor is lost. A busy executor sends one every 5 seconds.
const EXECUTOR_TIMEOUT_SECONDS: u64 = 15;

/// How often lost executors are looked for, in seconds.
const EXPIRY_CHECK_SECONDS: u64 = 1;

/// The seconds after which the data and state of a finished job are removed.
const JOB_RETENTION_SECONDS: u64 = 300;

/// Runs a scheduler until the process is asked to stop.
///
/// # Errors
/// Fails with a one-line message when it cannot listen or the scheduler fails.
pub fn run_scheduler(listen: SocketAddr, tell: &LineLogger) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| format!("no threads could be started: {e}"))?;
    let result = runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|e| executor::cannot_listen(listen, &e))?;
        let listens = listener.local_addr().map_err(|e| executor::cannot_listen(listen, &e))?;
        let config = SchedulerConfig {
            bind_host: listens.ip().to_string(),
            bind_port: listens.port(),
            // Executors pull tasks, so they need to be reachable for results only.
            scheduling_policy: TaskSchedulingPolicy::PullStaged,
            executor_timeout_seconds: EXECUTOR_TIMEOUT_SECONDS,
            expire_dead_executor_interval_seconds: EXPIRY_CHECK_SECONDS,
            no_executors_grace_period_seconds: EXECUTOR_TIMEOUT_SECONDS,
            finished_job_data_clean_up_interval_seconds: JOB_RETENTION_SECONDS,
            finished_job_state_clean_up_interval_seconds: JOB_RETENTION_SECONDS,
            grpc_server_max_decoding_message_size: MAX_MESSAGE_BYTES,
            grpc_server_max_encoding_message_size: MAX_MESSAGE_BYTES,
            grpc_client_max_message_size: MAX_MESSAGE_BYTES,
            override_physical_codec: Some(Arc::new(Codec::default())),
            ..SchedulerConfig::default()
        };
        let failed = |e: ballista_core::error::BallistaError| format!("the scheduler failed: {e}");
        let cluster = BallistaCluster::new_from_config(&config).await.map_err(failed)?;
        let server = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config));
        let server = server.await.map_err(failed)?;
        tell(&format!("scheduler listens at df://{listens}"));
        tokio::select! {
            ended = start_grpc_service_with_listener(listener, server) => ended.map_err(failed),
            asked = executor::stop_signal() => asked,
        }
    });
    // Tasks still running have no client.
    runtime.shutdown_background();
    result
}
