//! An explanation for a terminal.

use accolade_engine::explain::{Explanation, RuleExplanation};
use accolade_engine::rules::explain::{Contribution, Reason, Verdict};
use accolade_engine::{Type, Value, show};

use super::{ExplanationHead, parts};
use crate::render::table::{self, Field};

/// Every customer's page.
pub(crate) fn page(head: &ExplanationHead, explanations: &[Explanation]) -> String {
    let pages: Vec<String> = explanations.iter().map(|e| customer(head, e)).collect();
    pages.join("\n")
}

fn customer(head: &ExplanationHead, explanation: &Explanation) -> String {
    let key = show::value(&explanation.customer);
    let mut out = format!("{key}: {}\n\n", head.line());
    let fields = explanation.fields.iter().map(|fact| {
        let rows: Vec<String> = fact.rows.iter().map(parts::rows).collect();
        vec![
            Field::text(&fact.field.name),
            Field::number(parts::value(&fact.field.value, fact.field.ty)),
            Field::text(&fact.written.text),
            Field::text(rows.join("; ")),
        ]
    });
    out += &table::lines(&[], fields.collect(), 1);
    for fact in &explanation.rules {
        out += "\n";
        out += &rule(head, fact);
    }
    out
}

fn rule(head: &ExplanationHead, fact: &RuleExplanation) -> String {
    let mut results = fact.results.iter().map(|r| (r.name.as_str(), parts::result(fact, r)));
    let main = results.next().map_or(String::new(), |(_, value)| value);
    let others: Vec<String> =
        results.map(|(name, value)| format!("{} {value}", name.rsplit('.').next().unwrap_or(name))).collect();
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
    let mut out = format!("{}: {main}{others}  {}\n", fact.rule.text, parts::at(&fact.rule, head.files));
    out += &parts::left_out(&fact.left_out).map_or(String::new(), |text| format!("  {text}\n"));
    let (shares, tests): (Vec<&Reason>, Vec<&Reason>) =
        fact.derivation.reasons.iter().partition(|reason| reason.contribution.is_some());
    if !shares.is_empty() {
        let rows = shares.into_iter().filter_map(|reason| Some(share(head, reason, reason.contribution.as_ref()?)));
        let head = ["criterion", "weight", "value", "given by", "points", "adds", ""].map(str::to_owned);
        out += &table::lines(&head, rows.collect(), 1);
    }
    let rows = tests.into_iter().map(|reason| {
        let met = match reason.verdict {
            Verdict::Holds => Some(true),
            Verdict::Fails => Some(false),
            Verdict::Unknown => None,
        };
        vec![
            Field::text(&reason.subject),
            Field::text(&reason.test.text),
            Field::met(parts::verdict(reason.verdict), met),
            Field::text(parts::inputs(reason)),
            Field::text(parts::at(&reason.test, head.files)),
        ]
    });
    out += &table::lines(&[], rows.collect(), 1);
    if let Some(decided_by) = &fact.derivation.decided_by {
        let place = parts::at(decided_by, head.files);
        let place = if place.is_empty() { place } else { format!(" ({place})") };
        out += &format!("  decided by: {}{place}\n", decided_by.text);
    }
    if !fact.nearest.is_empty() {
        out += "  nearest change\n";
        let rows = fact.nearest.iter().map(|n| vec![Field::text(&n.label), Field::text(parts::reach_text(n))]);
        out += &table::lines(&[], rows.collect(), 3);
    }
    out
}

fn share(head: &ExplanationHead, reason: &Reason, share: &Contribution) -> Vec<Field> {
    let score = |v: Option<i128>| v.map_or("none".to_owned(), |v| parts::value(&Value::Score(v), Type::Score));
    let given_by = match share.missing {
        Some(policy) => format!("missing: {policy}"),
        None => reason.test.text.clone(),
    };
    vec![
        Field::text(&reason.subject),
        Field::number(format!("{}%", show::decimal(share.weight, 6, 0))),
        Field::text(parts::inputs(reason)),
        Field::text(given_by),
        Field::number(score(share.points)),
        Field::number(score(share.contribution)),
        Field::text(parts::at(&reason.test, head.files)),
    ]
}
