//! Long work on a thread of its own, within the limit on concurrency.

use axum::http::StatusCode;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::state::RequestLimits;

/// A request's permit under the limit on concurrency.
pub(crate) type Permit = tokio::sync::OwnedSemaphorePermit;

/// Runs long work on a thread of its own. Work that outlasts the timeout keeps its permit until it is done.
pub(crate) async fn run_blocking<T: Send + 'static>(
    limits: RequestLimits,
    permit: Permit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let work = tokio::task::spawn_blocking(move || {
        let result = work();
        drop(permit);
        result
    });
    match timeout(limits.timeout, work).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(_)) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the work ended without a result")),
        Err(_) => Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, "the answer took too long; ask for less at a time")),
    }
}
