//! Reading the JSON body of a request.

use std::error::Error;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::LengthLimitError;
use serde_json::{Map, Value as Json};
use tokio::time::timeout;

use crate::problem::Problem;
use crate::repeated_keys::refuse_repeated_keys;
use crate::state::{RequestLimits, ServiceState};

/// The JSON of a body, which must arrive whole and in time.
pub(crate) struct JsonBody(pub(crate) Json);

impl FromRequest<Arc<ServiceState>> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<ServiceState>) -> Result<JsonBody, Problem> {
        let (head, body) = request.into_parts();
        json(&head.headers, body, &state.limits).await.map(JsonBody)
    }
}

async fn json(headers: &HeaderMap, body: Body, limits: &RequestLimits) -> Result<Json, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b"application/json"[..], |kind| kind.as_bytes());
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if !kind.eq_ignore_ascii_case(b"application/json") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be `application/json`"));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limits.body as u64) {
        return Err(too_large(limits));
    }
    let read = timeout(limits.timeout, to_bytes(body, limits.body)).await;
    let Ok(read) = read else {
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"));
    };
    let bytes = read.map_err(|error| match error.source().is_some_and(|e| e.is::<LengthLimitError>()) {
        true => too_large(limits),
        false => Problem::new(StatusCode::BAD_REQUEST, "the body cannot be read"),
    })?;
    refuse_repeated_keys(&bytes)
        .and_then(|()| serde_json::from_slice(&bytes))
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}")))
}

fn too_large(limits: &RequestLimits) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("a body has at most {} bytes", limits.body))
}

/// The records that a body asks to be rated.
#[derive(Debug, PartialEq)]
pub(crate) enum RateRequest {
    One(Map<String, Json>),
    /// The records of a batch; `None` for one that is not an object.
    Many(Vec<Option<Map<String, Json>>>),
}

/// Reads a record, a list of records, or `{"records": [..]}`.
pub(crate) fn read_rate_request(body: Json, limits: &RequestLimits) -> Result<RateRequest, Problem> {
    let items = match body {
        Json::Array(items) => items,
        Json::Object(mut object) => {
            let is_batch = object.len() == 1 && matches!(object.get("records"), Some(Json::Array(_)));
            match object.get_mut("records").filter(|_| is_batch).map(Json::take) {
                Some(Json::Array(items)) => items,
                _ => return Ok(RateRequest::One(object)),
            }
        }
        _ => {
            let detail = "the body must be a record, a list of records, or {\"records\": [..]}";
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
    };
    if items.len() > limits.batch {
        let detail = format!("a batch has at most {} records, this one has {}", limits.batch, items.len());
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let object = |item| if let Json::Object(object) = item { Some(object) } else { None };
    Ok(RateRequest::Many(items.into_iter().map(object).collect()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_or_a_batch() {
        let limits = RequestLimits { body: 100, concurrency: 1, batch: 2, timeout: Duration::from_secs(1) };
        let count = |body: Json| match read_rate_request(body, &limits) {
            Ok(RateRequest::One(object)) => Ok((false, object.len())),
            Ok(RateRequest::Many(items)) => Ok((true, items.len())),
            Err(problem) => Err(problem.status.as_u16()),
        };
        let check = |body: Json, expected: Result<(bool, usize), u16>| assert_eq!(count(body), expected);
        check(json!({"id": 1, "records": []}), Ok((false, 2)));
        check(json!({"records": 3}), Ok((false, 1)));
        check(json!({"records": [{}, 7]}), Ok((true, 2)));
        check(json!([]), Ok((true, 0)));
        check(json!([{}, {}, {}]), Err(413));
        check(json!("K1"), Err(400));
    }
}
