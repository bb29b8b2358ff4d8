//! The checks and records of every request: its token, the limit on concurrency, the metrics, the log.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};

use crate::problem::Problem;
use crate::state::ServiceState;
use crate::{explain, openapi, rate, status};

/// The addresses of the service, each with its methods.
const ROUTES: &[(&str, &str)] = &[
    ("/rate", "POST"),
    ("/explain", "GET, HEAD, POST"),
    ("/health", "GET, HEAD"),
    ("/ready", "GET, HEAD"),
    ("/metrics", "GET, HEAD"),
    ("/openapi.json", "GET, HEAD"),
];

/// Answers a request.
pub(crate) async fn answer(state: Arc<ServiceState>, request: Request<Body>) -> Response<Body> {
    let begun = Instant::now();
    let method = request.method().clone();
    // The query after the `?` may hold data of a customer and is not kept.
    let path = request.uri().path().to_owned();
    let route = ROUTES.iter().find(|(route, _)| *route == path).map_or("other", |(route, _)| route);
    let mut response = match route_request(Arc::clone(&state), request, route).await {
        Ok(response) => response,
        Err(problem) => problem.response(),
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Some((_, methods)) = ROUTES.iter().find(|(known, _)| *known == route)
    {
        response.headers_mut().insert(header::ALLOW, axum::http::HeaderValue::from_static(methods));
    }
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    state.metrics.answered(route, status, took);
    let shown = if route == "other" { "(no such address)" } else { route };
    state.host.log_request(&format!("{method} {shown} {status} {:.3} ms", took.as_secs_f64() * 1000.0));
    response
}

async fn route_request(
    state: Arc<ServiceState>,
    request: Request<Body>,
    route: &str,
) -> Result<Response<Body>, Problem> {
    // Monitors of the process have no token.
    if route == "/health" && is_read(&request) {
        return Ok(status::health());
    }
    if let Some(token) = &state.token {
        let header = request.headers().get(header::AUTHORIZATION);
        if !header.is_some_and(|header| token.matches_header(header.as_bytes())) {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "send the token: `Authorization: Bearer TOKEN`"));
        }
    }
    match route {
        "/rate" if request.method() == "POST" => with_permit(state, request, true).await,
        "/explain" if is_read(&request) || request.method() == "POST" => with_permit(state, request, false).await,
        "/ready" if is_read(&request) => Ok(status::ready(&state)),
        "/metrics" if is_read(&request) => Ok(status::metrics(&state)),
        "/openapi.json" if is_read(&request) => Ok(openapi::response(&state)),
        "other" => Err(Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address; see /openapi.json")),
        _ => Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the address does not support this method")),
    }
}

fn is_read(request: &Request<Body>) -> bool {
    matches!(request.method().as_str(), "GET" | "HEAD")
}

/// Answers a request within the limit on concurrency, or turns it away at once.
async fn with_permit(state: Arc<ServiceState>, request: Request<Body>, rates: bool) -> Result<Response<Body>, Problem> {
    let Ok(permit) = Arc::clone(&state.permits).try_acquire_owned() else {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too many requests are in progress; try again"));
    };
    let _at_work = state.metrics.at_work();
    if rates {
        rate::rate(Arc::clone(&state), request, permit).await
    } else {
        explain::explain(Arc::clone(&state), request, permit).await
    }
}
