//! `GET /explain` and `POST /explain`

use std::sync::Arc;

use accolade_parser::did_you_mean;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use serde_json::Value as Json;

use crate::blocking::{Permit, run_blocking};
use crate::problem::Problem;
use crate::request::json;
use crate::state::{RulesInForce, ServiceState};
use crate::{query, response};

pub(crate) async fn explain(
    state: Arc<ServiceState>,
    request: Request<Body>,
    permit: Permit,
) -> Result<Response<Body>, Problem> {
    let (head, body) = request.into_parts();
    let current = state.current();
    let rules = query::rules(&head.uri)?;
    check_rules_exist(&current, &rules)?;
    let object = match head.method {
        Method::POST => match json(&head.headers, body, &state.limits).await? {
            Json::Object(object) => object,
            _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "the body must be one record, a JSON object")),
        },
        _ => query::record(&head.uri, &current.rater)?,
    };
    let text = run_blocking(state.limits, permit, move || {
        let explained = current.rater.record_of(&object).and_then(|record| current.rater.explain(&record, &rules));
        match explained {
            Ok(explanation) => Ok(state.host.explanation(&current.loaded, &explanation).to_string()),
            Err(findings) => Err(Problem::from_findings(&findings, &current.loaded.files)),
        }
    });
    text.await?.map(response::response)
}

fn check_rules_exist(current: &RulesInForce, rules: &[String]) -> Result<(), Problem> {
    let names: Vec<String> = current.rater.rules().collect();
    let Some(unknown) = rules.iter().find(|rule| !names.contains(rule)) else { return Ok(()) };
    let hint = did_you_mean(unknown, names.iter().map(String::as_str), "its rules are");
    Err(Problem::new(StatusCode::BAD_REQUEST, format!("the rule set has no rule `{unknown}`; {hint}")))
}
