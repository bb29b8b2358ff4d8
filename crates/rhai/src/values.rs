//! Values in and out of a script.

use accolade_engine::show;
use accolade_engine::{Type, Value};
use rhai::Dynamic;
use rust_decimal::Decimal;

/// A field's value as a script sees it: money and scores are decimals, dates are ISO text, missing is `()`.
///
/// # Errors
/// An amount beyond 28 digits.
pub(crate) fn into_script(value: &Value, ty: Type) -> Result<Dynamic, String> {
    let decimal = |unscaled: i128, scale: u32| {
        Decimal::try_from_i128_with_scale(unscaled, scale)
            .map(Dynamic::from)
            .map_err(|_| "an amount has too many digits".to_owned())
    };
    Ok(match value {
        Value::Null => Dynamic::UNIT,
        Value::Boolean(v) => (*v).into(),
        Value::Integer(v) => (*v).into(),
        Value::Number(v) => (*v).into(),
        Value::Money(v) => return decimal(*v, 4),
        Value::Score(v) => return decimal(*v, 18),
        Value::Date(_) | Value::DateTime(_) => {
            debug_assert!(matches!(ty, Type::Date | Type::DateTime));
            show::value(value).into()
        }
        Value::Text(v) => v.to_string().into(),
    })
}

/// A script's result as points: a number, or `()` for missing.
///
/// # Errors
/// A result of another type, or a float that is not finite.
pub(crate) fn from_script(result: &Dynamic) -> Result<Value, String> {
    if result.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(integer) = result.as_int() {
        return Ok(Value::Integer(integer));
    }
    let number = match (result.as_float(), result.as_decimal()) {
        (Ok(float), _) => float,
        (_, Ok(decimal)) => decimal.to_string().parse().unwrap_or(f64::NAN),
        _ => return Err(format!("it gave a value of type {}, not a number", result.type_name())),
    };
    if number.is_finite() {
        Ok(Value::Number(number + 0.0))
    } else {
        Err("it gave a number that is not finite".to_owned())
    }
}
