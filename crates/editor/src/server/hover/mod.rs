//! Hover: the description of the item at a place.

mod describe;

use accolade_engine::kinds::measures::FUNCTIONS as MEASURES;
use accolade_engine::rules::analysis::{AGGREGATES, signatures};
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

use super::completion::{CompletionInput, PossibleKeys, keys_at, kind_doc};
use super::context::cursor_context;
use super::definition::target_at_cursor;
use super::documents::document_kind;
use super::main_loop::LanguageServer;
use super::names::word_at;
use super::position::LineIndex;
use super::requests::Cursor;

/// The hover at a place: what a name refers to, or what a word of the language means.
pub(super) fn hover(server: &LanguageServer, at: &Cursor) -> Option<Hover> {
    let word = word_at(&at.text, at.offset);
    let mut parts = Vec::new();
    if let Some((analysis, target)) = target_at_cursor(server, at) {
        parts.extend(describe::target(server, &analysis, &target));
    }
    if parts.is_empty() {
        parts.extend(language_item(server, at, word.clone()));
    }
    parts.extend(finding_pages(server, at));
    let value = parts.join("\n\n---\n\n");
    let range = (!word.is_empty()).then(|| LineIndex::new(&at.text, server.encoding).range(word));
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
    (!parts.is_empty()).then_some(Hover { contents, range })
}

/// The documentation of a key, a rule kind or a function.
fn language_item(server: &LanguageServer, at: &Cursor, word: std::ops::Range<usize>) -> Option<String> {
    let context = cursor_context(&at.text, word.end)?;
    let text = at.text.get(word)?;
    let analysis = server.project.last_good(&at.path).map(std::sync::Arc::as_ref);
    let sort = document_kind(&at.path, &at.text);
    let plugins = &server.options.plugins;
    let world = CompletionInput { plugins, analysis, path: &at.path, text: &at.text, document_kind: sort };
    if context.key {
        let PossibleKeys::Keys(keys) = keys_at(&world, &context.words()) else { return None };
        let key = keys.into_iter().find(|key| key.label == text)?;
        return Some(format!("`{}`: {}", key.label, key.doc));
    }
    if context.path.last().is_some_and(|key| key == "kind") {
        return plugins.kinds().iter().find(|kind| kind.name == text).map(|kind| kind_doc(kind));
    }
    function(server, text)
}

/// The documentation of a function, an aggregate or a measure.
fn function(server: &LanguageServer, name: &str) -> Option<String> {
    if let Some(function) = server.options.plugins.functions().iter().find(|f| f.name == name) {
        let examples = function.examples.iter().map(|(written, gives)| format!("{written} = {gives}\n"));
        let examples: String = examples.collect();
        let (takes, doc) = (signatures(function), function.doc);
        return Some(format!("`{name}` {takes}\n\n{doc}\n\n```accolade\n{examples}```"));
    }
    let aggregate = AGGREGATES.iter().find(|(known, ..)| *known == name);
    let aggregate = aggregate.map(|(_, _, doc)| format!("`{name}(TABLE.COLUMN in PERIOD where CONDITION)`\n\n{doc}"));
    let measure =
        MEASURES.iter().find(|m| m.name == name).map(|m| format!("measure `{name}` {}\n\n{}", m.takes, m.doc));
    let both: Vec<String> = aggregate.into_iter().chain(measure).collect();
    (!both.is_empty()).then(|| both.join("\n\n"))
}

/// The pages of the findings at a place.
fn finding_pages(server: &LanguageServer, at: &Cursor) -> Vec<String> {
    let mut found = Vec::new();
    for analysis in server.project.analyses_of(&at.path) {
        let Some(source) = analysis.source(&at.path) else { continue };
        for finding in &analysis.findings {
            let here = finding.labels.first().is_some_and(|label| {
                let range = label.span.range();
                label.span.source == source && range.start <= at.offset && at.offset <= range.end
            });
            let page = (server.options.page)(finding.code.id())
                .map(str::to_owned)
                .filter(|page| here && !found.contains(page));
            found.extend(page);
        }
    }
    found
}
