//! Parsing one value in the default format of data files.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::model::{TimeZone, Type, Value};

use super::convert::boolean;
use super::number::NumberSigns;
use super::time::TimeForm;
use super::{number, time};

/// Parses a text as a value of type `ty`; `None` if it is not one. An instant is local time in the zone.
pub fn parse_value(text: &str, ty: Type, zone: Option<TimeZone>) -> Option<Value> {
    let times = TimeForm { order: None, zone };
    let signs = NumberSigns::new('.');
    if ty == Type::Text {
        return Some(Value::text(text));
    }
    let text = text.trim_ascii();
    Some(match ty {
        Type::Boolean => Value::Boolean(boolean(text)?),
        Type::Integer | Type::Duration => Value::Integer(number::integer(text, signs)?),
        Type::Number => Value::Number(number::number(text, signs)?),
        Type::Percent => Value::Number(number::percent(text, signs)?),
        Type::Money => Value::Money(number::money(text, signs)?),
        Type::Score => {
            let (mantissa, places) = number::decimal(text, signs)?;
            let up = u32::from(SCORE_SCALE.unsigned_abs()).checked_sub(places)?;
            Value::Score(mantissa.checked_mul(10i128.checked_pow(up)?)?)
        }
        Type::Date => Value::Date(time::date(text, times)?),
        Type::DateTime => Value::DateTime(time::datetime(text, times)?),
        Type::Text | Type::Decimal | Type::Rows => return None,
    })
}
