//! Values and changes as an explanation writes them.

use accolade_core::model::{Type, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::show;
use accolade_rules::present::{Cell, cell};

use super::FieldChange;

/// A value exactly, for a reader: amounts with grouped digits, percentages in percent.
pub fn value(value: &Value, ty: Type) -> String {
    match (value, ty) {
        (Value::Null, _) => "missing".to_owned(),
        (Value::Number(v), Type::Percent) => format!("{}%", rounded(v * 100.0)),
        (Value::Number(v), _) => rounded(*v),
        (Value::Score(_), _) => cell::text(&Cell::Value(value.clone())),
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

/// `revenue + 12,310.00 (87,690.00 → 100,000.00)`
pub fn change(change: &FieldChange) -> String {
    let [from, to] = [&change.from, &change.to].map(|v| value(v, change.ty));
    match difference(change) {
        Some(difference) => format!("{} {difference} ({from} → {to})", change.field),
        None => format!("{} {from} → {to}", change.field),
    }
}

fn difference(change: &FieldChange) -> Option<String> {
    let (sign, size) = match (&change.from, &change.to) {
        (Value::Money(from), Value::Money(to)) => (to > from, Value::Money((to - from).abs())),
        (Value::Integer(from), Value::Integer(to)) => (to > from, Value::Integer((to - from).abs())),
        _ => return None,
    };
    Domain::of(change.ty)?;
    Some(format!("{} {}", if sign { "+" } else { "−" }, value(&size, change.ty)))
}
