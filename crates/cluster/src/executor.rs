//! The executor process, which runs tasks.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use tokio::signal;

use crate::address::Address;
use crate::codec::Codec;
use crate::session::MAX_MESSAGE_BYTES;
use crate::worker::Worker;
use crate::{LineLogger, MakePlugins};

/// The settings of an executor.
#[derive(Clone, Debug)]
pub struct ExecutorSettings {
    /// The scheduler it works for.
    pub scheduler: Address,
    /// The address at which clients and other executors fetch finished results; port 0 is any free port.
    pub listen: SocketAddr,
    /// The number of tasks that it runs at the same time.
    pub threads: usize,
    /// The folder of finished results; if absent, a temporary folder that is deleted when the process ends.
    pub work_dir: Option<PathBuf>,
}

/// Runs an executor until the process is asked to stop. `tell` receives the address it listens at, `task` the begin and
/// end of each task.
///
/// # Errors
/// Fails with a one-line message when it cannot listen, reach the scheduler or write to its folder.
pub fn run_executor(
    executor: &ExecutorSettings,
    plugins: MakePlugins,
    tell: &LineLogger,
    task: &LineLogger,
) -> Result<(), String> {
    let listen = with_free_port(executor.listen).map_err(|e| cannot_listen(executor.listen, &e))?;
    executor.scheduler.wait_for_scheduler()?;
    let unwritable = |what: &str, e: io::Error| format!("{what} cannot be written: {e}");
    let own;
    let folder = match &executor.work_dir {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|e| unwritable(&format!("`{}`", folder.display()), e))?;
            folder.as_path()
        }
        None => {
            own = tempfile::Builder::new().prefix("accolade-executor-").tempdir();
            own.as_ref().map_err(|e| format!("the folder for results cannot be written: {e}"))?.path()
        }
    };
    let Some(folder) = folder.to_str() else { return Err(format!("`{}` is not UTF-8", folder.display())) };
    let worker = Arc::new(Worker::new(plugins, Arc::clone(task)));
    let host = listen.ip();
    let config = ExecutorProcessConfig {
        bind_host: if host.is_ipv6() { format!("[{host}]") } else { host.to_string() },
        // If it listens at all addresses, the scheduler takes the one that it connects from.
        external_host: (!host.is_unspecified()).then(|| host.to_string()),
        port: listen.port(),
        scheduler_host: executor.scheduler.host.clone(),
        scheduler_port: executor.scheduler.port,
        scheduler_connect_timeout_seconds: 10,
        vcores: executor.threads.max(1),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(folder.to_owned()),
        grpc_max_decoding_message_size: MAX_MESSAGE_BYTES,
        grpc_max_encoding_message_size: MAX_MESSAGE_BYTES,
        override_physical_codec: Some(Arc::new(Codec::with(worker))),
        ..ExecutorProcessConfig::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| format!("no threads could be started: {e}"))?;
    tell(&format!(
        "executor listens at {listen}, runs {} tasks at a time for {}",
        executor.threads.max(1),
        executor.scheduler
    ));
    let ended = runtime.block_on(start_executor_process(Arc::new(config)));
    runtime.shutdown_background();
    ended.map_err(|e| format!("the executor failed: {e}"))
}

/// The address with a port that is free.
fn with_free_port(listen: SocketAddr) -> io::Result<SocketAddr> {
    TcpListener::bind(listen)?.local_addr()
}

pub(crate) fn cannot_listen(listen: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!("another process listens at {listen}; choose a port with `--listen`"),
        _ => format!("cannot listen at {listen}: {error}"),
    }
}

/// Waits for a signal to stop.
#[cfg(unix)]
pub(crate) async fn stop_signal() -> Result<(), String> {
    let terminate = signal::unix::signal(signal::unix::SignalKind::terminate());
    let mut terminate = terminate.map_err(|e| format!("signals cannot be received: {e}"))?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = signal::ctrl_c() => interrupted.map_err(|e| format!("signals cannot be received: {e}")),
    }
}

/// Waits for a signal to stop.
#[cfg(not(unix))]
pub(crate) async fn asked_to_stop() -> Result<(), String> {
    signal::ctrl_c().await.map_err(|e| format!("signals cannot be received: {e}"))
}
