//! JSON output. `version` changes with every incompatible change.

use accolade_engine::output::json_value;
use accolade_engine::profile::SourceCount;
use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::{CutOffsOrigin, Outcome, RuleSet, SourceFiles, show, summary};
use accolade_parser::{Diagnostic, Diagnostics, Severity, Span};
use serde_json::{Map, Value, json};

use super::place::line_and_column;
use super::summary::{is_shown, measures};
use super::{cell, figures};

/// All findings as one document.
pub(crate) fn diagnostics(findings: &Diagnostics, files: &SourceFiles) -> Value {
    json!({"version": 1, "diagnostics": list(findings, files)})
}

/// A run's summary as one document, of the parts that `only` names or of all.
pub(crate) fn summary(set: &RuleSet, outcome: &Outcome, files: &SourceFiles, only: &[String]) -> Value {
    let tables = summary::sections(set, outcome).into_iter().chain(summary::top(set, &outcome.frame, 10));
    let sections: Vec<Value> = tables.filter(|table| is_shown(table, only)).map(|table| section(&table)).collect();
    let mut document = head(set, outcome);
    document["sections"] = sections.into();
    add_figures(&mut document, outcome, only);
    document["diagnostics"] = list(&outcome.findings, files).into();
    document
}

/// The counts, measures, programmes and goals of a run whose results are written elsewhere.
pub(crate) fn figures(set: &RuleSet, outcome: &Outcome, files: &SourceFiles, findings: &Diagnostics) -> Value {
    let mut document = head(set, outcome);
    add_figures(&mut document, outcome, &[]);
    document["diagnostics"] = list(findings, files).into();
    document
}

/// Adds the measures, programmes and goals that `only` names, or all of them.
fn add_figures(document: &mut Value, outcome: &Outcome, only: &[String]) {
    let asked = |name: &str| only.is_empty() || only.iter().any(|asked| asked == name);
    let programmes = outcome.programmes.iter().filter(|programme| asked(&programme.name));
    let goals = outcome.goals.iter().filter(|_| asked("goals"));
    document["measures"] = measures(outcome, only).map(figures::measure).collect();
    document["programmes"] = programmes.map(figures::programme).collect();
    document["goals"] = goals.map(figures::goal).collect();
}

/// The rows of a source: those used, those rejected, and those that its condition leaves out.
fn rows_read(read: &SourceCount) -> Value {
    json!({"source": read.source, "rows": read.rows, "rejected": read.rejected, "left_out": read.left_out})
}

/// What was run on what.
fn head(set: &RuleSet, outcome: &Outcome) -> Value {
    let read: Vec<Value> = outcome.read.iter().map(rows_read).collect();
    json!({
        "version": 1,
        "rule_set": set.name,
        "currency": set.currency,
        "as_of": show::date(outcome.as_of),
        "customers": outcome.frame.rows,
        "cut_offs": cut_offs(outcome.cut_offs_origin.as_ref()),
        "read": read,
    })
}

/// Which saved cut-offs were used; `null` if they were computed.
pub(crate) fn cut_offs(origin: Option<&CutOffsOrigin>) -> Value {
    origin.map_or(Value::Null, |origin| {
        json!({"file": origin.file, "version": origin.version, "as_of": origin.as_of, "customers": origin.customers})
    })
}

fn section(section: &SummaryTable) -> Value {
    let rows: Vec<Value> = section
        .rows
        .iter()
        .map(|row| {
            let named = section.columns.iter().zip(row).filter(|(name, _)| !name.is_empty());
            Value::Object(named.map(|(name, cell)| (name.clone(), cell_value(cell))).collect::<Map<_, _>>())
        })
        .collect();
    json!({"title": section.title, "rows": rows})
}

fn cell_value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::Figure(figure, ..) => json!(accolade_engine::summary::figures::number(Some(figure))),
        Cell::Share(share) | Cell::Bar(share) => json!(share),
        Cell::Value(value) => json_value(value),
        Cell::Verdict(met) => json!(cell::verdict(*met)),
    }
}

pub(super) fn list(findings: &Diagnostics, files: &SourceFiles) -> Vec<Value> {
    findings.iter().map(|finding| one(finding, files)).collect()
}

fn one(finding: &Diagnostic, files: &SourceFiles) -> Value {
    let labels: Vec<Value> = finding.labels.iter().map(|label| place(label.span, &label.text, files)).collect();
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let data = finding.data.as_ref().map(|d| json!({"file": d.file, "row": d.row, "column": d.column}));
    json!({
        "code": finding.code.id(),
        "severity": severity,
        "message": finding.message,
        "labels": labels,
        "data": data,
        "help": finding.help,
    })
}

fn place(span: Span, text: &str, files: &SourceFiles) -> Value {
    let file = files.get(span.source);
    let (line, column) = line_and_column(span, files);
    json!({
        "file": file.map(|f| f.path.display().to_string()),
        "start": span.start,
        "end": span.end,
        "line": line,
        "column": column,
        "text": text,
    })
}
