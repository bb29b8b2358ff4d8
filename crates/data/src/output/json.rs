//! Results as JSON: numbers are exact decimals, dates are strings, missing values are null.

use std::io::{self, Write};

use accolade_core::frame::value_at;
use accolade_core::model::Value;
use accolade_core::show;
use serde_json::{Map, Number, Value as Json};

use super::results::{Results, each_row};

pub(super) fn write(results: &mut dyn Results, array: bool, sink: &mut dyn Write) -> io::Result<()> {
    let (slots, rows) = (results.slots(), results.rows());
    if array {
        sink.write_all(b"[")?;
    }
    let mut first = true;
    each_row(results, |columns, row| -> io::Result<()> {
        if array {
            sink.write_all(if std::mem::take(&mut first) { b"\n" } else { b",\n" })?;
        }
        let cells = slots.iter().zip(columns);
        let object: Map<String, Json> =
            cells.map(|(slot, column)| (slot.name.clone(), value(&value_at(column, row)))).collect();
        serde_json::to_writer(&mut *sink, &Json::Object(object))?;
        if !array {
            sink.write_all(b"\n")?;
        }
        Ok(())
    })?;
    if array {
        sink.write_all(if rows == 0 { b"]\n" } else { b"\n]\n" })?;
    }
    Ok(())
}

/// A value as JSON.
pub fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(v) => Json::Bool(*v),
        Value::Integer(v) => Json::Number((*v).into()),
        // Parsed from the decimal text, which keeps every digit.
        Value::Number(_) | Value::Money(_) | Value::Score(_) | Value::Decimal(_) => {
            show::value(value).parse::<Number>().map_or(Json::Null, Json::Number)
        }
        Value::Date(_) | Value::DateTime(_) | Value::Rows(_) => Json::String(show::value(value)),
        Value::Text(v) => Json::String(v.to_string()),
    }
}
