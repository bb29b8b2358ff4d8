//! The report as one self-contained HTML page, for a browser and a printer.

mod charts;
mod customers;
mod description;
mod escape;
mod migration;
mod notes;
mod section;
mod tiles;

use accolade_engine::SavedCutOffs;
use accolade_engine::describe::describe;
use accolade_engine::rules::present::SummaryTable;
use accolade_engine::rules::present::chart::Chart;
use accolade_engine::summary::{RuleSummary, figure_charts};

pub use self::escape::escaped;
use self::escape::in_script;
use crate::report::{Finding, Report, RunComparison};

/// The style sheet that all pages of this program share: colours, fonts, paper.
pub const BASE_STYLE: &str = include_str!("../../assets/base.css");
const STYLE: &str = include_str!("../../assets/report.css");
const SCRIPT: &str = include_str!("../../assets/report.js");
const ECHARTS: &str = include_str!("../../assets/echarts.min.js");

/// The content security policy: scripts, styles and data are in the page, and nothing else is loaded.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/// A section of the page.
struct ReportSection {
    id: String,
    heading: String,
    content: String,
}

/// Renders a report as an HTML page.
pub fn page(report: &Report) -> String {
    let mut charts = charts::Charts::default();
    let parts = parts(report, &mut charts);
    let contents: String = parts
        .iter()
        .map(|part| format!("<li><a href=\"#{}\">{}</a></li>\n", part.id, escaped(&part.heading)))
        .collect();
    let body: String = parts.iter().map(section).collect();
    let title = escaped(report.title());
    let description = report.set.description.as_deref().map(escaped).unwrap_or_default();
    let head = escaped(&report.head());
    let options = in_script(&charts.json().to_string());
    let data = in_script(&customers::data(report).to_string());
    [
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
        &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n"),
        &format!("<title>{title}</title>\n<style>\n{BASE_STYLE}{STYLE}</style>\n</head>\n<body>\n"),
        "<a class=\"skip\" href=\"#content\">Skip to the report</a>\n",
        &format!("<header>\n<h1>{title}</h1>\n<p class=\"lead\">{description}</p>\n<p>{head}</p>\n"),
        &tiles::tiles(report),
        "</header>\n<div class=\"columns\">\n",
        &format!("<nav aria-label=\"Contents\">\n<ul>\n{contents}</ul>\n</nav>\n"),
        &format!("<main id=\"content\" tabindex=\"-1\">\n{body}</main>\n</div>\n"),
        customers::DIALOG,
        &format!("<script type=\"application/json\" id=\"charts\">{options}</script>\n"),
        &format!("<script type=\"application/json\" id=\"data\">{data}</script>\n"),
        &format!("<script>\n{ECHARTS}\n</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"),
    ]
    .concat()
}

fn section(part: &ReportSection) -> String {
    let ReportSection { id, heading, content } = part;
    let heading = escaped(heading);
    format!("<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{heading}</h2>\n{content}</section>\n")
}

fn parts(report: &Report, charts: &mut charts::Charts) -> Vec<ReportSection> {
    let part = |id: &str, heading: &str, content: String| ReportSection {
        id: id.to_owned(),
        heading: heading.to_owned(),
        content,
    };
    let mut parts = Vec::new();
    if let Some(goals) = &report.goals {
        let chart = figure_charts::goals_chart(&report.set, &report.outcome);
        parts.push(part("goals", "Goals", charts_and_tables(chart.as_slice(), std::slice::from_ref(goals), charts)));
    }
    for (number, rule) in (1..).zip(&report.rules) {
        parts.push(part(&format!("rule-{number}"), &rule.rule, rule_content(rule, charts)));
    }
    if !report.measures.is_empty() {
        let pictures = figure_charts::measure_charts(&report.outcome.measures);
        parts.push(part("measures", "Measures", charts_and_tables(&pictures, &report.measures, charts)));
    }
    if !report.programmes.is_empty() {
        parts.push(part("programmes", "Programmes", report.programmes.iter().map(section::titled).collect()));
    }
    if let Some(compared) = &report.comparison {
        parts.push(part("migration", "Migration", migrations(compared, charts)));
    }
    parts.push(part("customers", "Customers", customers::table(report)));
    if !report.findings.is_empty() {
        parts.push(part("warnings", "Warnings", findings(&report.findings)));
    }
    parts.push(part("rules", "The rule set", rule_set(report)));
    parts
}

