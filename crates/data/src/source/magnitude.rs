//! Numbers that are too large for their type.

use accolade_core::model::Type;

use super::amount;
use super::number::{NumberSigns, decimal, number};

/// The exclusive limits of amounts and of integers.
const MONEY: u128 = 1_000_000_000_000_000;
const INTEGER: u128 = 1 << 63;

/// The help for a number beyond the limit of a type; `None` for one within it and for what is no number.
pub(super) fn beyond(text: &str, ty: Type, signs: NumberSigns, currency: Option<&str>) -> Option<String> {
    let (limit, help) = match ty {
        Type::Money => (MONEY, "an amount must be below 1,000,000,000,000,000"),
        Type::Integer => {
            (INTEGER, "an integer must be at most 9,223,372,036,854,775,807; a text column keeps longer numbers")
        }
        Type::Number | Type::Percent => (u128::MAX, "a number must be below 1.8 × 10^308"),
        _ => return None,
    };
    let plain = amount::plain(text, signs, currency.filter(|_| ty == Type::Money));
    let plain = plain.as_deref().unwrap_or(text);
    let is_beyond = match (decimal(plain, signs), number(plain, signs)) {
        (Some((value, places)), _) => value.unsigned_abs() / 10u128.checked_pow(places)? >= limit,
        (None, Some(value)) => limit < u128::MAX && value.abs() >= limit as f64,
        // A text such as `1e400` is a number, though no float.
        (None, None) => plain.parse().is_ok_and(f64::is_infinite) && plain.contains(|c: char| c.is_ascii_digit()),
    };
    is_beyond.then(|| help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, ty: Type, expected: &str) {
        let found = beyond(text, ty, NumberSigns::new('.'), Some("EUR")).unwrap_or_default();
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{text} {ty}: {found}");
    }

    #[test]
    fn what_is_too_large_is_told_the_limit() {
        let limit = "below 1,000,000,000,000,000";
        for text in
            ["99999999999999999999", "-1000000000000000", "€ 1,000,000,000,000,000.00", "1e20", "(2000000000000000)"]
        {
            check(text, Type::Money, limit);
        }
        check(&"9".repeat(40), Type::Money, limit);
        check(&"9".repeat(400), Type::Money, limit);
        for text in ["999999999999999.99999", "1.00001", "x", "", "€ 5"] {
            check(text, Type::Money, "");
        }
        check("99999999999999999999", Type::Integer, "at most 9,223,372,036,854,775,807");
        check("10.5", Type::Integer, "");
        check(&"9".repeat(400), Type::Number, "below 1.8");
        check("1e308", Type::Number, "");
    }
}
