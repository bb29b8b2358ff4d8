//! The parameters after the `?` of an address.

use std::sync::Arc;

use accolade_engine::Rater;
use accolade_parser::did_you_mean;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value as Json};

use crate::problem::Problem;
use crate::repeated_keys::refuse_repeated_keys;
use crate::state::ServiceState;
use crate::versions::InForce;

type Pairs = Vec<(String, String)>;

fn pairs(uri: &Uri) -> Result<Pairs, Problem> {
    let Query(pairs) = Query::<Pairs>::try_from_uri(uri)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("the query cannot be read: {error}")))?;
    Ok(pairs)
}

/// Whether the request asks for an explanation.
pub(crate) struct WithExplanation(pub(crate) bool);

impl<S: Sync> FromRequestParts<S> for WithExplanation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        wants_explanation(&parts.uri).map(WithExplanation)
    }
}

fn wants_explanation(uri: &Uri) -> Result<bool, Problem> {
    let mut explain = false;
    for (name, value) in pairs(uri)? {
        match (name.as_str(), value.as_str()) {
            ("explain", "true" | "1" | "") => explain = true,
            ("explain", "false" | "0") => explain = false,
            ("explain", other) => {
                return Err(Problem::new(
                    StatusCode::BAD_REQUEST,
                    format!("`explain` is true or false, not `{other}`"),
                ));
            }
            (other, _) => {
                return Err(Problem::new(StatusCode::BAD_REQUEST, format!("there is no parameter `{other}`")));
            }
        }
    }
    Ok(explain)
}

/// The rules that are named by `rule=NAME`; empty for all rules.
pub(crate) struct ExplainedRules(pub(crate) Vec<String>);

impl FromRequestParts<Arc<ServiceState>> for ExplainedRules {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ServiceState>) -> Result<Self, Problem> {
        let rules = pairs(&parts.uri)?.into_iter().filter(|(name, _)| name == "rule").map(|(_, value)| value);
        let rules: Vec<String> = rules.collect();
        let Ok(current) = InForce::from_request_parts(parts, state).await;
        let names: Vec<String> = current.rater.rules().collect();
        let Some(unknown) = rules.iter().find(|rule| !names.contains(rule)) else { return Ok(ExplainedRules(rules)) };
        let hint = did_you_mean(unknown, names.iter().map(String::as_str), "its rules are");
        Err(Problem::new(StatusCode::BAD_REQUEST, format!("the rule set has no rule `{unknown}`; {hint}")))
    }
}

/// The fields of a record among the parameters; a list of events is JSON.
pub(crate) fn record(uri: &Uri, rater: &Rater) -> Result<Map<String, Json>, Problem> {
    let is_source = |name: &str| rater.sources().iter().any(|source| rater.set().demand.sources[*source].name == name);
    let mut object = Map::new();
    for (name, value) in pairs(uri)?.into_iter().filter(|(name, _)| name != "rule") {
        let value = match is_source(&name) {
            true => refuse_repeated_keys(value.as_bytes())
                .and_then(|()| serde_json::from_str(&value))
                .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("`{name}` is not JSON: {error}")))?,
            // A form sends an empty parameter for a field that is left empty.
            false if value.is_empty() => Json::Null,
            false => Json::String(value),
        };
        if object.insert(name.clone(), value).is_some() {
            return Err(Problem::new(StatusCode::BAD_REQUEST, format!("`{name}` is given twice")));
        }
    }
    Ok(object)
}
