//! The rules in force for one request, and their versions in the head of its answer.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderName;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use crate::state::{RulesInForce, ServiceState};

const RULES_VERSION: HeaderName = HeaderName::from_static("accolade-rules-version");
const CUT_OFFS_VERSION: HeaderName = HeaderName::from_static("accolade-cut-offs-version");

/// The rules that were in force when the request began. It is answered with them alone.
#[derive(Clone)]
pub(crate) struct InForce(pub(crate) Arc<RulesInForce>);

impl Deref for InForce {
    type Target = RulesInForce;

    fn deref(&self) -> &RulesInForce {
        &self.0
    }
}

impl FromRequestParts<Arc<ServiceState>> for InForce {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ServiceState>) -> Result<InForce, Infallible> {
        Ok(parts.extensions.get::<InForce>().cloned().unwrap_or_else(|| InForce(state.current())))
    }
}

/// Answers a request with the rules in force, and names their versions.
pub(crate) async fn name_versions(
    State(state): State<Arc<ServiceState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let current = state.current();
    request.extensions_mut().insert(InForce(Arc::clone(&current)));
    let mut response = next.run(request).await;
    let (rules, cut_offs) = &current.version_headers;
    response.headers_mut().insert(RULES_VERSION, rules.clone());
    response.headers_mut().insert(CUT_OFFS_VERSION, cut_offs.clone());
    response
}
