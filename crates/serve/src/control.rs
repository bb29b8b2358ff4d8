//! Stopping or reloading a running service, from any thread.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// A handle on a running service.
#[derive(Clone, Debug)]
pub struct ServiceHandle {
    stop: Arc<watch::Sender<bool>>,
    reload: Arc<Notify>,
}

impl Default for ServiceHandle {
    fn default() -> Self {
        ServiceHandle { stop: Arc::new(watch::Sender::new(false)), reload: Arc::default() }
    }
}

impl ServiceHandle {
    /// Stops the service: it takes no more requests, finishes those in progress, and ends.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Makes the service load rules and cut-offs again.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Waits until the service is asked to stop.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives as long as `self`.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// Waits until the service is asked to load rules again.
    pub(crate) async fn asked_to_reload(&self) {
        self.reload.notified().await;
    }
}
