//! Columns of customers as compact JSON: decimals as integers with a number of places, repeated texts by index.

use std::collections::HashMap;

use accolade_engine::model::Slot;
use accolade_engine::ops::divide_half_even;
use accolade_engine::{Type, Value, show};
use serde_json::{Value as Json, json};

/// The largest whole number that a browser holds exactly.
const MAX_SAFE_INTEGER: i128 = 9_007_199_254_740_991;

/// The JSON of a column with these values.
pub(super) fn column(slot: &Slot, values: &[Value]) -> Json {
    match slot.ty {
        Type::Integer | Type::Duration | Type::Money | Type::Score => decimals(slot, values),
        Type::Number | Type::Percent => {
            let number = |value: &Value| match value {
                // An explanation shows six decimals.
                Value::Number(v) if v.is_finite() => json!((v * 1e6).round() / 1e6),
                _ => Json::Null,
            };
            let kind = if slot.ty == Type::Percent { "percent" } else { "number" };
            json!({"name": slot.name, "kind": kind, "values": values.iter().map(number).collect::<Vec<_>>()})
        }
        _ => texts(slot, values),
    }
}

/// Decimals as integers in units of their last place, which a browser holds exactly.
fn decimals(slot: &Slot, values: &[Value]) -> Json {
    // Money is counted in units of 0.0001; most amounts have two decimals.
    let fine = values.iter().any(|value| matches!(value, Value::Money(v) if v % 100 != 0));
    let places = match slot.ty {
        Type::Money if fine => 4,
        Type::Money | Type::Score => 2,
        _ => 0,
    };
    let whole = |value: &Value| match value {
        Value::Integer(v) => Some(i128::from(*v)),
        Value::Money(v) if fine => Some(*v),
        Value::Money(v) => Some(v / 100),
        Value::Score(v) => Some(divide_half_even(*v, 10i128.pow(16))),
        _ => None,
    };
    let wholes: Vec<Option<i128>> = values.iter().map(whole).collect();
    if wholes.iter().flatten().any(|v| v.abs() > MAX_SAFE_INTEGER) {
        return texts(slot, values);
    }
    let wholes: Vec<Option<i64>> = wholes.into_iter().map(|v| v.and_then(|v| i64::try_from(v).ok())).collect();
    let kind = if slot.ty == Type::Duration { "days" } else { "decimal" };
    json!({"name": slot.name, "kind": kind, "places": places, "values": wholes})
}

/// Texts. Where that is shorter, each different text is written once and referred to by index.
fn texts(slot: &Slot, values: &[Value]) -> Json {
    let texts: Vec<Option<String>> =
        values.iter().map(|value| (*value != Value::Null).then(|| show::value(value))).collect();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut different: Vec<&str> = Vec::new();
    for text in texts.iter().flatten() {
        numbers.entry(text).or_insert_with(|| {
            different.push(text);
            different.len() - 1
        });
    }
    if different.len() * 2 > texts.len() {
        return json!({"name": slot.name, "kind": "text", "values": texts});
    }
    let numbered: Vec<Option<usize>> =
        texts.iter().map(|text| text.as_deref().and_then(|text| numbers.get(text)).copied()).collect();
    json!({"name": slot.name, "kind": "text", "texts": different, "values": numbered})
}

#[cfg(test)]
mod tests {
    use accolade_engine::model::Origin;

    use super::*;

    fn check(ty: Type, values: &[Value], expected: Json) {
        let slot = Slot { name: "x".to_owned(), ty, nullable: true, labels: None, origin: Origin::Key };
        let mut found = column(&slot, values);
        assert_eq!(found["name"], "x");
        found.as_object_mut().unwrap().shift_remove("name");
        assert_eq!(found, expected);
    }

    #[test]
    fn decimals_are_whole_numbers_of_their_last_place() {
        let cents = [Value::Money(123_400), Value::Null];
        check(Type::Money, &cents, json!({"kind": "decimal", "places": 2, "values": [1234, null]}));
        let fine = [Value::Money(1), Value::Money(10_000)];
        check(Type::Money, &fine, json!({"kind": "decimal", "places": 4, "values": [1, 10_000]}));
        let score = [Value::Score(7_995_000_000_000_000_000)];
        check(Type::Score, &score, json!({"kind": "decimal", "places": 2, "values": [800]}));
        check(Type::Integer, &[Value::Integer(-3)], json!({"kind": "decimal", "places": 0, "values": [-3]}));
    }

    #[test]
    fn what_a_browser_cannot_hold_is_text() {
        let huge = [Value::Money(MAX_SAFE_INTEGER * 1000)];
        check(Type::Money, &huge, json!({"kind": "text", "values": ["900719925474099.10"]}));
    }

    #[test]
    fn texts_that_repeat_are_numbered() {
        let [a, b] = ["a", "b"].map(Value::text);
        check(Type::Text, &[a.clone(), b.clone()], json!({"kind": "text", "values": ["a", "b"]}));
        let many = [b.clone(), a.clone(), Value::Null, b.clone(), b, a];
        check(Type::Text, &many, json!({"kind": "text", "texts": ["b", "a"], "values": [0, 1, null, 0, 0, 1]}));
    }
}
