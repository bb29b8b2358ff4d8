//! The status of the service: `/health`, `/ready` and `/metrics`.

use std::sync::Arc;

use accolade_engine::show;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::problem::Problem;
use crate::response;
use crate::state::ServiceState;
use crate::versions::InForce;

/// The answer of a running process.
pub(crate) async fn health() -> Response<Body> {
    response::response("{\"status\":\"ok\"}".to_owned())
}

/// The rules in force, and whether newer ones were refused.
pub(crate) async fn ready(State(state): State<Arc<ServiceState>>, InForce(current): InForce) -> Response<Body> {
    let rater = &current.rater;
    let refused = state.refused();
    response::response(
        json!({
            "status": "ok",
            "rule_set": rater.set().name,
            "as_of": show::date(rater.as_of()),
            "rules": rater.rules().collect::<Vec<_>>(),
            "rules_version": current.loaded.rules_version,
            "cut_offs_version": current.loaded.cut_offs_version,
            "cut_offs_as_of": rater.cut_offs_origin().map(|origin| &origin.as_of),
            "seconds_in_force": current.since.elapsed().as_secs(),
            "last_reload": refused.map_or_else(
                || json!({"status": "ok"}),
                |refused| json!({"status": "refused", "findings": refused.findings}),
            ),
        })
        .to_string(),
    )
}

/// The metrics in the text format of Prometheus.
pub(crate) async fn metrics(State(state): State<Arc<ServiceState>>) -> Result<Response<Body>, Problem> {
    let Some(text) = state.metrics.text(state.refused().is_none(), state.current().since.elapsed()) else {
        return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written"));
    };
    let mut response = Response::new(Body::from(text));
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}
