//! Reports as JSON; `version` changes when the format changes incompatibly.

use serde_json::{Value, json as object};

use super::text;
use crate::TestReport;

/// The reports of several test files as one document.
pub fn json(reports: &[TestReport]) -> String {
    let suites: Vec<Value> = reports.iter().map(suite).collect();
    let passed = reports.iter().all(TestReport::passed);
    format!("{}\n", object!({"version": 1, "passed": passed, "suites": suites}))
}

fn suite(report: &TestReport) -> Value {
    let lines = |findings: &accolade_parser::Diagnostics| {
        findings.iter().map(|d| text::one_line(d, &report.files)).collect::<Vec<String>>()
    };
    let cases: Vec<Value> = report
        .cases
        .iter()
        .map(|case| {
            let failures: Vec<Value> = case
                .failures
                .iter()
                .map(|f| {
                    object!({"customer": f.customer, "field": f.field, "expected": f.expected,
                             "actual": f.actual, "why": f.why})
                })
                .collect();
            object!({"name": case.name, "passed": case.passed(), "checks": case.checks,
                     "failures": failures, "errors": lines(&case.errors)})
        })
        .collect();
    let (reached, all) = report.coverage.counts();
    let not_reached: Vec<Value> = report
        .coverage
        .0
        .iter()
        .filter(|t| !t.reached)
        .map(|t| object!({"of": t.owner, "what": t.kind, "name": t.name}))
        .collect();
    object!({
        "file": report.path.display().to_string(),
        "passed": report.passed(),
        "errors": lines(&report.errors),
        "cases": cases,
        "left_out": report.left_out,
        "coverage": {"reached": reached, "all": all, "not_reached": not_reached},
    })
}
