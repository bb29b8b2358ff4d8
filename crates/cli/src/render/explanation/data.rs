//! Explanations as JSON or YAML. `version` changes with every incompatible change.

use accolade_engine::explain::{Explanation, FieldChange, NearestChange, Reach, RuleExplanation};
use accolade_engine::output::json_value;
use accolade_engine::rules::explain::{FieldValue, Reason, SourceText, Verdict};
use accolade_engine::show;
use serde_json::{Map, Value as Json, json};
use serde_yaml::Value as Yaml;

use super::{ExplanationHead, parts};
use crate::render::json;

/// All explanations as one document.
pub(crate) fn document(head: &ExplanationHead, explanations: &[Explanation]) -> Json {
    let customers: Vec<Json> = explanations.iter().map(|e| customer(head, e)).collect();
    json!({
        "version": 1,
        "rule_set": head.set.name,
        "as_of": head.as_of,
        "currency": head.set.currency,
        "cut_offs": json::cut_offs(head.cut_offs),
        "customers": customers,
    })
}

/// The same as YAML.
pub(crate) fn yaml(head: &ExplanationHead, explanations: &[Explanation]) -> String {
    // Values of these types can always be serialized.
    serde_yaml::to_string(&plain(document(head, explanations))).unwrap_or_default()
}

/// Converts JSON to YAML. YAML has no exact decimals, so numbers with a fraction become text.
fn plain(value: Json) -> Yaml {
    match value {
        Json::Null => Yaml::Null,
        Json::Bool(v) => Yaml::Bool(v),
        Json::Number(n) => n.as_i64().map_or_else(|| Yaml::String(n.to_string()), |n| Yaml::Number(n.into())),
        Json::String(text) => Yaml::String(text),
        Json::Array(items) => Yaml::Sequence(items.into_iter().map(plain).collect()),
        Json::Object(fields) => {
            Yaml::Mapping(fields.into_iter().map(|(key, value)| (Yaml::String(key), plain(value))).collect())
        }
    }
}

pub(crate) fn customer(head: &ExplanationHead, explanation: &Explanation) -> Json {
    let fields: Vec<Json> = explanation
        .fields
        .iter()
        .map(|fact| {
            let rows: Vec<Json> = fact
                .rows
                .iter()
                .map(|r| {
                    json!({"source": r.source, "count": json_value(&r.count),
                           "first": json_value(&r.first), "last": json_value(&r.last)})
                })
                .collect();
            json!({"name": fact.field.name, "value": json_value(&fact.field.value), "type": fact.field.ty.to_string(),
                   "computed_by": written(head, &fact.written), "rows": rows})
        })
        .collect();
    let rules: Vec<Json> = explanation.rules.iter().map(|fact| rule(head, fact)).collect();
    json!({"customer": json_value(&explanation.customer), "fields": fields, "rules": rules})
}

fn rule(head: &ExplanationHead, fact: &RuleExplanation) -> Json {
    json!({
        "rule": fact.rule.text,
        "kind": fact.kind,
        "place": parts::at(&fact.rule, head.files),
        "results": named(&fact.results),
        "left_out": fact.left_out,
        "decided_by": fact.derivation.decided_by.as_ref().map(|w| written(head, w)),
        "reasons": fact.derivation.reasons.iter().map(|r| reason(head, r)).collect::<Vec<_>>(),
        "nearest": fact.nearest.iter().map(nearest).collect::<Vec<_>>(),
    })
}

pub(crate) fn named(inputs: &[FieldValue]) -> Json {
    Json::Object(inputs.iter().map(|i| (i.name.clone(), json_value(&i.value))).collect::<Map<_, _>>())
}

fn written(head: &ExplanationHead, written: &SourceText) -> Json {
    if written.text.is_empty() {
        return Json::Null;
    }
    json!({"text": written.text, "place": parts::at(written, head.files)})
}

fn reason(head: &ExplanationHead, reason: &Reason) -> Json {
    let score = |v: Option<i128>| v.map(|v| json_value(&accolade_engine::Value::Score(v)));
    let holds = match reason.verdict {
        Verdict::Holds => Some(true),
        Verdict::Fails => Some(false),
        Verdict::Unknown => None,
    };
    let share = reason.contribution.as_ref().map(|s| {
        json!({"points": score(s.points), "weight": format!("{}%", show::decimal(s.weight, 6, 0)),
               "contribution": score(s.contribution), "missing": s.missing})
    });
    json!({
        "subject": reason.subject,
        "inputs": named(&reason.inputs),
        "test": written(head, &reason.test),
        "holds": holds,
        "share": share,
    })
}

fn nearest(nearest: &NearestChange) -> Json {
    let (way, moves): (&str, Vec<Json>) = match &nearest.reach {
        Reach::Alone(moves) => ("any one of", moves.iter().map(change).collect()),
        Reach::Together(moves) => ("together", moves.iter().map(change).collect()),
        Reach::NotFound | Reach::NoField => ("none", Vec::new()),
    };
    json!({"label": nearest.label, "way": way, "changes": moves, "not_followed": nearest.not_followed})
}

pub(crate) fn change(change: &FieldChange) -> Json {
    json!({"field": change.field, "from": json_value(&change.from), "to": json_value(&change.to)})
}
