//! The addresses of the service, and the layers around them.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use crate::explain::{explain_body, explain_query};
use crate::problem::Problem;
use crate::state::{Access, ServiceState};
use crate::versions::name_versions;
use crate::{openapi, rate, status};

const REQUEST_ID: &str = "x-request-id";

/// The longest id of a request that is taken over.
const LONGEST_ID: usize = 128;

/// The service as a whole.
pub(crate) fn router(state: Arc<ServiceState>) -> Router {
    let of_rules = Router::new()
        .route("/rate", post(rate::rate))
        .route("/explain", get(explain_query).post(explain_body))
        .route("/ready", get(status::ready))
        .route("/openapi.json", get(openapi::response))
        .route_layer(from_fn_with_state(Arc::clone(&state), name_versions));
    Router::new()
        .merge(of_rules)
        .route("/health", get(status::health))
        .route("/metrics", get(status::metrics))
        .fallback(no_such_address)
        .method_not_allowed_fallback(no_such_method)
        .layer(
            ServiceBuilder::new()
                .map_request(drop_unusable_id)
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(from_fn_with_state(Arc::clone(&state), observe)),
        )
        .with_state(state)
}

async fn no_such_address() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address; see /openapi.json")
}

async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the address does not support this method")
}

/// Checks the access of a request, and counts and logs its answer.
async fn observe(
    State(state): State<Arc<ServiceState>>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let id = request.headers().get(REQUEST_ID).cloned();
    let route = path.as_ref().map_or("other", MatchedPath::as_str);
    let response = match check_access(&state.access, &request, route) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    state.metrics.answered(route, status, took);
    // The query after the `?` may hold data of a customer and is not logged.
    let shown = if route == "other" { "(no such address)" } else { route };
    let id = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default();
    state.host.log_request(format_args!("{method} {shown} {status} {:.3} ms {id}", took.as_secs_f64() * 1000.0));
    response
}

fn check_access(access: &Access, request: &Request, route: &str) -> Result<(), Problem> {
    match access {
        // Monitors of the process have no token.
        Access::Token(_) if route == "/health" && [Method::GET, Method::HEAD].contains(request.method()) => Ok(()),
        Access::Token(token) => {
            let header = request.headers().get(header::AUTHORIZATION);
            if header.is_some_and(|header| token.matches_header(header.as_bytes())) {
                return Ok(());
            }
            Err(Problem::new(StatusCode::UNAUTHORIZED, "send the token: `Authorization: Bearer TOKEN`"))
        }
        Access::Hosts(hosts) => hosts.check(request.uri(), request.headers()),
    }
}

/// Drops an id that should not be in a log, so that the request gets one of its own.
fn drop_unusable_id(mut request: Request) -> Request {
    if !has_usable_id(request.headers()) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

/// Whether there is one id, of printable characters without spaces.
fn has_usable_id(headers: &HeaderMap) -> bool {
    let usable =
        |id: &HeaderValue| (1..=LONGEST_ID).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic);
    let mut ids = headers.get_all(REQUEST_ID).iter();
    ids.next().is_some_and(usable) && ids.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_printable() {
        let check = |ids: &[&'static [u8]], expected: bool| {
            let mut headers = HeaderMap::new();
            for id in ids {
                headers.append(REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
            }
            assert_eq!(has_usable_id(&headers), expected, "{ids:?}");
        };
        check(&[b"7e5c-01/a=b"], true);
        check(&[], false);
        check(&[b""], false);
        check(&[b"a b"], false);
        check(&["caf\u{e9}".as_bytes()], false);
        check(&[b"a", b"b"], false);
        check(&[&[b'a'; 128]], true);
        check(&[&[b'a'; 129]], false);
    }
}
