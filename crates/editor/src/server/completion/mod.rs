//! Completion: proposals for the text at the cursor.

mod expression;
mod keys;
mod values;

use std::collections::BTreeSet;
use std::path::Path;

use accolade_engine::Plugins;
use accolade_parser::syntax::file::RuleFile;
use accolade_parser::syntax::names;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent, MarkupKind, TextEdit,
};

pub(super) use self::keys::{PossibleKeys, keys_at, kind_doc};
use super::context::{CursorContext, cursor_context};
use super::documents::{DocumentKind, document_kind, tested_rule_file};
use super::main_loop::LanguageServer;
use super::position::LineIndex;
use super::project::Analysis;
use super::requests::Cursor;
use super::{data_columns, names as known};

/// A text that completion proposes.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) label: String,
    /// The text to insert, if it is more than the label.
    pub(super) insert: Option<String>,
    pub(super) kind: CompletionItemKind,
    /// Its type, signature or another short description.
    pub(super) detail: String,
    /// Its documentation, as Markdown.
    pub(super) doc: String,
}

impl Candidate {
    pub(super) fn new(label: impl Into<String>, kind: CompletionItemKind, detail: impl Into<String>) -> Candidate {
        Candidate { label: label.into(), insert: None, kind, detail: detail.into(), doc: String::new() }
    }

    pub(super) fn doc(mut self, doc: impl Into<String>) -> Candidate {
        self.doc = doc.into();
        self
    }
}

/// The input of completion.
pub(super) struct CompletionInput<'a> {
    pub(super) plugins: &'a Plugins,
    /// The last analysis without errors, or else the newest.
    pub(super) analysis: Option<&'a Analysis>,
    /// The document.
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    pub(super) document_kind: DocumentKind,
}

impl<'a> CompletionInput<'a> {
    /// The rule file of the analysis.
    pub(super) fn written(&self) -> Option<&'a RuleFile> {
        self.analysis?.compilation.as_ref()?.written.as_deref()
    }
}

/// The proposals at a place.
pub(super) fn complete(server: &LanguageServer, at: &Cursor) -> Vec<CompletionItem> {
    let sort = document_kind(&at.path, &at.text);
    let rules = match sort {
        DocumentKind::Tests => tested_rule_file(&at.path, &at.text),
        _ => at.path.clone(),
    };
    let analysis = server.project.last_good(&rules).map(std::sync::Arc::as_ref);
    let world = CompletionInput {
        plugins: &server.options.plugins,
        analysis,
        path: &at.path,
        text: &at.text,
        document_kind: sort,
    };
    let (proposals, word) = propose(&world, at.offset);
    let range = LineIndex::new(&at.text, server.encoding).range(word);
    let mut seen = BTreeSet::new();
    let new = proposals.into_iter().filter(|proposal| seen.insert(proposal.label.clone()));
    new.enumerate().map(|(i, proposal)| item(proposal, i, range)).collect()
}

/// The proposals, and the part of the text that they replace.
fn propose(world: &CompletionInput, offset: usize) -> (Vec<Candidate>, std::ops::Range<usize>) {
    let start = known::word_at(world.text, offset).start;
    let word = start..offset;
    if world.document_kind == DocumentKind::Script {
        return (expression::in_script(world), word);
    }
    let Some(context) = cursor_context(world.text, offset) else { return (Vec::new(), word) };
    let proposals = if context.key { keys(world, &context) } else { values::value_candidates(world, &context) };
    // A path is replaced as a whole.
    let whole = proposals.iter().any(|p| matches!(p.kind, CompletionItemKind::FILE));
    let word = if whole { offset - context.text.len().min(offset)..offset } else { word };
    (proposals, word)
}

/// Keys that the mapping does not have yet.
fn keys(world: &CompletionInput, context: &CursorContext) -> Vec<Candidate> {
    let mut proposals = match keys_at(world, &context.words()) {
        PossibleKeys::Keys(keys) => keys,
        PossibleKeys::Names(names) => names,
        PossibleKeys::Columns => columns(world, context),
    };
    proposals.retain(|proposal| context.sibling(&proposal.label).is_none());
    for proposal in &mut proposals {
        if proposal.insert.is_none() {
            proposal.insert = Some(format!("{}: ", proposal.label));
        }
    }
    proposals
}

/// The columns of the data file of the source around the cursor.
fn columns(world: &CompletionInput, context: &CursorContext) -> Vec<Candidate> {
    let Some(source) = context.path.get(1) else { return Vec::new() };
    let Some(file) = keys::value_in(world.text, &["sources", source, "file"]) else { return Vec::new() };
    let Some(folder) = world.path.parent() else { return Vec::new() };
    let found =
        data_columns::columns(&folder.join(file)).into_iter().filter(|column| names::check(&column.name).is_none());
    let propose = |column: data_columns::GuessedColumn| {
        let insert = Some(format!("{}: {}", column.name, column.ty));
        Candidate { insert, ..Candidate::new(column.name, CompletionItemKind::FIELD, column.ty) }
    };
    found.map(propose).collect()
}

fn item(proposal: Candidate, place: usize, range: lsp_types::Range) -> CompletionItem {
    let Candidate { label, insert, kind, detail, doc } = proposal;
    let markdown = MarkupContent { kind: MarkupKind::Markdown, value: doc };
    CompletionItem {
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, insert.unwrap_or_else(|| label.clone())))),
        // Clients sort by this text, so the likeliest proposals come first.
        sort_text: Some(format!("{place:04}")),
        filter_text: Some(label.clone()),
        label,
        kind: Some(kind),
        detail: (!detail.is_empty()).then_some(detail),
        documentation: (!markdown.value.is_empty()).then_some(Documentation::MarkupContent(markdown)),
        ..CompletionItem::default()
    }
}

#[cfg(test)]
mod tests;
