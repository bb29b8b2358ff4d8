//! Reports as text: a line for each case, a table of differences for each that failed, and a summary.

use accolade_engine::SourceFiles;
use accolade_parser::{Diagnostic, Severity, Span};

use crate::run::{CaseResult, ExpectationFailure};
use crate::{Coverage, TestReport};

/// The report of one test file.
pub fn text(report: &TestReport) -> String {
    let mut out = format!("{}\n", report.path.display());
    for finding in &report.errors {
        out += &format!("  {}\n", one_line(finding, &report.files));
        finding.help.iter().for_each(|help| out += &format!("    help: {help}\n"));
    }
    for case in &report.cases {
        out += &self::case(case, &report.files);
    }
    let failed = report.cases.len() - report.passes();
    let left_out = if report.left_out > 0 { format!(", {} left out", report.left_out) } else { String::new() };
    let checks: usize = report.cases.iter().map(|c| c.checks).sum();
    if !report.errors.has_errors() {
        out += &format!("{} passed, {failed} failed{left_out}; {checks} values compared\n", report.passes());
    }
    out
}

fn case(case: &CaseResult, files: &SourceFiles) -> String {
    let mut out = format!("  {}  {}\n", if case.passed() { "ok  " } else { "FAIL" }, case.name);
    for finding in &case.errors {
        out += &format!("        {}\n", one_line(finding, files));
        finding.help.iter().for_each(|help| out += &format!("          help: {help}\n"));
    }
    if !case.failures.is_empty() {
        out += &table(&case.failures);
    }
    out
}

fn table(failures: &[ExpectationFailure]) -> String {
    let heading = ["customer", "field", "expected", "actual", "why"].map(str::to_owned);
    let row = |f: &ExpectationFailure| {
        let customer = f.customer.clone().unwrap_or_else(|| "(all)".to_owned());
        [customer, f.field.clone(), f.expected.clone(), f.actual.clone(), f.why.clone()]
    };
    let rows: Vec<[String; 5]> = std::iter::once(heading).chain(failures.iter().map(row)).collect();
    let width = |i: usize| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3, 4].map(width);
    let line = |row: &[String; 5]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("        {}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// A diagnostic in one line: its code, message and place.
pub(super) fn one_line(finding: &Diagnostic, files: &SourceFiles) -> String {
    let place = match (&finding.data, finding.labels.first()) {
        (Some(data), _) => {
            let row = data.row.map_or(String::new(), |row| format!(":{row}"));
            let column = data.column.as_ref().map_or(String::new(), |c| format!(", column `{c}`"));
            format!(" ({}{row}{column})", data.file)
        }
        (None, Some(label)) => place(label.span, files).map_or(String::new(), |place| format!(" ({place})")),
        (None, None) => String::new(),
    };
    let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
    format!("{severity}[{}]: {}{place}", finding.code, finding.message)
}

/// `rules.yaml:12`
pub(super) fn place(span: Span, files: &SourceFiles) -> Option<String> {
    let file = files.get(span.source)?;
    let line = file.text.get(..span.start as usize)?.matches('\n').count() + 1;
    Some(format!("{}:{line}", file.path.file_name()?.to_string_lossy()))
}

/// The coverage as text: counts, and the targets that no case reaches.
pub fn coverage(coverage: &Coverage, files: &SourceFiles) -> String {
    let (reached, all) = coverage.counts();
    let mut out = format!("coverage: {reached} of {all} ({:.1}%)\n", 100.0 * coverage.share());
    let mut names: Vec<&str> = coverage.0.iter().map(|t| t.owner.as_str()).collect();
    names.dedup();
    for name in names {
        let of: Vec<_> = coverage.0.iter().filter(|t| t.owner == name).collect();
        let met = of.iter().filter(|t| t.reached).count();
        out += &format!("  {name}: {met} of {}\n", of.len());
        for target in of.iter().filter(|t| !t.reached) {
            let place = target.span.and_then(|s| place(s, files)).map_or(String::new(), |p| format!(" ({p})"));
            out += &format!("    not reached: {} {}{place}\n", target.kind, target.name);
        }
    }
    out
}
