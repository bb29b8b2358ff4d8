//! Pages as JSON. `version` changes with every incompatible change.

use accolade_engine::explain::{CustomerPage, PageChange, PageResult};
use accolade_engine::output::json_value;
use accolade_engine::rules::explain::FieldValue;
use serde_json::{Map, Value as Json, json};

use super::super::explanation::ExplanationHead;
use super::super::explanation::data::{change as moved, named};
use super::super::json;

/// All pages as one document.
pub(crate) fn document(head: &ExplanationHead, pages: &[CustomerPage]) -> Json {
    json!({
        "version": 1,
        "rule_set": head.set.name,
        "as_of": head.as_of,
        "currency": head.set.currency,
        "cut_offs": json::cut_offs(head.cut_offs),
        "customers": pages.iter().map(customer).collect::<Vec<_>>(),
    })
}

fn customer(page: &CustomerPage) -> Json {
    let sections = page.sections.iter().map(|section| {
        let fields: Vec<Json> = section.fields.iter().map(field).collect();
        (section.name.to_owned(), Json::Array(fields))
    });
    json!({
        "customer": json_value(&page.customer),
        "name": page.name,
        "profile": sections.collect::<Map<_, _>>(),
        "results": page.results.iter().map(result).collect::<Vec<_>>(),
        "changes": page.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn field(field: &FieldValue) -> Json {
    json!({"name": field.name, "value": json_value(&field.value), "type": field.ty.to_string()})
}

fn result(result: &PageResult) -> Json {
    json!({
        "rule": result.rule,
        "kind": result.kind,
        "description": result.description,
        "results": named(&result.results),
        "left_out": result.left_out,
        "why": result.why,
    })
}

fn change(change: &PageChange) -> Json {
    json!({"rule": change.rule, "label": change.label, "changes": change.moves.iter().map(moved).collect::<Vec<_>>()})
}
