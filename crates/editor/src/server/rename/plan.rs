//! The edits of a renaming, by file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use accolade_engine::rules::analysis::ReferenceTarget;

use super::{check_new_name, check_renamable, scripts, test_files};
use crate::server::definition::{name_of, target_spans};
use crate::server::documents::{DocumentKind, Documents, document_kind, tested_rule_file};
use crate::server::project::{Analysis, files_in};
use crate::server::uri::normal;

/// The ranges to replace and their new texts, by file, in order of place.
pub(in crate::server) type Edits = BTreeMap<PathBuf, Vec<(Range<usize>, String)>>;

/// The edits that rename a target in a rule file, what it includes, its scripts and its tests.
///
/// # Errors
/// Fails with a reason for the user when the target cannot be renamed.
pub(in crate::server) fn plan(
    analysis: &Analysis,
    target: &ReferenceTarget,
    new: &str,
    documents: &Documents,
) -> Result<Edits, String> {
    check_renamable(analysis, target)?;
    check_new_name(target, new)?;
    let mut edits = Edits::new();
    let mut add = |path: &Path, range: Range<usize>| {
        edits.entry(normal(path)).or_default().push((range, new.to_owned()));
    };
    for span in target_spans(analysis, target, true) {
        if let Some(file) = analysis.files.get(span.source) {
            add(&file.path, span.range());
        }
    }
    let name = name_of(target);
    let reads = analysis.compilation.as_ref().map(|c| c.uses.scripts.as_slice()).unwrap_or_default();
    if matches!(target, ReferenceTarget::Name(_)) {
        for script in reads.iter().filter(|script| script.names.iter().any(|read| read == name)) {
            let Some(file) = analysis.files.get(script.span.source) else { continue };
            let text = file.text.get(script.span.range()).unwrap_or_default();
            let found = scripts::variables(text, name)
                .map_err(|why| format!("the script in `{}` reads `{name}`, and {why}", file.path.display()))?;
            let start = script.span.range().start;
            found.into_iter().for_each(|range| add(&file.path, start + range.start..start + range.end));
        }
    } else if let Some(script) = reads.iter().find(|script| compares(analysis, script.span, name)) {
        let file = analysis.files.get(script.span.source).map(|file| file.path.display().to_string());
        let file = file.unwrap_or_default();
        return Err(format!("the script in `{file}` has the text \"{name}\"; rename it there first"));
    }
    for path in test_files(&analysis.root, documents) {
        let Some(text) = documents.text(&path) else { continue };
        for (path, range) in test_files::places(analysis, target, &path, &text, documents) {
            add(&path, range);
        }
    }
    for edits in edits.values_mut() {
        edits.sort_by_key(|(range, _)| range.start);
        edits.dedup();
    }
    Ok(edits)
}

/// Whether a script holds a text that may be the label.
fn compares(analysis: &Analysis, span: accolade_parser::Span, label: &str) -> bool {
    let text = analysis.files.get(span.source).and_then(|file| file.text.get(span.range())).unwrap_or_default();
    text.contains(&format!("\"{label}\"")) || text.contains(&format!("`{label}`"))
}

/// The test files of a rule file: those beside it, those in `tests`, and those that are open.
fn test_files(root: &Path, documents: &Documents) -> Vec<PathBuf> {
    let Some(folder) = root.parent() else { return Vec::new() };
    let mut found = files_in(folder, DocumentKind::Tests);
    found.extend(files_in(&folder.join("tests"), DocumentKind::Tests));
    found.extend(documents.paths().cloned());
    found.sort();
    found.dedup();
    found.retain(|path| {
        let text = documents.text(path).unwrap_or_default();
        document_kind(path, &text) == DocumentKind::Tests && tested_rule_file(path, &text) == root
    });
    found
}

/// Applies the edits to `documents`.
///
/// # Errors
/// Fails when a file cannot be read or has changed.
pub(in crate::server) fn apply(edits: &Edits, documents: &mut Documents) -> Result<(), String> {
    for (path, edits) in edits {
        let mut text = documents.text(path).ok_or_else(|| format!("`{}` cannot be read", path.display()))?;
        for (range, new) in edits.iter().rev() {
            if text.get(range.clone()).is_none() {
                return Err(format!("`{}` has changed meanwhile", path.display()));
            }
            text.replace_range(range.clone(), new);
        }
        documents.set(path.clone(), text, 0);
    }
    Ok(())
}
