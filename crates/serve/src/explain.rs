//! `GET /explain` and `POST /explain`

use std::sync::Arc;

use accolade_parser::did_you_mean;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use serde_json::Value as Json;

use crate::problem::Problem;
use crate::request::json;
use crate::state::{Current, State};
use crate::work::{Permit, working};
use crate::{answer, query};

pub(crate) async fn explain(
    state: Arc<State>,
    request: Request<Body>,
    permit: Permit,
) -> Result<Response<Body>, Problem> {
    let (head, body) = request.into_parts();
    let current = state.current();
    let rules = query::rules(&head.uri)?;
    known(&current, &rules)?;
    let object = match head.method {
        Method::POST => match json(&head.headers, body, &state.limits).await? {
            Json::Object(object) => object,
            _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "the body must be one record, a JSON object")),
        },
        _ => query::record(&head.uri, &current.rater)?,
    };
    let text = working(state.limits, permit, move || {
        let explained = current.rater.record_of(&object).and_then(|record| current.rater.explain(&record, &rules));
        match explained {
            Ok(explanation) => Ok(state.host.explanation(&current.loaded, &explanation).to_string()),
            Err(findings) => Err(Problem::of(&findings, &current.loaded.files)),
        }
    });
    text.await?.map(answer::response)
}

fn known(current: &Current, rules: &[String]) -> Result<(), Problem> {
    let names: Vec<String> = current.rater.rules().collect();
    let Some(unknown) = rules.iter().find(|rule| !names.contains(rule)) else { return Ok(()) };
    let hint = did_you_mean(unknown, names.iter().map(String::as_str), "its rules are");
    Err(Problem::new(StatusCode::BAD_REQUEST, format!("the rule set has no rule `{unknown}`; {hint}")))
}
