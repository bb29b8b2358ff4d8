//! Conversion of values between the engine and scripts.

use accolade_core::frame::{array_of, value_at};
use accolade_core::model::{ReturnType, Type, Value};
use accolade_core::ops::Fault;
use accolade_core::script::ScriptResult;
use accolade_core::{decimal, ops};
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, StringViewArray, StructArray};
use arrow::datatypes::DataType;
use rhai::{Dynamic, Map};
use rust_decimal::Decimal;

use crate::date::{Date, DateTime};

/// The largest points a script can give; larger ones are clamped.
pub(crate) const MOST_POINTS: f64 = 1e15;

/// A field's value as a script sees it: money, scores and decimals are decimals, percentages are numbers, durations are
/// days, rows are an array of maps, missing is `()`.
///
/// # Errors
/// Fails when an amount has more than 28 digits.
pub(crate) fn into_script(value: &Value) -> Result<Dynamic, String> {
    let scaled = |unscaled: i128, scale: u32| {
        Decimal::try_from_i128_with_scale(unscaled, scale)
            .map(Dynamic::from_decimal)
            .map_err(|_| "an amount has too many digits for a script".to_owned())
    };
    Ok(match value {
        Value::Null => Dynamic::UNIT,
        Value::Boolean(v) => (*v).into(),
        Value::Integer(v) => (*v).into(),
        Value::Number(v) => (*v).into(),
        Value::Money(v) => return scaled(*v, 4),
        Value::Score(v) => return scaled(*v, 18),
        Value::Decimal(v) => Dynamic::from_decimal(*v),
        Value::Date(v) => Dynamic::from(Date(*v)),
        Value::DateTime(v) => Dynamic::from(DateTime(*v)),
        Value::Text(v) => rhai::ImmutableString::from(v.as_ref()).into(),
        Value::Rows(rows) => return array(rows),
    })
}

