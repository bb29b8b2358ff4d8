//! Stopping or reloading a running service, from any thread.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// A handle on a running service.
#[derive(Clone, Debug)]
pub struct Control {
    stop: Arc<watch::Sender<bool>>,
    reload: Arc<Notify>,
}

impl Default for Control {
    fn default() -> Self {
        Control { stop: Arc::new(watch::Sender::new(false)), reload: Arc::default() }
    }
}

impl Control {
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
