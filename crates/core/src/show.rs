//! Values as text: the one place that decides how many decimals a reader sees.

use accolade_parser::count;
use accolade_parser::expr::ast::Literal;
use arrow::array::Array;
use rust_decimal::Decimal;

use crate::values::Value;
use crate::values::period::date_of;
use crate::values::types::{MONEY_SCALE, SCORE_SCALE};

/// A value as data files hold it: exact, without grouping. A missing value is the empty text.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Boolean(v) => v.to_string(),
        Value::Integer(v) => v.to_string(),
        Value::Number(v) => v.to_string(),
        Value::Money(v) => decimal(*v, MONEY_SCALE, 2),
        Value::Score(v) => decimal(*v, SCORE_SCALE, 2),
        Value::Date(v) => date(*v),
        Value::DateTime(v) => datetime(*v),
        Value::Text(v) => v.to_string(),
        Value::Decimal(v) => v.normalize().to_string(),
        Value::Rows(rows) => count(rows.len(), "row"),
    }
}

/// `unscaled · 10^-scale` with trailing zeros cut down to `places` decimals.
pub fn decimal(unscaled: i128, scale: i8, places: usize) -> String {
    let scale = usize::from(scale.unsigned_abs());
    let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let kept = fraction.trim_end_matches('0').len().max(places.min(scale));
    let sign = if unscaled < 0 { "-" } else { "" };
    if kept == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{}", &fraction[..kept]) }
}

/// A date as `2026-01-01`.
pub fn date(days: i32) -> String {
    date_of(days).map_or_else(|| format!("day {days}"), |d| d.format("%Y-%m-%d").to_string())
}

/// A datetime as `2026-01-01T12:30:00`, with a fraction where it has one.
pub fn datetime(micros: i64) -> String {
    match chrono::DateTime::from_timestamp_micros(micros) {
        Some(time) => time.naive_utc().format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
        None => format!("microsecond {micros}"),
    }
}

/// A value as an expression would write it: text in quotes, `missing` for a missing one.
pub fn quoted(v: &Value) -> String {
    match v {
        Value::Null => "missing".to_owned(),
        Value::Text(text) => Literal::Text(text.to_string()).to_string(),
        Value::Integer(v) => Literal::Number(Decimal::from(*v)).to_string(),
        other => value(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_two_decimals_and_no_more_than_it_has() {
        for (unscaled, expected) in [
            (0, "0.00"),
            (12_345_600, "1234.56"),
            (-5, "-0.0005"),
            (10_000, "1.00"),
            (1, "0.0001"),
            (-12_340_000, "-1234.00"),
        ] {
            assert_eq!(value(&Value::Money(unscaled)), expected);
        }
    }

    #[test]
    fn a_score_is_exact() {
        assert_eq!(value(&Value::Score(8_000_000_000_000_000_000)), "8.00");
        assert_eq!(value(&Value::Score(6_666_666_666_666_666_667)), "6.666666666666666667");
    }
}