/// A column of a batch, read one value at a time.
pub(crate) enum ScriptColumn<'a> {
    Integers(&'a Int64Array),
    Numbers(&'a Float64Array),
    Texts(&'a StringViewArray),
    Others(&'a ArrayRef),
}

impl<'a> ScriptColumn<'a> {
    pub(crate) fn of(column: &'a ArrayRef) -> ScriptColumn<'a> {
        match column.data_type() {
            DataType::Int64 => ScriptColumn::Integers(column.as_primitive()),
            DataType::Float64 => ScriptColumn::Numbers(column.as_primitive()),
            DataType::Utf8View => ScriptColumn::Texts(column.as_string_view()),
            _ => ScriptColumn::Others(column),
        }
    }

    /// The value in a row as the script sees it, or unconverted where that takes more than a copy.
    pub(crate) fn get(&self, row: usize) -> Result<Dynamic, Value> {
        match self {
            ScriptColumn::Others(column) => Err(value_at(column, row)),
            ScriptColumn::Integers(array) if array.is_valid(row) => Ok(array.value(row).into()),
            ScriptColumn::Numbers(array) if array.is_valid(row) => Ok(array.value(row).into()),
            ScriptColumn::Texts(array) if array.is_valid(row) => {
                Ok(rhai::ImmutableString::from(array.value(row)).into())
            }
            _ => Ok(Dynamic::UNIT),
        }
    }
}

fn array(rows: &StructArray) -> Result<Dynamic, String> {
    let row = |row: usize| {
        let mut map = Map::new();
        for (field, column) in rows.fields().iter().zip(rows.columns()) {
            map.insert(field.name().as_str().into(), into_script(&value_at(column, row))?);
        }
        Ok(Dynamic::from_map(map))
    };
    Ok(Dynamic::from_array((0..rows.len()).map(row).collect::<Result<_, String>>()?))
}

/// A script's value and its type, if expressions have that type.
pub(crate) fn to_value(value: &Dynamic) -> Option<(Value, Type)> {
    if let Ok(v) = value.as_int() {
        return Some((Value::Integer(v), Type::Integer));
    }
    if let Ok(v) = value.as_float() {
        return v.is_finite().then_some((Value::Number(v + 0.0), Type::Number));
    }
    if let Ok(v) = value.as_decimal() {
        return Some((Value::Decimal(v), Type::Decimal));
    }
    if let Ok(v) = value.as_bool() {
        return Some((Value::Boolean(v), Type::Boolean));
    }
    if let Ok(v) = value.as_immutable_string_ref() {
        return Some((Value::text(&v), Type::Text));
    }
    if let Some(Date(v)) = value.clone().try_cast() {
        return Some((Value::Date(v), Type::Date));
    }
    value.clone().try_cast().map(|DateTime(v)| (Value::DateTime(v), Type::DateTime))
}

/// A script's result converted to the type it must return.
///
/// # Errors
/// Fails when the result has another type or is a float that is not finite.
pub(crate) fn from_script(result: &Dynamic, gives: &ScriptResult) -> Result<Value, String> {
    match gives {
        ScriptResult::Points if result.is_unit() => Ok(Value::Null),
        ScriptResult::Points => points(result),
        ScriptResult::Value(returned) if result.is_unit() && returned.nullable => Ok(Value::Null),
        ScriptResult::Value(_) if result.is_unit() => {
            Err("it gave nothing, and `returns` does not allow a missing value".to_owned())
        }
        ScriptResult::Value(returned) => typed(result, returned),
    }
}

fn points(result: &Dynamic) -> Result<Value, String> {
    match to_value(result) {
        Some((Value::Number(v), _)) => Ok(Value::Number(v.clamp(-MOST_POINTS, MOST_POINTS))),
        Some((value @ (Value::Integer(_) | Value::Decimal(_)), _)) => Ok(value),
        _ => Err(wrong(result, "a number")),
    }
}

/// Points as a decimal.
pub(crate) fn to_decimal(points: Value) -> Value {
    match points {
        Value::Integer(v) => Value::Decimal(v.into()),
        Value::Number(v) => decimal::of_number(v).map_or(Value::Null, Value::Decimal),
        other => other,
    }
}

/// The points of a lowered script, clamped and exact as [`from_script`] and [`exact`] make those of the interpreter.
pub(crate) fn exact_points(points: Value) -> Value {
    to_decimal(match points {
        Value::Number(v) => Value::Number(v.clamp(-MOST_POINTS, MOST_POINTS)),
        other => other,
    })
}

/// A column of results. Points are a column of integers or floats if all of them are, otherwise of decimals.
pub(crate) fn column(results: Vec<Value>, gives: &ScriptResult) -> ArrayRef {
    if let ScriptResult::Value(returned) = gives {
        return array_of(returned.ty, results.into_iter());
    }
    let all = |ty: Type| results.iter().all(|value| value.fits(ty));
    match [Type::Integer, Type::Number].into_iter().find(|ty| all(*ty)) {
        Some(ty) => array_of(ty, results.into_iter()),
        None => array_of(Type::Decimal, results.into_iter().map(to_decimal)),
    }
}

/// A script's value as a value of type `ty`.
///
/// # Errors
/// Fails when it cannot be one, with the reason.
pub(crate) fn of_type(value: &Dynamic, ty: Type) -> Result<Value, String> {
    let wanted = accolade_core::literals::with_article(ty);
    let not_one = || format!("it is {}, not {wanted}", article(value.type_name()));
    let Some((value, _)) = to_value(value) else { return Err(not_one()) };
    match (value, ty) {
        (Value::DateTime(v), Type::Date) => Ok(Value::Date(ops::day_of(v))),
        (value, ty) => converted(value, ty).map_err(too_large_amount)?.ok_or_else(not_one),
    }
}

fn typed(result: &Dynamic, returned: &ReturnType) -> Result<Value, String> {
    let wanted = accolade_core::literals::with_article(returned.ty);
    let Some((value, _)) = to_value(result) else { return Err(wrong(result, &wanted)) };
    converted(value, returned.ty).map_err(too_large)?.ok_or_else(|| wrong(result, &wanted))
}

/// A value of a script converted to type `ty`; none if it has another type.
fn converted(value: Value, ty: Type) -> Result<Option<Value>, Fault> {
    Ok(Some(match (value, ty) {
        (Value::Integer(v), Type::Number | Type::Percent) => Value::Number(v as f64),
        (Value::Decimal(v), Type::Number | Type::Percent) => Value::Number(decimal::to_number(v) + 0.0),
        (Value::Integer(v), Type::Money) => Value::Money(i128::from(v) * 10_000),
        (Value::Decimal(v), Type::Money) => Value::Money(decimal::to_money(v)?),
        (Value::Number(v), Type::Money) => Value::Money(ops::number_to_money(v)?),
        (value, ty) if value.fits(ty) => value,
        _ => return Ok(None),
    }))
}

fn too_large_amount(_: Fault) -> String {
    "it is an amount that is too large".to_owned()
}

fn too_large(_: Fault) -> String {
    "it gave an amount that is too large".to_owned()
}

fn wrong(result: &Dynamic, wanted: &str) -> String {
    match result.as_float() {
        Ok(float) if !float.is_finite() => "it gave a number that is not finite".to_owned(),
        _ if result.is_unit() => format!("it gave nothing, not {wanted}"),
        _ => format!("it gave {}, not {wanted}", article(result.type_name())),
    }
}

/// A script type's name with its article.
pub(crate) fn article(type_name: &str) -> String {
    match type_name {
        "()" => "nothing".to_owned(),
        "string" | "&str | ImmutableString | String" => "a text".to_owned(),
        "i64" | "INT" => "an integer".to_owned(),
        "f64" | "FLOAT" => "a number".to_owned(),
        "bool" => "true or false".to_owned(),
        "array" => "an array".to_owned(),
        "rust_decimal::decimal::Decimal" => "a decimal".to_owned(),
        // Rhai names types of this crate by their path.
        other => format!("a {}", other.rsplit("::").next().unwrap_or(other).to_lowercase()),
    }
}
