//! Compares values with expected ones, exactly or within a tolerance.

use accolade_engine::model::period::parse_day;
use accolade_engine::model::types::{MONEY_SCALE, SCORE_SCALE};
use accolade_engine::{Type, Value, show};
use rust_decimal::Decimal;

/// Whether a value is as expected; `None` if the expected text is not of this type.
pub(super) fn matches(wanted: Option<&str>, actual: &Value, ty: Type) -> Option<bool> {
    let Some(wanted) = wanted else { return Some(actual.is_null()) };
    if !is_number(ty) {
        return Some(value(wanted, ty)? == *actual);
    }
    let (center, tolerance) = match wanted.split_once('±').or_else(|| wanted.split_once("+-")) {
        Some((center, tolerance)) => (number(center)?, Some(number(tolerance)?)),
        None => (number(wanted)?, None),
    };
    let Some(actual_number) = decimal(actual) else { return Some(false) };
    Some(match (tolerance, actual) {
        (Some(tolerance), _) => (actual_number - center).abs() <= tolerance,
        // Six decimals of a score are enough.
        (None, Value::Score(_)) => actual_number == center || actual_number.round_dp(6) == center.normalize(),
        (None, Value::Number(v)) => actual_number == center || float(center) == Some(*v),
        (None, _) => actual_number == center,
    })
}

/// A value of a type from its text.
pub(super) fn value(text: &str, ty: Type) -> Option<Value> {
    let text = text.trim();
    let unscaled = |scale: i8| {
        let scale = u32::from(scale.unsigned_abs());
        let number = number(text)?.normalize();
        let places = scale.checked_sub(number.scale())?;
        number.mantissa().checked_mul(10i128.checked_pow(places)?)
    };
    Some(match ty {
        Type::Text => Value::text(text),
        Type::Boolean => Value::Boolean(text.parse().ok()?),
        Type::Integer | Type::Duration => Value::Integer(i64::try_from(unscaled(0)?).ok()?),
        Type::Money => Value::Money(unscaled(MONEY_SCALE)?),
        Type::Score => Value::Score(unscaled(SCORE_SCALE)?),
        Type::Number | Type::Percent => Value::Number(float_text(text)?),
        Type::Date => Value::Date(parse_day(text)?),
        Type::DateTime | Type::Decimal | Type::Rows => return None,
    })
}

fn is_number(ty: Type) -> bool {
    ty.is_numeric() || ty == Type::Duration
}

/// A number as written: `10_000`, `7.5`, `30%`, `12 days`.
fn number(text: &str) -> Option<Decimal> {
    let text = text.trim().trim_end_matches("days").trim().replace('_', "");
    match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<Decimal>().ok()?.checked_div(Decimal::ONE_HUNDRED),
        None => text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok()),
    }
}

/// The number that a float's text stands for; a percentage is divided as a decimal.
fn float_text(text: &str) -> Option<f64> {
    if text.ends_with('%') {
        float(number(text)?)
    } else {
        text.replace('_', "").parse().ok().filter(|v: &f64| v.is_finite())
    }
}

fn float(number: Decimal) -> Option<f64> {
    number.normalize().to_string().parse().ok()
}

/// A number as an exact decimal; `None` if a decimal cannot hold it.
fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(v) => Some(Decimal::from(*v)),
        Value::Money(v) => Decimal::try_from_i128_with_scale(*v, u32::from(MONEY_SCALE.unsigned_abs())).ok(),
        Value::Score(v) => Decimal::try_from_i128_with_scale(*v, u32::from(SCORE_SCALE.unsigned_abs())).ok(),
        Value::Number(v) => number(&v.to_string()),
        _ => None,
    }
}

/// A value as an exact text for a test file.
pub(crate) fn number_text(value: &Value, ty: Type) -> String {
    match value {
        Value::Null => "missing".to_owned(),
        Value::Number(v) if ty == Type::Percent => match number(&v.to_string()) {
            Some(number) => format!("{}%", (number * Decimal::ONE_HUNDRED).normalize()),
            None => v.to_string(),
        },
        other => show::value(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, actual: Value, ty: Type, expected: bool) {
        assert_eq!(matches(Some(wanted), &actual, ty), Some(expected), "{wanted} {actual:?}");
    }

    #[test]
    fn values_are_compared_exactly_or_within_a_tolerance() {
        check("10_000", Value::Money(100_000_000), Type::Money, true);
        check("10_000.0001", Value::Money(100_000_000), Type::Money, false);
        check("7.4 ± 0.05", Value::Score(7_450_000_000_000_000_000), Type::Score, true);
        check("7.4 ± 0.05", Value::Score(7_450_000_000_000_000_001), Type::Score, false);
        check("7.4 +- 0.05", Value::Score(7_350_000_000_000_000_000), Type::Score, true);
        check("6.666667", Value::Score(6_666_666_666_666_666_667), Type::Score, true);
        check("6.67", Value::Score(6_666_666_666_666_666_667), Type::Score, false);
        check("30%", Value::Number(0.3), Type::Percent, true);
        check("0.1", Value::Number(0.1), Type::Number, true);
        check("0.1", Value::Number(0.1f64.next_up()), Type::Number, false);
        check("A", Value::text("A"), Type::Text, true);
        check("13 days", Value::Integer(13), Type::Duration, true);
        check("2026-01-31", Value::Date(20_484), Type::Date, true);
        check("1", Value::Null, Type::Integer, false);
        assert_eq!(matches(None, &Value::Null, Type::Money), Some(true));
        assert_eq!(matches(Some("much"), &Value::Money(1), Type::Money), None);
    }

    #[test]
    fn what_is_written_is_expected_exactly() {
        for (value, ty) in [
            (Value::Number(0.1 + 0.2), Type::Number),
            (Value::Number(0.07), Type::Percent),
            (Value::Money(-12_345), Type::Money),
            (Value::Score(6_666_666_666_666_666_667), Type::Score),
            (Value::Null, Type::Money),
        ] {
            let text = number_text(&value, ty);
            let text = if text == "missing" { None } else { Some(text.as_str()) };
            assert_eq!(matches(text, &value, ty), Some(true), "{value:?}");
        }
    }
}
