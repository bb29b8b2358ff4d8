//! The schema of each shape of value.
//!
//! A schema sees scalars as YAML reads them, so a scalar that is a text to accolade may be a number or a boolean here.

use accolade_engine::Plugins;
use accolade_engine::rules::analysis::{Key, Notation, RuleKind, Shape};
use accolade_parser::syntax::RULE_KEYS;
use serde_json::{Map, Value, json};

/// Each notation: its name in the schema, its title and examples.
const NOTATIONS: &[(Notation, &str, &str, &[&str])] = &[
    (Notation::Expression, "expression", "an expression", &["revenue / order_count", "sum(orders.amount in year)"]),
    (Notation::Measure, "measure", "a measure of the customer base", &["retention(orders in year_before to year)"]),
    (
        Notation::Pattern,
        "pattern",
        "a test of one value",
        &["< 1_000", "1_000 ..< 10_000", "in [gold, silver]", "rest"],
    ),
    (Notation::ClassCut, "cut", "where a class ends", &["top 80% of revenue", "next 100 customers", "rest"]),
    (Notation::Bins, "bins", "how values become scores", &["5 by value", "4 by rank nested"]),
    (Notation::Period, "period", "a span of time", &["last 12 months", "12 months before year"]),
    (Notation::ColumnType, "column_type", "the type of a column", &["text", "integer? 1..5", "text in [gold, silver]"]),
    (Notation::Range, "range", "a range", &["0..10", "0%..100%"]),
    (Notation::Number, "number", "a number or a percentage", &["10_000", "30%"]),
    (Notation::Share, "share", "a percentage", &["30%"]),
    (Notation::Date, "date", "a date", &["2026-01-01"]),
];

/// The `$defs` of a schema.
pub(super) fn definitions(plugins: &Plugins) -> Value {
    let mut all = Map::new();
    for (notation, name, title, examples) in NOTATIONS {
        let mut schema = scalar();
        schema["title"] = json!(title);
        schema["examples"] = json!(examples);
        if *notation == Notation::Date {
            schema["pattern"] = json!("^[0-9]{4}-[0-9]{2}-[0-9]{2}");
        }
        all.insert((*name).to_owned(), schema);
    }
    all.insert("rule".to_owned(), rule(plugins.kinds()));
    Value::Object(all)
}

/// The schema of a mapping with these keys.
pub(super) fn keys(keys: &[Key]) -> Value {
    object(keys.iter())
}

fn object<'k>(keys: impl Iterator<Item = &'k Key> + Clone) -> Value {
    let required: Vec<&str> = keys.clone().filter(|key| key.required).map(|key| key.name).collect();
    let properties: Map<String, Value> = keys.map(|key| (key.name.to_owned(), property(key))).collect();
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = json!({"description": key.doc});
    if let (Value::Object(all), Value::Object(shape)) = (&mut schema, shape_schema(key.shape)) {
        all.extend(shape);
    }
    schema
}

/// The schema of a shape; always an object.
fn shape_schema(shape: Shape) -> Value {
    match shape {
        Shape::Text | Shape::File | Shape::Name(_) => scalar(),
        Shape::Cell => json!({"type": ["string", "number", "boolean", "null"]}),
        Shape::TimeZone => json!({"type": "string", "examples": ["Europe/Amsterdam", "America/New_York"]}),
        Shape::Currency => json!({"type": "string", "pattern": "^[A-Z]{3}$"}),
        Shape::Character => json!({"type": ["string", "integer"], "pattern": "^(.|tab)$"}),
        Shape::Boolean => json!({"enum": [true, false, "true", "false"]}),
        Shape::Integer => json!({"type": ["integer", "string"], "pattern": "^[+-]?[0-9_]+$"}),
        Shape::Word(words) => json!({"enum": words.iter().flat_map(|word| readings(word)).collect::<Vec<_>>()}),
        Shape::Notation(notation) => {
            let name = NOTATIONS.iter().find(|(known, ..)| *known == notation).map_or("", |(_, name, ..)| name);
            json!({"$ref": format!("#/$defs/{name}")})
        }
        Shape::List(item) => json!({"type": "array", "items": shape_schema(*item)}),
        Shape::Keys(known) => keys(known),
        Shape::MapByName(value) => json!({
            "type": "object",
            "additionalProperties": shape_schema(*value),
            "propertyNames": {"pattern": "^[\\p{L}_][\\p{L}\\p{N}_]*$"},
        }),
        Shape::MapByLabel(value) | Shape::MapByNotation(_, value) => {
            json!({"type": "object", "additionalProperties": shape_schema(*value)})
        }
        Shape::Rule => json!({"$ref": "#/$defs/rule"}),
        Shape::Either(shapes) => json!({"anyOf": shapes.iter().map(|shape| shape_schema(*shape)).collect::<Vec<_>>()}),
        Shape::Any => json!({}),
    }
}

/// The schema of any scalar, however YAML reads it.
fn scalar() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

/// A word, and what YAML reads it as without quotes, if that is not a text.
fn readings(word: &str) -> Vec<Value> {
    let other = serde_json::from_str::<Value>(word).ok().filter(|value| !value.is_string());
    std::iter::once(json!(word)).chain(other).collect()
}

/// The schema of a rule, whose keys depend on its kind.
fn rule(kinds: &[&'static RuleKind]) -> Value {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let summaries: Vec<&str> = kinds.iter().map(|kind| kind.summary).collect();
    let mut schema = json!({
        "type": "object",
        "properties": {"kind": {"description": "how it is computed", "enum": names, "enumDescriptions": summaries}},
        "required": ["kind"],
    });
    let of_kind = |kind: &&'static RuleKind| {
        let mut then = object(RULE_KEYS.iter().chain(kind.keys));
        then["description"] = json!(kind.summary);
        // The `if` has checked the kind already.
        then["properties"]["kind"] = json!({});
        json!({"if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]}, "then": then})
    };
    let by_kind: Vec<Value> = kinds.iter().map(of_kind).collect();
    if !by_kind.is_empty() {
        schema["allOf"] = json!(by_kind);
    }
    schema
}
