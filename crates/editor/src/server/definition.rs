//! Where something is defined, and where it is used.

use std::collections::BTreeSet;
use std::sync::Arc;

use accolade_engine::rules::analysis::ReferenceTarget;
use accolade_parser::yaml::node::{Node, Scalar};
use accolade_parser::{Diagnostics, SourceId, Span, yaml};
use lsp_types::{Location, Range};

use super::documents::tested_rule_file;
use super::main_loop::LanguageServer;
use super::names::{definitions, target_at, word_at, words};
use super::position::{LineIndex, PositionEncoding};
use super::project::Analysis;
use super::requests::Cursor;
use super::uri::uri;

/// The definition of the name, label, included file or script at a place.
pub(super) fn definition(server: &LanguageServer, at: &Cursor) -> Vec<Location> {
    if let Some(file) = file_at(at) {
        return file.into_iter().collect();
    }
    let Some((analysis, target)) = target_at_cursor(server, at) else { return Vec::new() };
    let Some(compilation) = &analysis.compilation else { return Vec::new() };
    let spans = definitions(compilation, &target);
    spans.into_iter().filter_map(|span| location(&analysis, span, server.encoding)).collect()
}

/// Every reference to the target at a place.
pub(super) fn references(server: &LanguageServer, at: &Cursor, declaration: bool) -> Vec<Location> {
    let Some((analysis, target)) = target_at_cursor(server, at) else { return Vec::new() };
    let spans = target_spans(&analysis, &target, declaration);
    spans.into_iter().filter_map(|span| location(&analysis, span, server.encoding)).collect()
}

/// The spans that refer to a target, with those of its definition if `declaration`.
pub(super) fn target_spans(analysis: &Analysis, target: &ReferenceTarget, declaration: bool) -> BTreeSet<Span> {
    let Some(compilation) = &analysis.compilation else { return BTreeSet::new() };
    let used = compilation.uses.places.iter().filter(|place| place.target == *target).map(|place| place.span);
    let mut spans: BTreeSet<Span> = used.filter_map(|span| name_span(analysis, span, target)).collect();
    let defined: BTreeSet<Span> =
        definitions(compilation, target).into_iter().filter_map(|span| name_span(analysis, span, target)).collect();
    if declaration {
        spans.extend(defined);
    } else {
        spans.retain(|span| !defined.contains(span));
    }
    spans
}

/// The part of a span that is the name itself, without quotes and other text around it.
pub(super) fn name_span(analysis: &Analysis, span: Span, target: &ReferenceTarget) -> Option<Span> {
    let name = name_of(target);
    let text = analysis.files.get(span.source)?.text.get(span.range())?;
    let range = words(text, name).into_iter().next()?;
    let start = span.range().start + range.start;
    Some(Span::new(span.source, start..start + range.len()))
}

pub(super) fn name_of(target: &ReferenceTarget) -> &str {
    match target {
        ReferenceTarget::Name(name) | ReferenceTarget::Column(_, name) | ReferenceTarget::Label(_, name) => name,
    }
}

/// The target at a place of a rule file, a script or a test file.
pub(super) fn target_at_cursor(server: &LanguageServer, at: &Cursor) -> Option<(Arc<Analysis>, ReferenceTarget)> {
    if let Some(analysis) = server.project.rules(&at.path) {
        if let Some((target, _)) = target_at(analysis, &at.path, at.offset) {
            return Some((Arc::clone(analysis), target));
        }
        if at.path.extension().is_none_or(|ending| ending != "rhai") {
            return None;
        }
        return by_word(analysis, at);
    }
    // A test file refers to definitions of its rule file.
    server.project.analyses_of(&at.path).next()?;
    by_word(server.project.rules(&tested_rule_file(&at.path, &at.text))?, at)
}

/// The target that the word at a place names, whatever the context.
fn by_word(analysis: &Arc<Analysis>, at: &Cursor) -> Option<(Arc<Analysis>, ReferenceTarget)> {
    let file = analysis.compilation.as_ref()?.written.as_ref()?;
    let range = word_at(&at.text, at.offset);
    let word = at.text.get(range.clone())?;
    let owner = at.text[..range.start].strip_suffix('.').map(|before| &before[word_at(before, before.len())]);
    let target = match owner.filter(|owner| file.sources.contains_key(*owner)) {
        Some(source) => ReferenceTarget::Column(source.to_owned(), word.to_owned()),
        None => match super::names::find(file, word)? {
            super::names::NamedItem::Column(source, _) => {
                ReferenceTarget::Column(source.name.value.clone(), word.to_owned())
            }
            _ => ReferenceTarget::Name(word.to_owned()),
        },
    };
    Some((Arc::clone(analysis), target))
}

fn location(analysis: &Analysis, span: Span, encoding: PositionEncoding) -> Option<Location> {
    let file = analysis.files.get(span.source)?;
    let range = LineIndex::new(&file.text, encoding).range(span.range());
    Some(Location { uri: uri(&file.path)?, range })
}

/// The file that the scalar at a place names, if its key takes files and the file exists.
fn file_at(at: &Cursor) -> Option<Option<Location>> {
    let tree = yaml::parse(SourceId(0), &at.text, &mut Diagnostics::new())?;
    let (key, scalar) = scalar_at(&tree, "", at.offset)?;
    if !matches!(key.as_str(), "include" | "script" | "file" | "rules" | "table" | "before" | "cutoffs") {
        return None;
    }
    let path = at.path.parent()?.join(&scalar.text);
    if !path.is_file() {
        return None;
    }
    Some(uri(&path).map(|uri| Location { uri, range: Range::default() }))
}

/// The value at a byte and the key it is under.
fn scalar_at(node: &Node, key: &str, offset: usize) -> Option<(String, Scalar)> {
    match node {
        Node::Scalar(scalar) => {
            let range = scalar.span.range();
            (range.start <= offset && offset <= range.end).then(|| (key.to_owned(), scalar.clone()))
        }
        Node::Sequence(items) => items.items.iter().find_map(|item| scalar_at(item, key, offset)),
        Node::Mapping(mapping) => mapping.entries.iter().find_map(|e| scalar_at(&e.value, &e.key.text, offset)),
    }
}
