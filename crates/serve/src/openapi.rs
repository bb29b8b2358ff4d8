//! A description of the service for the rules in force: OpenAPI 3.1.

use accolade_engine::eval::key_columns;
use accolade_engine::model::{Column, Origin, Slot, SlotId, Source};
use accolade_engine::output::json_value;
use accolade_engine::rater::Requirement;
use accolade_engine::{Rater, Type};
use axum::body::Body;
use axum::http::Response;
use serde_json::{Map, Value as Json, json};

use crate::response;
use crate::versions::InForce;

/// The description for the rules in force.
pub(crate) async fn response(InForce(current): InForce) -> Response<Body> {
    response::response(document(&current.rater, &current.loaded.rules_version).to_string())
}

fn document(rater: &Rater, version: &str) -> Json {
    let set = rater.set();
    let description = set.description.clone().unwrap_or_default();
    let body = |schema: &str| json!({"required": true, "content": {"application/json": {"schema": {"$ref": schema}}}});
    let mut rate = json!({
        "operationId": "rate",
        "summary": "Rates a record, or a batch of them",
        "parameters": [{
            "name": "explain", "in": "query", "description": "Also explain the results, and what would change them",
            "schema": {"type": "boolean", "default": false}
        }],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"oneOf": [
            {"$ref": "#/components/schemas/Record"},
            {"$ref": "#/components/schemas/Records"},
            {"type": "array", "items": {"type": "object"}}
        ]}}}},
    });
    rate["responses"] = responses(
        "The results: an object for a record, `results` for a batch",
        json!({"oneOf": [
            {"$ref": "#/components/schemas/Rated"},
            {"$ref": "#/components/schemas/Batch"}
        ]}),
    );
    let mut explain = json!({
        "operationId": "explain",
        "summary": "Explains why a record has its results, and what would change them",
        "parameters": [rule_parameter(rater)],
        "requestBody": body("#/components/schemas/Record"),
    });
    let explained = json!({"$ref": "#/components/schemas/Explanation"});
    explain["responses"] = responses("The explanation", explained.clone());
    let mut parameters = vec![rule_parameter(rater)];
    parameters.extend(rater.fields().iter().map(|field| {
        let schema = schema_of(rater, field.slot);
        json!({"name": field.name, "in": "query", "required": field.needed == Requirement::Required, "schema": schema})
    }));
    let explain_query = json!({
        "operationId": "explainFields",
        "summary": "The same for a record given as parameters; events are lists in JSON",
        "parameters": parameters,
        "responses": responses("The explanation", explained),
    });
    let plain = |id: &str, summary: &str, content: &str, schema: Json| {
        json!({"operationId": id, "summary": summary, "responses": {
            "200": {"description": summary, "content": {content: {"schema": schema}}},
            "401": {"$ref": "#/components/responses/Problem"}, "403": {"$ref": "#/components/responses/Problem"}
        }})
    };
    json!({
        "openapi": "3.1.0",
        "info": {"title": set.name, "description": description, "version": version},
        "paths": {
            "/rate": {"post": rate},
            "/explain": {"post": explain, "get": explain_query},
            "/health": {"get": plain("health", "Whether the service is up", "application/json", json!({"type": "object"}))},
            "/ready": {"get": plain("ready", "Which rules are in force", "application/json", json!({"type": "object"}))},
            "/metrics": {"get": plain(
                "metrics", "Figures for Prometheus", "application/openmetrics-text", json!({"type": "string"}))},
            "/openapi.json": {"get": plain("openapi", "This description", "application/json", json!({"type": "object"}))},
        },
        "components": {
            "schemas": schemas(rater),
            "responses": {"Problem": {
                "description": "The problem with the request",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            }},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    })
}

fn rule_parameter(rater: &Rater) -> Json {
    let rules: Vec<String> = rater.rules().collect();
    json!({
        "name": "rule", "in": "query", "description": "Only this rule; may be repeated",
        "schema": {"type": "array", "items": {"type": "string", "enum": rules}}, "style": "form", "explode": true
    })
}

fn responses(description: &str, schema: Json) -> Json {
    let mut responses = json!({
        "200": {"description": description, "content": {"application/json": {"schema": schema}}, "headers": {
            "accolade-rules-version": text_header("The version of the rules, the same for the same files"),
            "accolade-cut-offs-version": text_header("The version of the cut-offs, the same for the same file"),
            "x-request-id": text_header("The id of the request: that of its header `x-request-id`, or a new one")
        }}
    });
    for status in ["400", "401", "403", "408", "413", "415", "422", "503", "504"] {
        responses[status] = json!({"$ref": "#/components/responses/Problem"});
    }
    responses
}

fn text_header(description: &str) -> Json {
    json!({"description": description, "schema": {"type": "string"}})
}

