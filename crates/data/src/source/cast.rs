//! Casting columns that have a type in the file, as in Parquet. A value that does not fit becomes null.

use std::sync::Arc;

use accolade_core::model::types::{MONEY_SCALE, PRECISION};
use accolade_core::model::{TimeZone, Type};
use accolade_core::ops;
use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Float64Array, Int64Array, TimestampMicrosecondArray,
    new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, TimeUnit, TimestampMicrosecondType};

use super::number::MONEY_LIMIT;

/// The column without dictionary encoding, all text in views.
pub(super) fn plain(raw: &ArrayRef) -> ArrayRef {
    match raw.data_type() {
        DataType::Dictionary(_, values) => plain(&safe_cast(raw, values)),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            safe_cast(raw, &DataType::Utf8View)
        }
        _ => Arc::clone(raw),
    }
}

/// Whether a column stored as `stored` can become one of type `ty`.
pub(super) fn can_cast(stored: &DataType, ty: Type) -> bool {
    match stored {
        DataType::Dictionary(_, values) => can_cast(values, ty),
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView => true,
        DataType::Boolean => ty == Type::Boolean,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => matches!(ty, Type::Date | Type::DateTime),
        t if t.is_integer() => matches!(ty, Type::Text) || ty.is_numeric(),
        t if t.is_floating() || t.is_decimal() => ty.is_numeric(),
        _ => false,
    }
}

