//! Errors as `application/problem+json`, after RFC 9457.

use accolade_engine::SourceFiles;
use accolade_parser::{Diagnostic, Diagnostics};
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Value as Json, json};

/// What is wrong with a request.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// The problem in one line.
    pub(crate) detail: String,
    /// Its findings in JSON.
    pub(crate) errors: Vec<Json>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into(), errors: Vec::new() }
    }

    /// The problem of a record that cannot be rated.
    pub(crate) fn from_findings(findings: &Diagnostics, files: &SourceFiles) -> Problem {
        let detail = findings.first().map_or_else(String::new, |finding| finding.message.clone());
        let errors = findings.iter().map(|finding| one(finding, files)).collect();
        Problem { status: StatusCode::UNPROCESSABLE_ENTITY, detail, errors }
    }

    pub(crate) fn json(&self) -> Json {
        let title = self.status.canonical_reason().unwrap_or("error").to_lowercase();
        let mut problem = json!({"title": title, "status": self.status.as_u16(), "detail": self.detail});
        if !self.errors.is_empty() {
            problem["errors"] = Json::Array(self.errors.clone());
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.json().to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// Findings as a list in JSON.
pub(crate) fn list(findings: &Diagnostics, files: &SourceFiles) -> Vec<Json> {
    findings.iter().map(|finding| one(finding, files)).collect()
}

/// A finding in JSON: its code, message and help, and its place in the record, a rule file or a script.
fn one(finding: &Diagnostic, files: &SourceFiles) -> Json {
    let mut error = json!({"code": finding.code.id(), "message": finding.message, "help": finding.help});
    if let Some(place) = &finding.data {
        error["field"] = json!(place.column);
        if let Some(row) = place.row {
            error["source"] = json!(place.file);
            error["event"] = json!(row);
        }
    }
    if let Some(file) = finding.labels.first().and_then(|label| Some((label.span, files.get(label.span.source)?))) {
        let (span, file) = file;
        let before = file.text.as_bytes().get(..span.range().start).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let name = file.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        error["place"] = json!(format!("{name}:{line}"));
    }
    error
}
