//! A report as Markdown: every table of the run, and the rule set in words.

use accolade_engine::rules::present::cell::{is_numeric, text};
use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::summary::RuleSummary;
use accolade_engine::{SavedCutOffs, describe};

use crate::markdown::{heading, inline};
use crate::{Report, RunComparison, markdown};

/// Renders a report as a Markdown document.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    heading(&mut out, 1, report.title());
    paragraph(&mut out, report.set.description.as_deref());
    paragraph(&mut out, Some(&format!("{}.", report.head())));
    if let Some(goals) = &report.goals {
        heading(&mut out, 2, "Goals");
        table(&mut out, goals);
    }
    heading(&mut out, 2, "Rules");
    report.rules.iter().for_each(|shown| rule(&mut out, shown));
    sections(&mut out, "Measures", &report.measures);
    sections(&mut out, "Programmes", &report.programmes);
    sections(&mut out, "The best customers", report.top.as_slice());
    if let Some(compared) = &report.comparison {
        changes(&mut out, compared);
    }
    if !report.findings.is_empty() {
        heading(&mut out, 2, "Warnings");
        out.push('\n');
        for finding in &report.findings {
            let help = finding.help.iter().map(|help| format!(" {}.", inline(help, false))).collect::<String>();
            out += &format!("- {}: {}.{help}\n", finding.code, inline(&finding.message, false));
        }
    }
    heading(&mut out, 2, "The rule set in words");
    let saved = SavedCutOffs::new(&report.set, &report.outcome);
    let description = describe::describe(&report.set, &report.files, Some(&saved));
    markdown::parts(&mut out, 3, &description.parts);
    out
}

fn paragraph(out: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        *out += &format!("\n{}\n", inline(text, false));
    }
}

fn rule(out: &mut String, shown: &RuleSummary) {
    heading(out, 3, &format!("`{}`", shown.rule));
    paragraph(out, shown.description.as_deref());
    for section in &shown.sections {
        if section.title != shown.rule {
            paragraph(out, Some(&section.title));
        }
        table(out, section);
    }
}

fn sections(out: &mut String, title: &str, sections: &[SummaryTable]) {
    if sections.is_empty() {
        return;
    }
    heading(out, 2, title);
    for section in sections {
        if section.title.to_lowercase() != title.to_lowercase() {
            paragraph(out, Some(&section.title));
        }
        table(out, section);
    }
}

fn changes(out: &mut String, compared: &RunComparison) {
    heading(out, 2, "What changed");
    paragraph(out, Some(&format!("Since {}.", compared.old)));
    if !compared.comparison.changes.is_empty() {
        out.push('\n');
        compared
            .comparison
            .changes
            .iter()
            .for_each(|change| *out += &format!("- {}\n", inline(&change.description, false)));
    }
    if !compared.comparison.lost.is_empty() {
        out.push('\n');
        for lost in &compared.comparison.lost {
            *out += &format!("- {}\n", inline(&format!("`{}` {}", lost.rule, lost.what), false));
        }
    }
    compared.comparison.figures().iter().for_each(|section| {
        paragraph(out, Some(&section.title));
        table(out, section);
    });
    for migration in &compared.comparison.migrations {
        heading(out, 3, &format!("`{}`", migration.field));
        paragraph(out, Some(&crate::migration::moved_text(migration)));
        if migration.moved > 0 {
            table(out, &crate::migration::table(migration));
        }
    }
}

/// Appends a table of the summary. Numbers are right-aligned; bar columns, which are for terminals, are left out.
fn table(out: &mut String, section: &SummaryTable) {
    let kept: Vec<usize> = (0..section.columns.len()).filter(|i| !is_bar(section, *i)).collect();
    let right = |i: &usize| section.rows.iter().any(|row| row.get(*i).is_some_and(is_numeric));
    let heading = kept.iter().map(|i| markdown::escaped(&section.columns[*i])).collect();
    let rows = section.rows.iter().map(|row| {
        let cell = |i: &usize| row.get(*i).map_or_else(String::new, |cell| markdown::escaped(text(cell).trim_end()));
        kept.iter().map(cell).collect()
    });
    out.push('\n');
    *out += &markdown::markdown_table(heading, &kept.iter().map(right).collect::<Vec<_>>(), rows);
}

/// Whether a column holds bars.
pub(crate) fn is_bar(section: &SummaryTable, column: usize) -> bool {
    section.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Bar(_))))
}
