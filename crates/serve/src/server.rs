//! Listening for requests, and shutting down.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::control::ServiceHandle;
use crate::host::{Host, LoadedRules};
use crate::state::{RequestLimits, ServiceState};
use crate::token::BearerToken;
use crate::{reload, router};

/// The settings of the service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address it listens at; port 0 is any free port.
    pub listen: SocketAddr,
    /// The token that callers must send, if any.
    pub token: Option<BearerToken>,
    /// The limits on requests.
    pub limits: RequestLimits,
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
    let state = Arc::new(ServiceState::new(host, loaded, settings.limits, settings.token));
    // Taken before the address is announced, so that a later change is not mistaken for what was loaded.
    let seen = reload::hash_files(&state.current().loaded.watched).await;
    let watching = tokio::spawn(reload::watch(Arc::clone(&state), control.clone(), settings.reload_interval, seen));
    let shared = Arc::clone(&state);
    let app = Router::new().fallback(move |request: Request<Body>| router::answer(Arc::clone(&shared), request));
    listening(address);
    let listener = listener.tap_io(|stream| {
        // A connection without `TCP_NODELAY` works too.
        let _ = stream.set_nodelay(true);
    });
    let stopping = control.clone();
    let served = axum::serve(listener, app).with_graceful_shutdown(async move { stopping.stopped().await });
    let late = async {
        control.stopped().await;
        tokio::time::sleep(settings.grace).await;
    };
    let ended = tokio::select! {
        served = async { served.await } => served,
        () = late => {
            state.host.log_event("requests still in progress were cut off");
            Ok(())
        }
    };
    watching.abort();
    ended
}
