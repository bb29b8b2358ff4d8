//! A page for a document.

use accolade_engine::explain::CustomerPage;
use accolade_report::markdown::{escaped, table};

use super::super::explanation::{ExplanationHead, parts};
use super::{CHANGES, RESULTS, heading, main, moves, others, title};

/// Every customer's page.
pub(crate) fn document(head: &ExplanationHead, pages: &[CustomerPage]) -> String {
    pages.iter().map(|page| customer(head, page)).collect::<Vec<_>>().join("\n")
}

fn customer(head: &ExplanationHead, page: &CustomerPage) -> String {
    let mut out = format!("# {}\n\n{}\n", escaped(&title(page)), escaped(&head.line()));
    for section in &page.sections {
        let fields = section.fields.iter().map(|f| vec![f.name.clone(), parts::value(&f.value, f.ty)]);
        out += &format!("\n## {}\n\n{}", heading(section.name), table(&["field", "value"], fields));
    }
    if !page.results.is_empty() {
        let rows = page.results.iter().map(|result| {
            let mut rest = others(result);
            rest.extend(result.description.clone());
            vec![result.rule.clone(), main(result), result.why.clone().unwrap_or_default(), rest.join("\n")]
        });
        out += &format!("\n## {RESULTS}\n\n{}", table(&["rule", "result", "why", "more"], rows));
    }
    if !page.changes.is_empty() {
        out += &format!("\n## {CHANGES}\n\n");
        for change in &page.changes {
            let moves = escaped(&moves(change));
            out += &format!("- {} **{}**: {moves}\n", escaped(&change.rule), escaped(&change.label));
        }
    }
    out
}
