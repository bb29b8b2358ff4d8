//! Listening for requests, and shutting down.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::connection::serve_connection;
use crate::control::ServiceHandle;
use crate::host::{Host, LoadedRules};
use crate::hosts::AllowedHosts;
use crate::state::{Access, RequestLimits, ServiceState};
use crate::token::BearerToken;
use crate::{reload, router};

/// The settings of the service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address it listens at; port 0 is any free port.
    pub listen: SocketAddr,
    /// The token that callers must send, if any.
    pub token: Option<BearerToken>,
    /// The hosts that requests may name without a token, besides this machine.
    pub allowed_hosts: Vec<String>,
    /// The limits on requests.
    pub limits: RequestLimits,
    /// The most connections at a time; more wait until one closes.
    pub connections: u32,
    /// How often files are checked for changes; never if absent.
    pub reload_interval: Option<Duration>,
    /// How long requests in progress may take once it is asked to stop.
    pub grace: Duration,
}

/// Serves until `control` asks it to stop. `listening` receives the address once requests are taken.
///
/// # Errors
/// Fails when it cannot listen at the address.
pub fn serve(
    settings: Settings,
    host: Box<dyn Host>,
    loaded: LoadedRules,
    control: &ServiceHandle,
    listening: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(run(settings, host, loaded, control, listening));
    // Work that outlasted its request ends with the process.
    runtime.shutdown_background();
    served
}

async fn run(
    settings: Settings,
    host: Box<dyn Host>,
    loaded: LoadedRules,
    control: &ServiceHandle,
    listening: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = TcpListener::bind(settings.listen).await?;
    let address = listener.local_addr()?;
    let access = match settings.token {
        Some(token) => Access::Token(token),
        None => Access::Hosts(AllowedHosts::new(settings.listen, &settings.allowed_hosts)),
    };
    let state = Arc::new(ServiceState::new(host, loaded, settings.limits, access));
    // Taken before the address is announced, so that a later change is not mistaken for what was loaded.
    let seen = reload::hash_files(&state.current().loaded.watched).await;
    let watching = tokio::spawn(reload::watch(Arc::clone(&state), control.clone(), settings.reload_interval, seen));
    listening(address);
    let connections = Arc::new(Semaphore::new(settings.connections as usize));
    accept(listener, &state, control, &connections).await;
    // Every permit is back once every connection is closed.
    let closed = connections.acquire_many(settings.connections);
    if tokio::time::timeout(settings.grace, closed).await.is_err() {
        state.host.log_event("requests still in progress were cut off");
    }
    watching.abort();
    Ok(())
}

/// Takes connections until the service is asked to stop.
async fn accept(
    mut listener: TcpListener,
    state: &Arc<ServiceState>,
    control: &ServiceHandle,
    connections: &Arc<Semaphore>,
) {
    let app = router::router(Arc::clone(state));
    let limit = state.limits.timeout;
    loop {
        let next = async {
            let permit = Arc::clone(connections).acquire_owned().await;
            (permit, Listener::accept(&mut listener).await.0)
        };
        let (permit, stream) = tokio::select! {
            next = next => next,
            () = control.stopped() => return,
        };
        let served = serve_connection(stream, app.clone(), Arc::clone(state), control.clone(), limit);
        tokio::spawn(async move {
            served.await;
            drop(permit);
        });
    }
}
