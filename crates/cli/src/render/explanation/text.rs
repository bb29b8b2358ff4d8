//! An explanation for a terminal.

use accolade_engine::explain::{Explanation, RuleFact};
use accolade_engine::rules::explain::{Reason, Share};
use accolade_engine::{Type, Value, show};
use comfy_table::{CellAlignment, Table, presets};

use super::{Head, parts};

/// Every customer's page.
pub(crate) fn page(head: &Head, explanations: &[Explanation]) -> String {
    let pages: Vec<String> = explanations.iter().map(|e| customer(head, e)).collect();
    pages.join("\n")
}

fn customer(head: &Head, explanation: &Explanation) -> String {
    let key = show::value(&explanation.customer);
    let mut out = format!("{key}: {}\n\n", head.line());
    let fields = explanation.fields.iter().map(|fact| {
        let rows: Vec<String> = fact.rows.iter().map(parts::rows).collect();
        vec![
            fact.field.name.clone(),
            parts::value(&fact.field.value, fact.field.ty),
            fact.written.text.clone(),
            rows.join("; "),
        ]
    });
    out += &table(&[], fields.collect(), &[1]);
    for fact in &explanation.rules {
        out += "\n";
        out += &rule(head, fact);
    }
    out
}

fn rule(head: &Head, fact: &RuleFact) -> String {
    let mut results = fact.results.iter().map(|r| (r.name.as_str(), parts::value(&r.value, r.ty)));
    let main = results.next().map_or(String::new(), |(_, value)| value);
    let others: Vec<String> =
        results.map(|(name, value)| format!("{} {value}", name.rsplit('.').next().unwrap_or(name))).collect();
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
    let mut out = format!("{}: {main}{others}  {}\n", fact.rule.text, parts::at(&fact.rule, head.files));
    let (shares, tests): (Vec<&Reason>, Vec<&Reason>) =
        fact.derivation.reasons.iter().partition(|reason| reason.share.is_some());
    if !shares.is_empty() {
        let rows = shares.into_iter().filter_map(|reason| Some(share(head, reason, reason.share.as_ref()?)));
        out += &table(&["criterion", "weight", "value", "given by", "points", "adds", ""], rows.collect(), &[1, 4, 5]);
    }
    let rows = tests.into_iter().map(|reason| {
        vec![
            reason.subject.clone(),
            reason.test.text.clone(),
            parts::verdict(reason.verdict).to_owned(),
            parts::inputs(&reason.inputs),
            parts::at(&reason.test, head.files),
        ]
    });
    out += &table(&[], rows.collect(), &[]);
    if let Some(decided_by) = &fact.derivation.decided_by {
        let place = parts::at(decided_by, head.files);
        let place = if place.is_empty() { place } else { format!(" ({place})") };
        out += &format!("  decided by: {}{place}\n", decided_by.text);
    }
    if !fact.nearest.is_empty() {
        out += "  nearest change\n";
        let rows = fact.nearest.iter().map(|n| vec![n.label.clone(), parts::way(n)]);
        out += &table(&[], rows.collect(), &[]).lines().map(|line| format!("  {line}\n")).collect::<String>();
    }
    out
}

fn share(head: &Head, reason: &Reason, share: &Share) -> Vec<String> {
    let score = |v: Option<i128>| v.map_or("none".to_owned(), |v| parts::value(&Value::Score(v), Type::Score));
    let given_by = match share.missing {
        Some(policy) => format!("missing: {policy}"),
        None => reason.test.text.clone(),
    };
    vec![
        reason.subject.clone(),
        format!("{}%", show::decimal(share.weight, 6, 0)),
        parts::inputs(&reason.inputs),
        given_by,
        score(share.points),
        score(share.contribution),
        parts::at(&reason.test, head.files),
    ]
}

/// Rows in aligned columns; columns without any text are left out.
fn table(heading: &[&str], rows: Vec<Vec<String>>, right: &[usize]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    if !heading.is_empty() {
        table.set_header(heading);
    }
    for row in rows {
        table.add_row(row);
    }
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}
