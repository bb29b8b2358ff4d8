//! An explanation for a document.

use accolade_engine::explain::{Explanation, RuleExplanation};
use accolade_engine::rules::explain::Reason;
use accolade_engine::{Type, Value, show};
use accolade_report::markdown::{escaped, table};

use super::{ExplanationHead, parts};

/// Every customer's section.
pub(crate) fn page(head: &ExplanationHead, explanations: &[Explanation]) -> String {
    explanations.iter().map(|e| customer(head, e)).collect::<Vec<_>>().join("\n")
}

fn customer(head: &ExplanationHead, explanation: &Explanation) -> String {
    let key = show::value(&explanation.customer);
    let mut out = format!("# {}\n\n{} at {}\n\n", escaped(&key), escaped(&head.set.name), head.as_of);
    if let Some(origin) = head.cut_offs {
        out += &format!("With {}.\n\n", escaped(&origin.to_string()));
    }
    let fields = explanation.fields.iter().map(|fact| {
        let rows: Vec<String> = fact.rows.iter().map(parts::rows).collect();
        vec![
            fact.field.name.clone(),
            parts::value(&fact.field.value, fact.field.ty),
            code(&fact.written.text),
            rows.join("; "),
        ]
    });
    out += &table(&["field", "value", "computed by", "from"], fields);
    for fact in &explanation.rules {
        out += &rule(head, fact);
    }
    out
}

fn rule(head: &ExplanationHead, fact: &RuleExplanation) -> String {
    let main = fact.results.first().map_or(String::new(), |r| parts::result(fact, r));
    let mut out = format!("\n## {}: {}\n\n", escaped(&fact.rule.text), escaped(&main));
    let results = fact.results.iter().map(|r| vec![r.name.clone(), parts::result(fact, r)]);
    out += &table(&["result", "value"], results);
    out += "\n";
    out += &parts::left_out(&fact.left_out).map_or(String::new(), |text| format!("{}\n\n", escaped(&text)));
    let reasons = fact.derivation.reasons.iter().map(|reason| {
        let (points, adds) = match &reason.contribution {
            Some(share) => (score(share.points), score(share.contribution)),
            None => (String::new(), String::new()),
        };
        vec![
            reason.subject.clone(),
            code(&test(reason)),
            parts::verdict(reason.verdict).to_owned(),
            parts::inputs(reason),
            points,
            adds,
            parts::at(&reason.test, head.files),
        ]
    });
    out += &table(&["looked at", "test", "holds", "value", "points", "adds", "place"], reasons);
    if !fact.nearest.is_empty() {
        out += "\nNearest change:\n\n";
        for nearest in &fact.nearest {
            out += &format!("- **{}**: {}\n", escaped(&nearest.label), escaped(&parts::reach_text(nearest)));
        }
    }
    out
}

fn test(reason: &Reason) -> String {
    match reason.contribution.as_ref().and_then(|s| s.missing) {
        Some(policy) => format!("missing: {policy}"),
        None => reason.test.text.clone(),
    }
}

fn score(score: Option<i128>) -> String {
    score.map_or(String::new(), |v| parts::value(&Value::Score(v), Type::Score))
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|").replace('`', "'")) }
}
