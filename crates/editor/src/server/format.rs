//! A document in canonical form, as `accolade fmt` writes it.

use std::path::Path;

use accolade_engine::Plugins;
use accolade_parser::{SourceId, format};
use lsp_types::TextEdit;

use super::documents::{DocumentKind, document_kind};
use super::main_loop::LanguageServer;
use super::position::{LineIndex, PositionEncoding};

/// The edits that bring a document into canonical form. `None` for other files and for syntax errors.
pub(super) fn edits(server: &LanguageServer, path: &Path) -> Option<Vec<TextEdit>> {
    let text = server.documents.text(path)?;
    let sort = match document_kind(path, &text) {
        // An included file need not look like a rule file.
        DocumentKind::Other if server.project.analyses_of(path).next().is_some() => DocumentKind::Rules,
        sort => sort,
    };
    edits_of(&text, sort, &server.options.plugins, server.encoding)
}

fn edits_of(text: &str, sort: DocumentKind, plugins: &Plugins, encoding: PositionEncoding) -> Option<Vec<TextEdit>> {
    let kinds = |kind: &str| plugins.keys(kind);
    let formatted = format::format(SourceId(0), text, sort.keys()?, &kinds).ok()?;
    if formatted == text {
        return Some(Vec::new());
    }
    let whole = LineIndex::new(text, encoding).range(0..text.len());
    Some(vec![TextEdit::new(whole, formatted)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::{SHOP, plugins};

    fn check(sort: DocumentKind, text: &str, expected: Option<&str>) {
        let edits = edits_of(text, sort, &plugins(), PositionEncoding::Utf16);
        let given = edits.map(|edits| match edits.as_slice() {
            [edit] => {
                assert_eq!(edit.range, LineIndex::new(text, PositionEncoding::Utf16).range(0..text.len()));
                edit.new_text.clone()
            }
            edits => {
                assert_eq!(edits, []);
                text.to_owned()
            }
        });
        assert_eq!(given.as_deref(), expected);
    }

    #[test]
    fn a_document_becomes_canonical() {
        check(DocumentKind::Rules, SHOP, Some(SHOP));
        check(DocumentKind::Rules, &SHOP.replace(" and score > 3", "  and score>3"), Some(SHOP));
        check(DocumentKind::Rules, &SHOP.replace("    by: revenue", "    by:   'revenue'"), Some(SHOP));
        let cases = "cases:\n  one:\n    expect: {customers: {K1: {revenue: 5}}}\n";
        check(DocumentKind::Tests, &cases.replace("{K1: ", "{ K1:  "), Some(cases));
    }

    #[test]
    fn what_has_errors_or_is_not_ours_stays() {
        check(DocumentKind::Rules, "name: [a\n", None);
        check(DocumentKind::Rules, &SHOP.replace("score > 3", "score > > 3"), None);
        check(DocumentKind::Script, "1+1", None);
        check(DocumentKind::Other, "services:   {}\n", None);
    }
}