/// Casts a column to type `ty` exactly, except that floats are rounded half-even to four places to become money, and that
/// instants become local time in a zone.
pub(super) fn cast(raw: &ArrayRef, ty: Type, zone: Option<TimeZone>) -> ArrayRef {
    match (ty, raw.data_type()) {
        (Type::Date | Type::DateTime, DataType::Timestamp(_, Some(_))) => {
            let instants = safe_cast(raw, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
            let local = |instant: i64| zone?.local(instant);
            let locals = instants.as_primitive::<TimestampMicrosecondType>().iter().map(|v| v.and_then(local));
            match ty {
                Type::Date => Arc::new(locals.map(|v| v.map(ops::day_of)).collect::<Date32Array>()),
                _ => Arc::new(locals.collect::<TimestampMicrosecondArray>()),
            }
        }
        (Type::Money, t) if t.is_floating() => {
            let floats = safe_cast(raw, &DataType::Float64);
            money(floats.as_primitive::<Float64Type>().iter().map(|v| v.and_then(rounded)))
        }
        (Type::Money, DataType::Decimal128(_, scale)) if (0..=MONEY_SCALE).contains(scale) => {
            amounts(raw.as_primitive(), *scale).unwrap_or_else(|| money(unscaled(raw, MONEY_SCALE).into_iter()))
        }
        (Type::Money, t) if t.is_integer() || t.is_decimal() => money(unscaled(raw, MONEY_SCALE).into_iter()),
        (Type::Integer, t) if t.is_floating() => {
            let floats = safe_cast(raw, &DataType::Float64);
            let whole = |v: f64| (v.trunc() == v && v.abs() <= 9_007_199_254_740_992.0).then_some(v as i64);
            Arc::new(floats.as_primitive::<Float64Type>().iter().map(|v| v.and_then(whole)).collect::<Int64Array>())
        }
        (Type::Integer, t) if t.is_integer() => safe_cast(raw, &DataType::Int64),
        (Type::Integer, t) if t.is_decimal() => {
            let whole = unscaled(raw, 0).into_iter().map(|v| v.and_then(|v| i64::try_from(v).ok()));
            Arc::new(whole.collect::<Int64Array>())
        }
        (Type::Number | Type::Percent, t) if t.is_numeric() => {
            let floats = safe_cast(raw, &DataType::Float64);
            let finite = |v: f64| v.is_finite().then_some(v + 0.0);
            Arc::new(floats.as_primitive::<Float64Type>().iter().map(|v| v.and_then(finite)).collect::<Float64Array>())
        }
        (Type::Date, DataType::Date32 | DataType::Date64) => safe_cast(raw, &DataType::Date32),
        (Type::Date, DataType::Timestamp(..)) => {
            let micros = safe_cast(raw, &Type::DateTime.arrow());
            let day = |v: i64| (v.rem_euclid(ops::MICROS_PER_DAY) == 0).then(|| ops::day_of(v));
            let micros = micros.as_primitive::<TimestampMicrosecondType>().iter();
            Arc::new(micros.map(|v| v.and_then(day)).collect::<Date32Array>())
        }
        (Type::DateTime, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64) => {
            safe_cast(raw, &Type::DateTime.arrow())
        }
        (Type::Boolean, DataType::Boolean) => Arc::clone(raw),
        (Type::Text, t) if t.is_integer() => safe_cast(raw, &DataType::Utf8View),
        _ => new_null_array(&ty.arrow(), raw.len()),
    }
}

/// Decimals of at most four places as money, if all of them are within the limit.
fn amounts(decimals: &Decimal128Array, scale: i8) -> Option<ArrayRef> {
    let factor = ops::power_of_ten(u32::from(MONEY_SCALE.abs_diff(scale)))?;
    let most = MONEY_LIMIT / factor;
    let small = decimals.values().iter().all(|amount| -most < *amount && *amount < most);
    let scaled = || decimals.unary::<_, Decimal128Type>(|amount| amount * factor);
    small.then(|| Arc::new(scaled().with_data_type(Type::Money.arrow())) as ArrayRef)
}

fn money(amounts: impl Iterator<Item = Option<i128>>) -> ArrayRef {
    let small = amounts.map(|v| v.filter(|v| v.abs() < MONEY_LIMIT));
    Arc::new(small.collect::<Decimal128Array>().with_data_type(Type::Money.arrow()))
}

/// A float as money: its shortest decimal, rounded half-even to four places.
fn rounded(value: f64) -> Option<i128> {
    let scaled = value * 10_000.0;
    let nearest = scaled.round_ties_even();
    // Far from a tie, the rounding error of the product does not change the result.
    if scaled.abs() < 1e11 && ((scaled - nearest).abs() - 0.5).abs() > 1e-3 {
        return Some(nearest as i128);
    }
    if value.is_finite() { ops::number_to_money(value).ok() } else { None }
}

/// Integers or decimals in units of 10^-scale; those that are not whole multiples of it are null.
fn unscaled(raw: &ArrayRef, scale: i8) -> Vec<Option<i128>> {
    let own = match raw.data_type() {
        DataType::Decimal32(_, s)
        | DataType::Decimal64(_, s)
        | DataType::Decimal128(_, s)
        | DataType::Decimal256(_, s) => *s,
        _ => 0,
    };
    let decimals = safe_cast(raw, &DataType::Decimal128(PRECISION, own));
    let decimals = decimals.as_primitive::<Decimal128Type>();
    let factor = ops::power_of_ten(u32::from(scale.abs_diff(own)));
    let rescale = |v: i128| match factor {
        Some(factor) if own <= scale => v.checked_mul(factor),
        Some(factor) => (v % factor == 0).then_some(v / factor),
        None => (v == 0).then_some(0),
    };
    decimals.iter().map(|v| v.and_then(rescale)).collect()
}

/// A cast that gives null where a value does not fit.
fn safe_cast(raw: &ArrayRef, to: &DataType) -> ArrayRef {
    let options = CastOptions { safe: true, ..CastOptions::default() };
    cast_with_options(raw, to, &options).unwrap_or_else(|_| new_null_array(to, raw.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_become_the_money_they_show() {
        for (value, expected) in [
            (0.1, Some(1_000)),
            (12.34, Some(123_400)),
            (-1.005, Some(-10_050)),
            (0.000_05, Some(0)),
            (0.000_15, Some(2)),
            (1.000_05, Some(10_000)),
            (123_456_789.123_4, Some(1_234_567_891_234)),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e300, None),
        ] {
            assert_eq!(rounded(value), expected, "{value}");
        }
    }
}
