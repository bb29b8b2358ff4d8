//! Requests that rate or explain, within the limit on concurrency.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::metrics::InFlight;
use crate::problem::Problem;
use crate::state::{RequestLimits, ServiceState};

/// A request's place under the limit on concurrency. A request over the limit is turned away at once.
pub(crate) struct Work {
    permit: OwnedSemaphorePermit,
    in_flight: InFlight,
    limits: RequestLimits,
}

impl FromRequestParts<Arc<ServiceState>> for Work {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &Arc<ServiceState>) -> Result<Work, Problem> {
        let Ok(permit) = Arc::clone(&state.permits).try_acquire_owned() else {
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too many requests are in progress; try again"));
        };
        Ok(Work { permit, in_flight: state.metrics.at_work(), limits: state.limits })
    }
}

impl Work {
    /// Runs long work on a thread of its own. Work that outlasts the timeout keeps its permit until it is done.
    pub(crate) async fn run_blocking<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let Work { permit, in_flight: _in_flight, limits } = self;
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        match timeout(limits.timeout, work).await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(_)) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the work ended without a result")),
            Err(_) => {
                Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, "the answer took too long; ask for less at a time"))
            }
        }
    }
}
