//! Reports as JUnit XML for build servers.

use super::text;
use crate::TestReport;
use crate::run::{CaseResult, ExpectationFailure};

/// The reports of several test files as one document.
pub fn junit(reports: &[TestReport]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for report in reports {
        let errors = report.errors.iter().filter(|d| d.code.severity() == accolade_parser::Severity::Error).count();
        out += &format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
            escaped(&report.path.display().to_string()),
            report.cases.len(),
            report.cases.len() - report.passes(),
            usize::from(errors > 0)
        );
        if errors > 0 {
            let lines: Vec<String> = report.errors.iter().map(|d| text::one_line(d, &report.files)).collect();
            out += &format!(
                "    <testcase name=\"the files are sound\"><error>{}</error></testcase>\n",
                escaped(&lines.join("\n"))
            );
        }
        report.cases.iter().for_each(|case| out += &self::case(case, report));
        out += "  </testsuite>\n";
    }
    out + "</testsuites>\n"
}

fn case(case: &CaseResult, report: &TestReport) -> String {
    let name = escaped(&case.name);
    if case.passed() {
        return format!("    <testcase name=\"{name}\"/>\n");
    }
    let errors = case.errors.iter().map(|d| text::one_line(d, &report.files));
    let line = |f: &ExpectationFailure| {
        let customer = f.customer.as_deref().unwrap_or("(all)");
        format!("{customer} {}: expected {}, actual {} {}", f.field, f.expected, f.actual, f.why)
    };
    let lines: Vec<String> = errors.chain(case.failures.iter().map(line)).collect();
    let message = escaped(lines.first().map_or("", String::as_str).trim_end());
    let body = escaped(&lines.join("\n"));
    format!("    <testcase name=\"{name}\"><failure message=\"{message}\">{body}</failure></testcase>\n")
}

/// Text escaped for XML, without characters that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\n' | '\t' => out.push(c),
            c if (c as u32) < 0x20 || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
