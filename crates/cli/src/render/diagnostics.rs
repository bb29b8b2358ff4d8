//! Diagnostics for a reader (on standard error) or a program (on standard output).

use std::io::{self, Write};

use accolade_engine::SourceFiles;
use accolade_parser::{Diagnostic, Diagnostics, Severity, SourceId};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::json;
use super::secrets::masked;
use crate::args::OutputFormat;
use crate::terminal;
use crate::terminal::visible;

/// Shows all findings.
pub(crate) fn show(files: &SourceFiles, findings: &Diagnostics, output: OutputFormat) -> io::Result<()> {
    if output == OutputFormat::Json {
        return writeln!(terminal::stdout(), "{}", json::diagnostics(findings, files));
    }
    let mut err = terminal::stderr();
    for finding in findings {
        writeln!(err, "{}\n", render(files, finding))?;
    }
    Ok(())
}

/// One finding as text with colours. The stream strips them where they are not supported.
pub(crate) fn render(files: &SourceFiles, finding: &Diagnostic) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(visible(&finding.message)).id(finding.code.id()));
    let mut sources: Vec<SourceId> = finding.labels.iter().map(|l| l.span.source).collect();
    sources.dedup();
    sources.sort_by_key(|s| finding.labels.iter().position(|l| l.span.source == *s));
    sources.dedup();
    let shown: Vec<(SourceId, String, String)> = sources
        .iter()
        .filter_map(|source| Some((source, files.get(*source)?)))
        .map(|(source, file)| (*source, file.path.display().to_string(), masked(&file.text)))
        .collect();
    for (source, path, text) in &shown {
        let mut snippet = Snippet::source(text.as_str()).path(path.as_str());
        for (i, label) in finding.labels.iter().enumerate().filter(|(_, l)| l.span.source == *source) {
            let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mut annotation = kind.span(within(text, label.span.range()));
            if !label.text.is_empty() {
                annotation = annotation.label(visible(&label.text));
            }
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    if let Some(place) = &finding.data {
        let mut origin = Origin::path(visible(&place.file));
        if let Some(row) = place.row {
            origin = origin.line(usize::try_from(row).unwrap_or(usize::MAX));
        }
        group = group.element(origin);
        if let Some(column) = &place.column {
            group = group.element(Level::NOTE.message(format!("column `{}`", visible(column))));
        }
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    Renderer::styled().decor_style(DecorStyle::Ascii).render(&[group])
}

/// The range cut to the text, on character boundaries.
fn within(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let start = floor(range.start);
    start..floor(range.end).max(start)
}
