//! Values and changes as an explanation writes them.

use accolade_core::model::{Type, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::exact::{Exact, decimal, shortest, whole};
use accolade_core::numbers::fraction::Fraction;
use accolade_core::numbers::places;
use accolade_core::show;
use accolade_parser::expr::token::{Token, TokenKind, tokens};
use accolade_rules::present::cell;
use rust_decimal::Decimal;

use super::FieldChange;

/// A value for a reader: amounts with grouped digits, percentages in percent.
pub fn value(value: &Value, ty: Type) -> String {
    value_beside(value, ty, &[])
}

/// As [`value`], with as many decimals as show on which side of some other numbers it lies.
pub fn value_beside(value: &Value, ty: Type, others: &[Exact]) -> String {
    match (value, ty) {
        (Value::Null, _) => "missing".to_owned(),
        (Value::Number(v), Type::Percent) => {
            let others: Vec<Exact> = others.iter().map(|other| other * whole(100)).collect();
            format!("{}%", number(&(Fraction::of_number(*v).exact() * whole(100)), &others))
        }
        (Value::Number(v), _) => number(&Fraction::of_number(*v).exact(), others),
        (Value::Score(score), _) => places::score(*score, others),
        (Value::Money(_) | Value::Integer(_), Type::Duration) => format!("{} days", show::value(value)),
        (Value::Money(_) | Value::Integer(_), _) => cell::grouped_decimal(&show::value(value)),
        _ => show::value(value),
    }
}

fn number(number: &Exact, others: &[Exact]) -> String {
    shortest(number, places::telling_places(number, 6, others))
}

/// The numbers that a test compares a value with, as it is written.
pub fn numbers_in(test: &str) -> Vec<Exact> {
    let numbers = tokens(test).filter(|token| token.kind == TokenKind::Number);
    let number = |token: Token| {
        let digits = token.text.trim_end_matches('%').replace('_', "");
        let number = decimal(Decimal::from_str_exact(&digits).ok()?);
        let after = &test[token.start + token.text.trim_end_matches('%').len()..];
        let is_percent = after.trim_start().starts_with('%');
        Some(if is_percent { number / whole(100) } else { number })
    };
    // A minus sign is a token of its own, so each number stands for its negative too.
    numbers.filter_map(number).flat_map(|number| [-number.clone(), number]).collect()
}

/// `revenue + 12,310.00 (87,690.00 → 100,000.00)`
pub fn change(change: &FieldChange) -> String {
    let numbers = [&change.from, &change.to].map(|v| Fraction::of(v).map_or(Vec::new(), |number| vec![number.exact()]));
    let [from, to] =
        [(&change.from, &numbers[1]), (&change.to, &numbers[0])].map(|(v, other)| value_beside(v, change.ty, other));
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
