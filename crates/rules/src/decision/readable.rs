//! Readable values of witnesses: between the same two literals no condition tells values apart, so a message shows the
//! one that is shortest as text.

use accolade_core::model::{Type, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::{KeyInterval, example_key};

use super::candidates::near;

/// The most readable value between the same literals as `value`, within `range`.
pub(super) fn readable(value: &Value, literals: &[Value], ty: Type, range: KeyInterval) -> Value {
    match (value, Domain::of(ty)) {
        (_, Some(domain @ (Domain::Float(_) | Domain::Exact { ty: Type::Score, .. }))) => {
            let known: Vec<i128> = literals.iter().filter_map(|literal| near(literal, domain)).collect();
            domain.key(value).map_or(Value::Null, |key| domain.value(readable_key(key, &known, domain, range)))
        }
        (Value::Text(text), _) => {
            let known: Vec<&str> =
                literals.iter().filter_map(|l| if let Value::Text(l) = l { Some(l.as_ref()) } else { None }).collect();
            Value::text(&readable_text(text, &known))
        }
        _ => value.clone(),
    }
}

fn readable_key(key: i128, known: &[i128], domain: Domain, range: KeyInterval) -> i128 {
    if known.contains(&key) {
        return key;
    }
    let below = known.iter().filter(|k| **k < key).max().map_or(i128::MIN, |k| k + 1);
    let above = known.iter().filter(|k| **k > key).min().map_or(i128::MAX, |k| k - 1);
    let between = KeyInterval { low: below, high: above }.intersection(range);
    between.map_or(key, |between| example_key(between, domain))
}

fn readable_text(text: &str, known: &[&str]) -> String {
    if known.contains(&text) {
        return text.to_owned();
    }
    let below = known.iter().copied().filter(|k| *k < text).max();
    let above = known.iter().copied().filter(|k| *k > text).min();
    let fits = |t: &String| below.is_none_or(|b| b < t.as_str()) && above.is_none_or(|a| t.as_str() < a);
    let longer = below.into_iter().flat_map(|below| ["…", "a", "0", " "].map(|end| format!("{below}{end}")));
    let candidates = std::iter::once("…".to_owned()).chain(longer).filter(fits).chain([text.to_owned()]);
    let poor = |t: &String| (t.contains(char::is_control), t.ends_with(' '), t.chars().count());
    candidates.min_by_key(poor).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use accolade_core::numbers::domain::float_key;
    use accolade_core::numbers::interval::ALL;
    use accolade_core::show;

    use super::*;

    #[test]
    fn a_number_between_literals_is_round() {
        let check = |value: f64, literals: &[f64], expected: &str| {
            let literals: Vec<Value> = literals.iter().map(|v| Value::Number(*v)).collect();
            let shown = readable(&Value::Number(value), &literals, Type::Number, ALL);
            assert_eq!(show::value(&shown), expected, "{value:?} among {literals:?}");
        };
        check(5e-324, &[0.0], "1");
        check(0.3f64.next_up(), &[0.5, 0.3], "0.4");
        check(0.5, &[0.5], "0.5");
        let percent = KeyInterval { low: float_key(0.0), high: float_key(1.0) };
        let shown = readable(&Value::Number(0.5f64.next_up()), &[Value::Number(0.5)], Type::Percent, percent);
        assert_eq!(show::value(&shown), "1");
    }

    #[test]
    fn a_score_is_not_the_literal_that_it_is_less_than() {
        let unit = 10i128.pow(18);
        let literals = [Value::Score(8 * unit), Value::Score(7 * unit)];
        assert_eq!(show::value(&readable(&Value::Score(8 * unit - 1), &literals, Type::Score, ALL)), "7.10");
    }

    #[test]
    fn a_text_has_no_control_characters() {
        let check = |text: &str, literals: &[&str], expected: &str| {
            let literals: Vec<Value> = literals.iter().map(|l| Value::text(l)).collect();
            assert_eq!(readable(&Value::text(text), &literals, Type::Text, ALL), Value::text(expected), "{text:?}");
        };
        check("x\u{1}", &["x"], "…");
        check("x\u{1}", &["x", "xa"], "x0");
        check("x\u{1}", &["x", "x…", "x0"], "x ");
        check("x", &["x"], "x");
        check("", &["x"], "");
        check("日\u{1}", &["日"], "日…");
    }
}
