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
use crate::session::MESSAGE;
use crate::{Tell, executor};

/// The seconds without a heartbeat after which an executor is lost. A busy executor sends one every 5 seconds.
const LOST: u64 = 15;

/// How often lost executors are looked for, in seconds.
const LOOK: u64 = 1;

/// The seconds after which the data and state of a finished job are removed.
const FORGET: u64 = 300;

/// Runs a scheduler until the process is asked to stop.
///
/// # Errors
/// Fails with a one-line message when it cannot listen or the scheduler fails.
pub fn schedule(listen: SocketAddr, tell: &Tell) -> Result<(), String> {
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
            executor_timeout_seconds: LOST,
            expire_dead_executor_interval_seconds: LOOK,
            no_executors_grace_period_seconds: LOST,
            finished_job_data_clean_up_interval_seconds: FORGET,
            finished_job_state_clean_up_interval_seconds: FORGET,
            grpc_server_max_decoding_message_size: MESSAGE,
            grpc_server_max_encoding_message_size: MESSAGE,
            grpc_client_max_message_size: MESSAGE,
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
            asked = executor::asked_to_stop() => asked,
        }
    });
    // Tasks still running have no client.
    runtime.shutdown_background();
    result
}
