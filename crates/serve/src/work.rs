//! Long work on a thread of its own, with a place among the requests at work.

use axum::http::StatusCode;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::state::Limits;

/// A request's place among those at work.
pub(crate) type Permit = tokio::sync::OwnedSemaphorePermit;

/// Does long work on a thread of its own. Work that outlasts the time keeps its place until it is done.
pub(crate) async fn working<T: Send + 'static>(
    limits: Limits,
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
