//! The small texts that explanations are made of.

use accolade_engine::explain::{Input, MOST_FIELDS, Move, Nearest, Reach, RowsUsed, Verdict, Written};
use accolade_engine::measure::domain::Domain;
use accolade_engine::{Files, Type, Value, show};

use crate::render::{cell, place};

/// A value exactly, for a reader: amounts with grouped digits, percentages in percent.
pub(crate) fn value(value: &Value, ty: Type) -> String {
    match (value, ty) {
        (Value::Null, _) => "missing".to_owned(),
        (Value::Number(v), Type::Percent) => format!("{}%", rounded(v * 100.0)),
        (Value::Number(v), _) => rounded(*v),
        (Value::Score(_), _) => cell::text(&accolade_engine::summary::Cell::Value(value.clone())),
        (Value::Money(_) | Value::Integer(_), Type::Duration) => format!("{} days", show::value(value)),
        (Value::Money(_) | Value::Integer(_), _) => cell::grouped_decimal(&show::value(value)),
        _ => show::value(value),
    }
}

fn rounded(v: f64) -> String {
    let text = format!("{v:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// `revenue 87,690.00, margin missing`
pub(crate) fn inputs(inputs: &[Input]) -> String {
    inputs.iter().map(|i| format!("{} {}", i.name, value(&i.value, i.ty))).collect::<Vec<_>>().join(", ")
}

/// Where something is written, as `rules.yaml:12`.
pub(crate) fn at(written: &Written, files: &Files) -> String {
    written.span.and_then(|span| place::line(span, files)).unwrap_or_default()
}

/// `yes`, `no` or `unknown`.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "yes",
        Verdict::Fails => "no",
        Verdict::Unknown => "unknown",
    }
}

/// `31 orders, 2025-01-07 to 2025-12-19`
pub(crate) fn rows(rows: &RowsUsed) -> String {
    let days = [&rows.first, &rows.last].map(show::value);
    let count = show::value(&rows.count);
    match days {
        [first, last] if first.is_empty() || last.is_empty() => format!("{count} {}", rows.source),
        [first, last] if first == last => format!("{count} {}, {first}", rows.source),
        [first, last] => format!("{count} {}, {first} to {last}", rows.source),
    }
}

/// `revenue + 12,310.00 (87,690.00 → 100,000.00)`
pub(crate) fn change(change: &Move) -> String {
    let [from, to] = [&change.from, &change.to].map(|v| value(v, change.ty));
    match difference(change) {
        Some(difference) => format!("{} {difference} ({from} → {to})", change.field),
        None => format!("{} {from} → {to}", change.field),
    }
}

fn difference(change: &Move) -> Option<String> {
    let (sign, size) = match (&change.from, &change.to) {
        (Value::Money(from), Value::Money(to)) => (to > from, Value::Money((to - from).abs())),
        (Value::Integer(from), Value::Integer(to)) => (to > from, Value::Integer((to - from).abs())),
        _ => return None,
    };
    Domain::of(change.ty)?;
    Some(format!("{} {}", if sign { "+" } else { "−" }, value(&size, change.ty)))
}

/// How a label can be reached, in one line.
pub(crate) fn way(nearest: &Nearest) -> String {
    let not_followed = match nearest.not_followed.as_slice() {
        [] => String::new(),
        fields => format!(" (not followed: {})", fields.join(", ")),
    };
    match &nearest.reach {
        Reach::Alone(moves) => format!("{}{not_followed}", moves.iter().map(change).collect::<Vec<_>>().join(", or ")),
        Reach::Together(moves) => {
            let all: Vec<String> = moves.iter().map(change).collect();
            format!("no field alone{not_followed}; {}", all.join(" and "))
        }
        Reach::NoField => "not a matter of single fields".to_owned(),
        Reach::NotFound => format!("no change of up to {MOST_FIELDS} fields{not_followed}"),
    }
}
