//! The state that all requests share.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use accolade_engine::Rater;
use accolade_engine::script::ScriptExecution;
use tokio::sync::Semaphore;

use crate::host::{Host, Loaded, Refused};
use crate::metrics::Metrics;
use crate::token::Token;

/// The limits on requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes of a request's body.
    pub body: usize,
    /// The most requests in progress at a time; more are turned away.
    pub concurrency: usize,
    /// The most records of a batch.
    pub batch: usize,
    /// How long a request may take to arrive, and then to be answered.
    pub timeout: Duration,
}

/// The rules in force.
pub(crate) struct Current {
    pub(crate) loaded: Loaded,
    /// The rater at the date in force.
    pub(crate) rater: Rater,
    pub(crate) since: Instant,
    /// The outputs, each with its key in JSON.
    pub(crate) keys: Vec<(usize, String)>,
    /// Whether one record may take long.
    pub(crate) is_slow: bool,
}

impl Current {
    fn new(loaded: Loaded, rater: Rater, since: Instant) -> Current {
        let set = rater.set();
        let key =
            |slot: &usize| (*slot, format!("{}:", serde_json::Value::from(set.demand.slots[*slot].name.as_str())));
        let keys = rater.outputs().iter().map(key).collect();
        let is_slow = set.scripts().iter().any(|(_, _, lowering)| matches!(lowering, ScriptExecution::Interpreted(..)));
        Current { loaded, rater, since, keys, is_slow }
    }
}

/// The state that all requests share.
pub(crate) struct State {
    pub(crate) host: Box<dyn Host>,
    pub(crate) limits: Limits,
    pub(crate) token: Option<Token>,
    pub(crate) metrics: Metrics,
    /// A permit for each request at work.
    pub(crate) permits: Arc<Semaphore>,
    current: RwLock<Arc<Current>>,
    /// Why the newest rules were refused; `None` if they are in force.
    refused: RwLock<Option<Refused>>,
}

impl State {
    pub(crate) fn new(host: Box<dyn Host>, loaded: Loaded, limits: Limits, token: Option<Token>) -> State {
        let rater = loaded.rater.clone();
        State {
            host,
            limits,
            token,
            metrics: Metrics::new(),
            permits: Arc::new(Semaphore::new(limits.concurrency)),
            current: RwLock::new(Arc::new(Current::new(loaded, rater, Instant::now()))),
            refused: RwLock::new(None),
        }
    }

    /// The rules in force, at the current day if the host rates at it.
    pub(crate) fn current(&self) -> Arc<Current> {
        let current = Arc::clone(&self.current.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        let Some(today) = self.host.today().filter(|today| *today != current.rater.as_of()) else { return current };
        let loaded = current.loaded.clone();
        match loaded.rater.at(today) {
            Ok(rater) => {
                let next = Arc::new(Current::new(loaded, rater, current.since));
                *self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::clone(&next);
                next
            }
            // At a day whose periods leave the calendar, the day before stays in force.
            Err(_) => current,
        }
    }

    /// Puts rules into force.
    pub(crate) fn take(&self, loaded: Loaded) {
        let rater = loaded.rater.clone();
        let next = Arc::new(Current::new(loaded, rater, Instant::now()));
        *self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner) = next;
        *self.refused.write().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    /// Keeps why rules were refused.
    pub(crate) fn refuse(&self, refused: Refused) {
        *self.refused.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(refused);
    }

    /// Why the newest rules were refused; `None` if they are in force.
    pub(crate) fn refused(&self) -> Option<Refused> {
        self.refused.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}
