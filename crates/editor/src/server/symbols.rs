//! The outline of a document: its sections and what is in them.

use accolade_parser::yaml::node::{Entry, Node};
use accolade_parser::{Diagnostics, SourceId, yaml};
use lsp_types::{DocumentSymbol, SymbolKind};

use super::position::{LineIndex, PositionEncoding};

/// The sections, and the symbol kind of their entries.
const SECTIONS: &[(&str, SymbolKind)] = &[
    ("sources", SymbolKind::STRUCT),
    ("periods", SymbolKind::CONSTANT),
    ("profile", SymbolKind::NAMESPACE),
    ("functions", SymbolKind::FUNCTION),
    ("rules", SymbolKind::CLASS),
    ("measures", SymbolKind::VARIABLE),
    ("programmes", SymbolKind::EVENT),
    ("goals", SymbolKind::KEY),
    ("cases", SymbolKind::METHOD),
];

/// Sections listed two levels deep, with the keys that hold the inner entries; without keys, the entry itself does.
const NESTED_SECTIONS: &[(&str, &[&str])] = &[("sources", &["columns"]), ("profile", &[]), ("rules", &["criteria"])];

/// The sections of a file.
pub(super) fn symbols(text: &str, encoding: PositionEncoding) -> Vec<DocumentSymbol> {
    let Some(Node::Mapping(file)) = yaml::parse(SourceId(0), text, &mut Diagnostics::new()) else { return Vec::new() };
    let lines = LineIndex::new(text, encoding);
    let section = |entry: &Entry| {
        let kind = SECTIONS.iter().find(|(name, _)| *name == entry.key.text).map(|(_, kind)| *kind)?;
        let within = NESTED_SECTIONS.iter().find(|(name, _)| *name == entry.key.text).map(|(_, keys)| *keys);
        let children = entries(&entry.value).iter().map(|child| symbol(child, kind, within, &lines)).collect();
        Some(DocumentSymbol { children: Some(children), ..symbol(entry, SymbolKind::MODULE, None, &lines) })
    };
    file.entries.iter().filter_map(section).collect()
}

fn entries(node: &Node) -> &[Entry] {
    if let Node::Mapping(mapping) = node { &mapping.entries } else { &[] }
}

/// The symbol of an entry. `within` names the keys that hold its inner entries; if empty, the entry itself does.
fn symbol(entry: &Entry, kind: SymbolKind, within: Option<&[&str]>, lines: &LineIndex) -> DocumentSymbol {
    let selection = lines.range(entry.key.span.range());
    let range = lines.range(entry.key.span.to(entry.value.span()).range());
    let children: Option<Vec<DocumentSymbol>> = within.map(|keys| {
        let own = entries(&entry.value);
        let deeper: Vec<&Entry> = if keys.is_empty() {
            own.iter().collect()
        } else {
            own.iter().filter(|e| keys.contains(&e.key.text.as_str())).flat_map(|e| entries(&e.value)).collect()
        };
        deeper.into_iter().map(|child| symbol(child, SymbolKind::FIELD, None, lines)).collect()
    });
    let detail = match &entry.value {
        Node::Scalar(scalar) => Some(scalar.text.clone()),
        Node::Mapping(mapping) => mapping.get("kind").and_then(|node| match node {
            Node::Scalar(kind) => Some(kind.text.clone()),
            _ => None,
        }),
        Node::Sequence(_) => None,
    };
    // `deprecated` is itself deprecated, but has to be given.
    #[allow(deprecated)]
    DocumentSymbol {
        name: if entry.key.text.is_empty() { "(nothing)".to_owned() } else { entry.key.text.clone() },
        detail,
        kind,
        tags: None,
        deprecated: None,
        range,
        selection_range: selection,
        children,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(symbols: &[DocumentSymbol], depth: usize, out: &mut Vec<String>) {
        for symbol in symbols {
            out.push(format!("{}{}", "  ".repeat(depth), symbol.name));
            lines(symbol.children.as_deref().unwrap_or_default(), depth + 1, out);
        }
    }

    #[test]
    fn the_outline_has_sections_entries_columns_and_criteria() {
        let text = "accolade: 1\nsources:\n  o:\n    columns: {a: text}\nprofile:\n  quantitative: {n: count(o)}\n\
                    rules:\n  r: {kind: rating, criteria: {c: {weight: 100%}}}\n";
        let mut out = Vec::new();
        lines(&symbols(text, PositionEncoding::Utf16), 0, &mut out);
        let expected = ["sources", "  o", "    a", "profile", "  quantitative", "    n", "rules", "  r", "    c"];
        assert_eq!(out, expected);
    }

    #[test]
    fn a_broken_file_has_no_outline() {
        assert!(symbols("a: [", PositionEncoding::Utf16).is_empty());
    }
}
