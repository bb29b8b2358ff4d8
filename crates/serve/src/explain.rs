//! `GET /explain` and `POST /explain`

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, Uri};
use serde_json::{Map, Value as Json};

use crate::problem;
use crate::problem::Problem;
use crate::query::{self, ExplainedRules};
use crate::request::JsonBody;
use crate::response;
use crate::state::ServiceState;
use crate::versions::InForce;
use crate::work::Work;

/// Explains the record in the body.
pub(crate) async fn explain_body(
    State(state): State<Arc<ServiceState>>,
    in_force: InForce,
    work: Work,
    rules: ExplainedRules,
    JsonBody(body): JsonBody,
) -> Result<Response<Body>, Problem> {
    match body {
        Json::Object(object) => explain(state, in_force, work, rules, object).await,
        _ => Err(Problem::new(StatusCode::BAD_REQUEST, "the body must be one record, a JSON object")),
    }
}

/// Explains the record in the parameters.
pub(crate) async fn explain_query(
    State(state): State<Arc<ServiceState>>,
    in_force: InForce,
    work: Work,
    rules: ExplainedRules,
    uri: Uri,
) -> Result<Response<Body>, Problem> {
    let object = query::record(&uri, &in_force.rater)?;
    explain(state, in_force, work, rules, object).await
}

async fn explain(
    state: Arc<ServiceState>,
    InForce(current): InForce,
    work: Work,
    ExplainedRules(rules): ExplainedRules,
    object: Map<String, Json>,
) -> Result<Response<Body>, Problem> {
    let text = work.run_blocking(move || {
        let explained = current.rater.record_of(&object).and_then(|record| {
            let explanation = current.rater.explain(&record, &rules)?;
            Ok((explanation, record))
        });
        match explained {
            Ok((explanation, record)) => {
                let mut explanation = state.host.explanation(&current.loaded, &explanation);
                if !record.ignored().is_empty() {
                    explanation["warnings"] = problem::list(record.ignored(), &current.loaded.files).into();
                }
                Ok(explanation.to_string())
            }
            Err(findings) => Err(Problem::from_findings(&findings, &current.loaded.files)),
        }
    });
    text.await?.map(response::response)
}
