//! Results in JSON: numbers are exact decimals, dates text, a missing value null, as in the files of `accolade run`.

use std::fmt::Write;

use accolade_engine::RatedRecord;
use accolade_engine::output::json_value;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use serde_json::{Value as Json, json};

use crate::problem;
use crate::problem::Problem;
use crate::state::RulesInForce;

/// A response with a JSON body.
pub(crate) fn response(body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Writes the results of a record by name, and its warnings and explanation if there are any. The object stays open
/// for further fields.
pub(crate) fn write(current: &RulesInForce, rated: &RatedRecord, explanation: Option<&Json>, out: &mut String) {
    out.push_str("{\"result\":{");
    for (number, (slot, key)) in current.keys.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        out.push_str(key);
        let value = rated.values.get(*slot).map_or(Json::Null, json_value);
        // Writing to a string cannot fail.
        let _ = write!(out, "{value}");
    }
    out.push('}');
    if !rated.findings.is_empty() {
        let warnings = Json::Array(problem::list(&rated.findings, &current.loaded.files));
        let _ = write!(out, ",\"warnings\":{warnings}");
    }
    if let Some(explanation) = explanation {
        let _ = write!(out, ",\"explanation\":{explanation}");
    }
}

/// Writes the index in a batch of a record that cannot be rated, and its problem.
pub(crate) fn write_error(index: usize, problem: &Problem, out: &mut String) {
    let _ = write!(out, "{}", json!({"index": index, "error": problem.json()}));
}
