//! Parsing one value in the default format of data files.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::model::{Source, TimeZone, Type, Value};
use accolade_parser::syntax::file::BooleanWord;

use super::convert::boolean;
use super::number::NumberSigns;
use super::time::TimeForm;
use super::{number, time};

/// How a source writes single values, where they are not in the default format.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValueForm<'a> {
    /// Its words for true and false.
    pub words: &'a [BooleanWord],
    /// The time zone in whose days its instants fall.
    pub zone: Option<TimeZone>,
}

impl<'a> ValueForm<'a> {
    /// That of a source.
    pub fn of(source: &'a Source) -> ValueForm<'a> {
        ValueForm { words: &source.format.values, zone: source.time_zone }
    }
}

/// Parses a text as a value of type `ty`; `None` if it is not one.
pub fn parse_value(text: &str, ty: Type, form: ValueForm) -> Option<Value> {
    let times = TimeForm { order: None, zone: form.zone };
    let signs = NumberSigns::new('.');
    if ty == Type::Text {
        return Some(Value::text(text));
    }
    let text = text.trim_ascii();
    Some(match ty {
        Type::Boolean => Value::Boolean(boolean(text, form.words)?),
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
