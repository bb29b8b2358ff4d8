//! JSON Schemas of rule files and test files, generated from the tables of keys that their readers use.

mod shapes;

use accolade_engine::Plugins;
use accolade_engine::script::LIMITS;
use accolade_parser::syntax;
use serde_json::{Map, Value, json};

use self::shapes::{definitions, keys};

/// The schema of rule files that can use `plugins`.
pub fn of_rule_files(plugins: &Plugins) -> Value {
    let mut schema = keys(syntax::KEYS);
    schema["properties"]["script_limits"]["properties"] = limits();
    schema["properties"]["script_limits"]["additionalProperties"] = json!(false);
    document("accolade rule file", "Customer rating as code.", schema, definitions(plugins))
}

/// The schema of test files.
pub fn of_test_files() -> Value {
    let schema = keys(accolade_testing::read::KEYS);
    document("accolade test file", "Cases that test a rule file.", schema, definitions(&Plugins::default()))
}

fn document(title: &str, description: &str, schema: Value, definitions: Value) -> Value {
    let mut all = Map::new();
    all.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    all.insert("title".to_owned(), json!(title));
    all.insert("description".to_owned(), json!(description));
    if let Value::Object(schema) = schema {
        all.extend(schema);
    }
    all.insert("$defs".to_owned(), definitions);
    Value::Object(all)
}

/// The properties of `script_limits`: the limits of scripts and their maxima.
fn limits() -> Value {
    let limit = |(name, usual, most, doc): &(&'static str, u64, u64, &'static str)| {
        let description = format!("{doc}; {usual} if absent, at most {most}");
        let value = json!({
            "description": description,
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": most,
            "pattern": "^[0-9_]+$",
        });
        ((*name).to_owned(), value)
    };
    Value::Object(LIMITS.iter().map(limit).collect())
}
