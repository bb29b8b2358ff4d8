//! `POST /rate`

use std::sync::Arc;

use accolade_engine::RatedRecord;
use accolade_parser::Diagnostics;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde_json::{Map, Value as Json};

use crate::problem::Problem;
use crate::query::WithExplanation;
use crate::request::{JsonBody, RateRequest, read_rate_request};
use crate::response;
use crate::state::{RulesInForce, ServiceState};
use crate::versions::InForce;
use crate::work::Work;

pub(crate) async fn rate(
    State(state): State<Arc<ServiceState>>,
    InForce(current): InForce,
    work: Work,
    WithExplanation(why): WithExplanation,
    JsonBody(body): JsonBody,
) -> Result<Response<Body>, Problem> {
    match read_rate_request(body, &state.limits)? {
        // A record takes less time than starting a thread, unless scripts run or changes are searched for.
        RateRequest::One(object) if !why && !current.is_slow => {
            rate_one(&state, &current, &object, false).map(response::response)
        }
        RateRequest::One(object) => {
            work.run_blocking(move || rate_one(&state, &current, &object, why)).await?.map(response::response)
        }
        RateRequest::Many(objects) => {
            work.run_blocking(move || many(&state, &current, &objects, why)).await.map(response::response)
        }
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
            out.push_str(&current.version_fields);
            out.push('}');
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
                    out.push('}');
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
    out.push_str(&format!("],\"failed\":{failed}{}}}", current.version_fields));
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