fn rule_content(rule: &RuleSummary, charts: &mut charts::Charts) -> String {
    let description = rule.description.as_deref().map(escaped).unwrap_or_default();
    let kind = escaped(&rule.kind.replace('_', " "));
    let head = format!("<p class=\"about\">{description} <span class=\"kind\">{kind}</span></p>\n");
    head + &charts_and_tables(&rule.charts, &rule.sections, charts)
}

/// Charts, and the tables that belong to none of them.
fn charts_and_tables(pictures: &[Chart], sections: &[SummaryTable], charts: &mut charts::Charts) -> String {
    let drawn: String = pictures.iter().map(|chart| charts.add(chart)).collect();
    let drawn = if drawn.is_empty() { drawn } else { format!("<div class=\"figures\">\n{drawn}</div>\n") };
    let others = sections.iter().filter(|section| pictures.iter().all(|chart| chart.table != **section));
    drawn + &others.map(section::titled).collect::<String>()
}

fn migrations(compared: &RunComparison, charts: &mut charts::Charts) -> String {
    let mut out = format!("<p class=\"about\">Since {}.</p>\n", escaped(&compared.old));
    if !compared.comparison.changes.is_empty() {
        let changes: String = compared
            .comparison
            .changes
            .iter()
            .map(|change| format!("<li>{}</li>\n", escaped(&change.description)))
            .collect();
        out += &format!("<h3>Changes in the rule file</h3>\n<ol>\n{changes}</ol>\n");
    }
    let pictures: Vec<Chart> = compared.comparison.migrations.iter().map(migration::chart).collect();
    if !compared.comparison.lost.is_empty() {
        let lost = compared.comparison.lost.iter();
        let lost: String =
            lost.map(|lost| format!("<li>{}</li>\n", escaped(&format!("{} {}", lost.rule, lost.what)))).collect();
        out += &format!("<h3>Lost rules</h3>\n<ul>\n{lost}</ul>\n");
    }
    out + &charts_and_tables(&pictures, &compared.comparison.figures(), charts)
}

fn findings(findings: &[Finding]) -> String {
    let item = |finding: &Finding| {
        let help: String = finding.help.iter().map(|help| format!("<small>{}</small>", escaped(help))).collect();
        format!("<li><span class=\"kind\">{}</span> {}{help}</li>\n", finding.code, escaped(&finding.message))
    };
    format!("<ul class=\"findings\">\n{}</ul>\n", findings.iter().map(item).collect::<String>())
}

fn rule_set(report: &Report) -> String {
    let text = |file: &accolade_engine::files::SourceFile| {
        let path = escaped(&file.path.display().to_string());
        format!("<details>\n<summary>{path}</summary>\n<pre tabindex=\"0\">{}</pre>\n</details>\n", escaped(&file.text))
    };
    let saved = SavedCutOffs::new(&report.set, &report.outcome);
    let description = describe(&report.set, &report.files, Some(&saved));
    let written: String = report.files.all().iter().map(text).collect();
    format!("{}<h3>As it is written</h3>\n{written}", description::document(&description))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_chart_library_is_the_one_the_readme_of_the_assets_tells_of() {
        let digest: String = Sha256::digest(ECHARTS).iter().map(|byte| format!("{byte:02x}")).collect();
        let readme = include_str!("../../assets/README.md");
        assert!(readme.contains(&format!("SHA-256 of `echarts.min.js`: `{digest}`")), "{digest}");
        // A closing tag inside a script would end it early.
        assert!(!ECHARTS.contains("</script") && !SCRIPT.contains("</script"));
    }
}