fn schemas(rater: &Rater) -> Json {
    let set = rater.set();
    let mut properties = Map::new();
    for field in rater.fields() {
        properties.insert(field.name.clone(), schema_of(rater, field.slot));
    }
    for source in rater.sources() {
        let source = &set.demand.sources[*source];
        properties.insert(source.name.clone(), json!({"type": "array", "items": event(source)}));
    }
    let unread = json!({"deprecated": true, "description": "No rule reads it; it is ignored, with a warning."});
    properties.extend(rater.ignored().iter().map(|name| (name.clone(), unread.clone())));
    let required = rater.fields().iter().filter(|field| field.needed == Requirement::Required);
    let required: Vec<&str> = required.map(|field| field.name.as_str()).collect();
    let results: Map<String, Json> = rater
        .outputs()
        .iter()
        .map(|slot| (set.demand.slots[*slot].name.clone(), result(&set.demand.slots[*slot])))
        .collect();
    let explanation = json!({"$ref": "#/components/schemas/Explanation"});
    let warnings = json!({"type": "array", "items": {"$ref": "#/components/schemas/Finding"}});
    json!({
        "Record": {"type": "object", "properties": properties, "required": required, "additionalProperties": false},
        "Records": {"type": "object", "properties": {"records": {"type": "array", "items": {"type": "object"}}},
                  "required": ["records"], "additionalProperties": false},
        "Result": {"type": "object", "properties": results},
        "Rated": {"type": "object", "properties": {
            "result": {"$ref": "#/components/schemas/Result"}, "warnings": warnings.clone(),
            "explanation": explanation, "rules_version": {"type": "string"}, "cut_offs_version": {"type": "string"}
        }, "required": ["result"]},
        "Failed": {"type": "object", "properties": {
            "index": {"type": "integer"}, "error": {"$ref": "#/components/schemas/Problem"}
        }, "required": ["index", "error"]},
        "Batch": {"type": "object", "properties": {
            "failed": {"type": "integer"},
            "rules_version": {"type": "string"}, "cut_offs_version": {"type": "string"},
            "results": {"type": "array", "items": {"oneOf": [
                {"$ref": "#/components/schemas/Rated"}, {"$ref": "#/components/schemas/Failed"}
            ]}}
        }, "required": ["failed", "results", "rules_version", "cut_offs_version"]},
        "Explanation": {"type": "object", "properties": {
            "customer": {}, "fields": {"type": "array", "items": {"type": "object"}},
            "rules": {"type": "array", "items": {"type": "object"}}, "warnings": warnings,
            "cut_offs": {"type": ["object", "null"]}
        }, "required": ["customer", "fields", "rules"]},
        "Finding": {"type": "object", "properties": {
            "code": {"type": "string"}, "message": {"type": "string"},
            "help": {"type": "array", "items": {"type": "string"}},
            "field": {"type": ["string", "null"]}, "source": {"type": "string"}, "event": {"type": "integer"},
            "place": {"type": "string"}
        }, "required": ["code", "message"]},
        "Problem": {"type": "object", "properties": {
            "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}
        }, "required": ["title", "status", "detail"]},
    })
}

/// The schema of a field of a record: that of its column, if it is one.
fn schema_of(rater: &Rater, slot: SlotId) -> Json {
    let described = &rater.set().demand.slots[slot];
    let customers = rater.set().customers().map(|(_, source)| source);
    let column = match (described.origin, customers) {
        (Origin::Column(index), Some(source)) => source.columns.get(index),
        _ => None,
    };
    match column {
        Some(column) => of_column(column),
        None => input_schema(described.ty, described.nullable),
    }
}

fn event(source: &Source) -> Json {
    let properties: Map<String, Json> =
        source.stored().iter().map(|column| (column.name.clone(), of_column(column))).collect();
    let needed = source.stored().iter().enumerate();
    let needed = needed.filter(|(index, column)| {
        !column.nullable && *index != source.customer_column() && !key_columns(source).contains(index)
    });
    let required: Vec<&str> = needed.map(|(_, column)| column.name.as_str()).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn of_column(column: &Column) -> Json {
    let mut schema = input_schema(column.ty, column.nullable);
    if let Some(allowed) = &column.allowed {
        let nothing = column.nullable.then_some(Json::Null);
        schema["enum"] = allowed.iter().map(|text| json!(text)).chain(nothing).collect();
    }
    if let (Some((low, high)), true) = (&column.range, column.ty.is_numeric()) {
        schema["minimum"] = json_value(low);
        schema["maximum"] = json_value(high);
    }
    schema
}

/// The schema of a value in a request. Numbers may be text, which every JSON library keeps exact.
fn input_schema(ty: Type, nullable: bool) -> Json {
    let types: &[&str] = match ty {
        Type::Boolean => &["boolean"],
        Type::Integer | Type::Duration => &["integer", "string"],
        _ if ty.is_numeric() => &["number", "string"],
        _ => &["string"],
    };
    typed(types, ty, nullable)
}

fn result(slot: &Slot) -> Json {
    let types: &[&str] = match slot.ty {
        Type::Boolean => &["boolean"],
        Type::Integer | Type::Duration => &["integer"],
        ty if ty.is_numeric() => &["number"],
        _ => &["string"],
    };
    let mut schema = typed(types, slot.ty, true);
    if let Some(labels) = &slot.labels {
        schema["enum"] = labels.iter().map(|label| json!(label)).chain([Json::Null]).collect();
    }
    schema
}

fn typed(types: &[&str], ty: Type, nullable: bool) -> Json {
    let all: Vec<&str> = types.iter().copied().chain(nullable.then_some("null")).collect();
    let mut schema = json!({"type": all});
    match ty {
        Type::Date => schema["format"] = json!("date"),
        Type::DateTime => schema["description"] = json!("a date and a time without a zone, 2026-01-31T12:30:00"),
        Type::Percent => schema["description"] = json!("a fraction: 0.3 is 30%"),
        Type::Money => schema["description"] = json!("an amount of at most four decimals"),
        _ => {}
    }
    schema
}
