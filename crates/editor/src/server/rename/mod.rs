//! Renaming: the edits of every place of a name in rule files, scripts and tests, or the reason why it is refused.

mod plan;
mod scripts;
mod test_files;

use std::path::PathBuf;
use std::sync::Arc;

use accolade_engine::rules::analysis::ReferenceTarget;
use accolade_parser::Diagnostics;
use accolade_parser::syntax::names as allowed;
use lsp_types::{DocumentChanges, TextEdit, WorkspaceEdit};

pub(super) use self::plan::{Edits, apply, plan};
use super::actions::edit_of;
use super::definition::{name_of, name_span, target_at_cursor};
use super::main_loop::LanguageServer;
use super::names;
use super::names::{NamedItem, target_at, word_at};
use super::position::LineIndex;
use super::project::Analysis;
use super::requests::Cursor;

/// The name at a place and its range, if it can be renamed.
pub(super) fn prepare(server: &LanguageServer, at: &Cursor) -> Result<(lsp_types::Range, String), String> {
    let (analysis, target) = target(server, at)?;
    check_renamable(&analysis, &target)?;
    let place =
        target_at(&analysis, &at.path, at.offset).and_then(|(target, span)| name_span(&analysis, span, &target));
    let range = place.map_or_else(|| word_at(&at.text, at.offset), |span| span.range());
    Ok((LineIndex::new(&at.text, server.encoding).range(range), name_of(&target).to_owned()))
}

/// The edits that rename the target at a place.
pub(super) fn rename(server: &LanguageServer, at: &Cursor, new: &str) -> Result<WorkspaceEdit, String> {
    let (first, target) = target(server, at)?;
    let mut all = Edits::new();
    for analysis in analyses_sharing(server, &first, &target) {
        for (path, edits) in edits(server, &analysis, &target, new)? {
            let of_file = all.entry(path).or_default();
            of_file.extend(edits);
            of_file.sort_by_key(|(range, _)| range.start);
            of_file.dedup();
        }
    }
    let change = |(path, edits): (PathBuf, Vec<(std::ops::Range<usize>, String)>)| {
        let text = server.documents.text(&path)?;
        let lines = LineIndex::new(&text, server.encoding);
        let edits = edits.into_iter().map(|(range, text)| TextEdit::new(lines.range(range), text)).collect();
        edit_of(server, &path, edits)
    };
    let changes: Option<Vec<_>> = all.into_iter().map(change).collect();
    let changes = changes.ok_or("a file that would change cannot be read")?;
    Ok(WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(changes)), ..WorkspaceEdit::default() })
}

/// The edits of one rule file, its scripts and its tests. Fails when they would cause a new error.
fn edits(server: &LanguageServer, analysis: &Analysis, target: &ReferenceTarget, new: &str) -> Result<Edits, String> {
    let edits = plan(analysis, target, new, &server.documents)?;
    let mut after = server.documents.clone();
    apply(&edits, &mut after)?;
    let changed = edits.keys().cloned().collect();
    let mut project = super::project::Project::default();
    project.check(&changed, &after, &server.options.plugins);
    for root in std::iter::once(&analysis.root).chain(edits.keys()) {
        let Some(checked) = project.analysis(root) else { continue };
        let before = server.project.analysis(root).map(|analysis| analysis.findings.clone()).unwrap_or_default();
        if let Some(finding) = new_error(&before, &checked.findings) {
            return Err(format!("`{}` cannot be `{new}`: {finding}", name_of(target)));
        }
    }
    Ok(edits)
}

/// The message of an error whose code is more frequent after the edits than before.
fn new_error(before: &Diagnostics, after: &Diagnostics) -> Option<String> {
    let count = |all: &Diagnostics, code: &str| all.iter().filter(|d| d.code.id() == code).count();
    let errors = after.iter().filter(|d| d.code.id().starts_with('E'));
    errors.into_iter().find(|d| count(after, d.code.id()) > count(before, d.code.id())).map(|d| d.message.clone())
}

/// The rule files that share the definition of a target.
fn analyses_sharing(server: &LanguageServer, first: &Arc<Analysis>, target: &ReferenceTarget) -> Vec<Arc<Analysis>> {
    let defined = first.compilation.as_ref().map(|compilation| names::definitions(compilation, target));
    let file = defined.and_then(|spans| first.files.get(spans.first()?.source).map(|f| super::uri::normal(&f.path)));
    let Some(file) = file else { return vec![Arc::clone(first)] };
    server.project.analyses_of(&file).filter(|analysis| analysis.compilation.is_some()).map(Arc::clone).collect()
}

fn target(server: &LanguageServer, at: &Cursor) -> Result<(Arc<Analysis>, ReferenceTarget), String> {
    target_at_cursor(server, at).ok_or_else(|| "there is no name here that can be changed".to_owned())
}

/// Fails with the reason when a target cannot be renamed.
fn check_renamable(analysis: &Analysis, target: &ReferenceTarget) -> Result<(), String> {
    let unread = "the rule file cannot be read";
    let compilation = analysis.compilation.as_ref().ok_or(unread)?;
    let file = compilation.written.as_ref().ok_or(unread)?;
    match target {
        ReferenceTarget::Column(source, column) => {
            let data = file.sources.get(source).and_then(|source| source.file.as_ref());
            let data = data.map_or_else(|| format!("the data of `{source}`"), |file| format!("`{}`", file.value));
            Err(format!("`{column}` is the name of a column in {data}; rename it there first"))
        }
        ReferenceTarget::Name(name) => match names::find(file, name) {
            Some(NamedItem::Function(_)) => {
                Err(format!("`{name}` is the name of a function in its script; rename it in both by hand"))
            }
            Some(_) => Ok(()),
            None => Err(format!("`{name}` is not defined")),
        },
        ReferenceTarget::Label(field, label) if names::definitions(compilation, target).is_empty() => {
            Err(format!("`{label}` is a label of `{field}` that its kind gives, or a value in the data"))
        }
        ReferenceTarget::Label(..) => Ok(()),
    }
}

/// Fails with the reason when a target cannot have the new name.
fn check_new_name(target: &ReferenceTarget, new: &str) -> Result<(), String> {
    match target {
        ReferenceTarget::Label(..) => {
            let simple = new.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-'));
            let begins = new.starts_with(|c: char| c.is_alphabetic() || c == '_') && new.trim() == new;
            let keyword = allowed::check(new).is_some_and(|wrong| wrong.message.contains("word of the language"));
            if simple && begins && !keyword {
                return Ok(());
            }
            Err(format!(
                "`{new}` cannot be a label here: begin with a letter, then letters, digits, `_`, `-` and spaces"
            ))
        }
        _ => match allowed::check(new) {
            Some(wrong) => Err(format!("{}; {}", wrong.message, wrong.help)),
            None => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests;
