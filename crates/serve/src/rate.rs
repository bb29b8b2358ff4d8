//! `POST /rate`

use std::sync::Arc;

use accolade_engine::RatedRecord;
use accolade_parser::Diagnostics;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use serde_json::{Map, Value as Json};

use crate::blocking::{Permit, run_blocking};
use crate::problem::Problem;
use crate::request::{RateRequest, json, read_rate_request};
use crate::state::{RulesInForce, ServiceState};
use crate::{query, response};

pub(crate) async fn rate(
    state: Arc<ServiceState>,
    request: Request<Body>,
    permit: Permit,
) -> Result<Response<Body>, Problem> {
    let (head, body) = request.into_parts();
    let why = query::wants_explanation(&head.uri)?;
    let body = json(&head.headers, body, &state.limits).await?;
    let asked = read_rate_request(body, &state.limits)?;
    let current = state.current();
    match asked {
        // A record takes less time than starting a thread, unless scripts run or changes are searched for.
        RateRequest::One(object) if !why && !current.is_slow => {
            rate_one(&state, &current, &object, false).map(response::response)
        }
        RateRequest::One(object) => {
            run_blocking(state.limits, permit, move || rate_one(&state, &current, &object, why))
                .await?
                .map(response::response)
        }
        RateRequest::Many(objects) => run_blocking(state.limits, permit, move || many(&state, &current, &objects, why))
            .await
            .map(response::response),
    }
}

fn rate_one(
    state: &ServiceState,
    current: &RulesInForce,
    object: &Map<String, Json>,
    why: bool,
) -> Result<String, Problem> {
    let mut out = String::with_capacity(1024);
    match rated(state, current, object, why) {
        Ok((rated, explanation)) => {
            state.metrics.records("rated", 1);
            response::write(current, &rated, explanation.as_ref(), &mut out);
            Ok(out)
        }
        Err(findings) => {
            state.metrics.records("refused", 1);
            Err(Problem::from_findings(&findings, &current.loaded.files))
        }
    }
}

/// Rates all records in their order. One that cannot be rated does not stop the others.
fn many(state: &ServiceState, current: &RulesInForce, objects: &[Option<Map<String, Json>>], why: bool) -> String {
    let mut out = String::from("{\"results\":[");
    let mut failed = 0;
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let problem = match object {
            Some(object) => match rated(state, current, object, why) {
                Ok((rated, explanation)) => {
                    response::write(current, &rated, explanation.as_ref(), &mut out);
                    continue;
                }
                Err(findings) => Problem::from_findings(&findings, &current.loaded.files),
            },
            None => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "the record is not an object"),
        };
        failed += 1;
        response::write_error(index, &problem, &mut out);
    }
    state.metrics.records("rated", objects.len() as u64 - failed);
    state.metrics.records("refused", failed);
    out.push_str(&format!("],\"failed\":{failed}}}"));
    out
}

fn rated(
    state: &ServiceState,
    current: &RulesInForce,
    object: &Map<String, Json>,
    why: bool,
) -> Result<(RatedRecord, Option<Json>), Diagnostics> {
    let record = current.rater.record_of(object)?;
    let rated = current.rater.rate(&record)?;
    if !why {
        return Ok((rated, None));
    }
    let explanation = current.rater.explain_rated(&rated, &[])?;
    Ok((rated, Some(state.host.explanation(&current.loaded, &explanation))))
}
