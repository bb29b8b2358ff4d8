//! How whoever runs the service tells it to stop or to load again, from any thread.

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
    /// Takes no more requests, finishes those under way, and ends.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Loads rules and cut-offs again.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Returns once the service shall stop.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives as long as `self`.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// Returns once rules shall be loaded.
    pub(crate) async fn asked_to_reload(&self) {
        self.reload.notified().await;
    }
}
