//! The state that all requests share.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use accolade_engine::Rater;
use accolade_engine::script::ScriptExecution;
use axum::http::HeaderValue;
use tokio::sync::Semaphore;

use crate::host::{Host, LoadError, LoadedRules};
use crate::hosts::AllowedHosts;
use crate::metrics::Metrics;
use crate::token::BearerToken;

/// The limits on requests.
#[derive(Clone, Copy, Debug)]
pub struct RequestLimits {
    /// The most bytes of a request's body.
    pub body: usize,
    /// The most requests in progress at a time; more are turned away.
    pub concurrency: usize,
    /// The most records of a batch.
    pub batch: usize,
    /// How long the head of a request may take to arrive, its body, its answer, and the sending of that.
    pub timeout: Duration,
}

/// The requests that are answered.
pub(crate) enum Access {
    /// Those that send a token.
    Token(BearerToken),
    /// Those for these hosts.
    Hosts(AllowedHosts),
}

/// The rules in force.
pub(crate) struct RulesInForce {
    pub(crate) loaded: LoadedRules,
    /// The rater at the date in force.
    pub(crate) rater: Rater,
    pub(crate) since: Instant,
    /// The outputs, each with its key in JSON.
    pub(crate) keys: Vec<(usize, String)>,
    /// Whether one record may take long.
    pub(crate) is_slow: bool,
    /// The versions of rules and cut-offs, as headers.
    pub(crate) version_headers: (HeaderValue, HeaderValue),
    /// The same as further fields of an object in JSON.
    pub(crate) version_fields: String,
}

impl RulesInForce {
    fn new(loaded: LoadedRules, rater: Rater, since: Instant) -> RulesInForce {
        let set = rater.set();
        let key =
            |slot: &usize| (*slot, format!("{}:", serde_json::Value::from(set.demand.slots[*slot].name.as_str())));
        let keys = rater.outputs().iter().map(key).collect();
        let is_slow = set.scripts().iter().any(|(_, _, lowering)| matches!(lowering, ScriptExecution::Interpreted(..)));
        // Hexadecimal digits always make a header.
        let header = |version: &str| HeaderValue::from_str(version).unwrap_or(HeaderValue::from_static(""));
        let (rules, cut_offs) = (&loaded.rules_version, &loaded.cut_offs_version);
        let version_headers = (header(rules), header(cut_offs));
        let version_fields = format!(",\"rules_version\":\"{rules}\",\"cut_offs_version\":\"{cut_offs}\"");
        RulesInForce { loaded, rater, since, keys, is_slow, version_headers, version_fields }
    }
}

/// The state that all requests share.
pub(crate) struct ServiceState {
    pub(crate) host: Box<dyn Host>,
    pub(crate) limits: RequestLimits,
    pub(crate) access: Access,
    pub(crate) metrics: Metrics,
    /// A permit for each request at work.
    pub(crate) permits: Arc<Semaphore>,
    current: RwLock<Arc<RulesInForce>>,
    /// Why the newest rules were refused; `None` if they are in force.
    refused: RwLock<Option<LoadError>>,
}

impl ServiceState {
    pub(crate) fn new(host: Box<dyn Host>, loaded: LoadedRules, limits: RequestLimits, access: Access) -> ServiceState {
        let rater = loaded.rater.clone();
        ServiceState {
            host,
            limits,
            access,
            metrics: Metrics::new(),
            permits: Arc::new(Semaphore::new(limits.concurrency)),
            current: RwLock::new(Arc::new(RulesInForce::new(loaded, rater, Instant::now()))),
            refused: RwLock::new(None),
        }
    }

    /// The rules in force, at the current day if the host rates at it.
    pub(crate) fn current(&self) -> Arc<RulesInForce> {
        let current = Arc::clone(&self.current.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        let Some(today) = self.host.today().filter(|today| *today != current.rater.as_of()) else { return current };
        let loaded = current.loaded.clone();
        match loaded.rater.at_date(today) {
            Ok(rater) => {
                let next = Arc::new(RulesInForce::new(loaded, rater, current.since));
                let mut in_force = self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner);
                // Rules that were put into force meanwhile stay so.
                if Arc::ptr_eq(&in_force, &current) {
                    *in_force = Arc::clone(&next);
                }
                next
            }
            // At a day whose periods leave the calendar, the day before stays in force.
            Err(_) => current,
        }
    }

    /// Puts rules into force.
    pub(crate) fn put_in_force(&self, loaded: LoadedRules) {
        let rater = loaded.rater.clone();
        let next = Arc::new(RulesInForce::new(loaded, rater, Instant::now()));
        *self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner) = next;
        *self.refused.write().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    /// Keeps why rules were refused.
    pub(crate) fn refuse(&self, refused: LoadError) {
        *self.refused.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(refused);
    }

    /// Why the newest rules were refused; `None` if they are in force.
    pub(crate) fn refused(&self) -> Option<LoadError> {
        self.refused.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}
