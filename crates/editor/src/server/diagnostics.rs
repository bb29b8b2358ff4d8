//! Findings as diagnostics of the protocol, by file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use accolade_parser::{Diagnostic, Label, Severity};
use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString};

use super::position::{LineIndex, PositionEncoding};
use super::project::Analysis;
use super::uri::{normal, uri};

/// The `source` of every diagnostic.
const SOURCE: &str = "accolade";

/// The published diagnostics, kept so that they can be withdrawn.
#[derive(Debug, Default)]
pub(super) struct PublishedDiagnostics {
    /// The diagnostics by root, then by file.
    findings: BTreeMap<PathBuf, BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>>>,
}

impl PublishedDiagnostics {
    /// Replaces the findings of a root. Returns the files whose findings may have changed.
    pub(super) fn replace(&mut self, analysis: &Analysis, encoding: PositionEncoding) -> BTreeSet<PathBuf> {
        let found = by_file(analysis, encoding);
        let mut changed: BTreeSet<PathBuf> = found.keys().cloned().collect();
        let before = self.findings.insert(analysis.root.clone(), found);
        changed.extend(before.unwrap_or_default().into_keys());
        changed
    }

    /// Forgets a root. Returns the files that had findings of it.
    pub(super) fn forget(&mut self, root: &Path) -> BTreeSet<PathBuf> {
        self.findings.remove(root).unwrap_or_default().into_keys().collect()
    }

    /// All diagnostics of a file, without duplicates from several roots.
    pub(super) fn of(&self, path: &Path) -> Vec<lsp_types::Diagnostic> {
        let mut all: Vec<lsp_types::Diagnostic> = Vec::new();
        for diagnostic in self.findings.values().filter_map(|files| files.get(path)).flatten() {
            if !all.contains(diagnostic) {
                all.push(diagnostic.clone());
            }
        }
        all
    }
}

/// The findings of an analysis by the file of their first label. Files without findings are there to be cleared.
fn by_file(analysis: &Analysis, encoding: PositionEncoding) -> BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>> {
    let mut files: BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>> =
        analysis.paths().map(|path| (path, Vec::new())).collect();
    // Errors in the rules are shown there, not again with each test file.
    if analysis.compilation.is_none() {
        files.retain(|path, _| *path == analysis.root);
    }
    files.entry(analysis.root.clone()).or_default();
    for finding in &analysis.findings {
        let file = finding.labels.first().and_then(|label| analysis.files.get(label.span.source));
        let path = file.map_or_else(|| analysis.root.clone(), |file| normal(&file.path));
        if let Some(found) = files.get_mut(&path) {
            found.push(diagnostic(finding, analysis, encoding));
        }
    }
    files
}

/// A finding as a protocol diagnostic. Help is part of the message, since most clients show nothing else.
pub(super) fn diagnostic(
    finding: &Diagnostic,
    analysis: &Analysis,
    encoding: PositionEncoding,
) -> lsp_types::Diagnostic {
    let range = |label: &Label| {
        let file = analysis.files.get(label.span.source)?;
        Some(LineIndex::new(&file.text, encoding).range(label.span.range()))
    };
    let (first, rest) = match finding.labels.split_first() {
        Some((first, rest)) => (Some(first), rest),
        None => (None, [].as_slice()),
    };
    let mut message = finding.message.clone();
    if let Some(label) = first.filter(|label| !label.text.is_empty()) {
        message += &format!(" ({})", label.text);
    }
    for help in &finding.help {
        message += &format!("\nhelp: {help}");
    }
    let related = rest.iter().filter_map(|label| {
        let uri = uri(&analysis.files.get(label.span.source)?.path)?;
        let message = if label.text.is_empty() { "here".to_owned() } else { label.text.clone() };
        Some(DiagnosticRelatedInformation { location: Location { uri, range: range(label)? }, message })
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    lsp_types::Diagnostic {
        range: first.and_then(range).unwrap_or_default(),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(finding.code.to_string())),
        source: Some(SOURCE.to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..lsp_types::Diagnostic::default()
    }
}
