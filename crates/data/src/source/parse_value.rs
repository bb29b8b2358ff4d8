//! Parsing one value in the default format of data files.

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::model::{Type, Value};
use accolade_parser::syntax::file::BooleanWord;

use super::convert::boolean;
use super::number::NumberSigns;
use super::{number, time};

/// Parses a text as a value of type `ty`; `None` if it is not one. `words` are those of the source for true and false.
pub fn parse_value(text: &str, ty: Type, words: &[BooleanWord]) -> Option<Value> {
    let signs = NumberSigns::new('.');
    if ty == Type::Text {
        return Some(Value::text(text));
    }
    let text = text.trim_ascii();
    Some(match ty {
        Type::Boolean => Value::Boolean(boolean(text, words)?),
        Type::Integer | Type::Duration => Value::Integer(number::integer(text, signs)?),
        Type::Number => Value::Number(number::number(text, signs)?),
        Type::Percent => Value::Number(number::percent(text, signs)?),
        Type::Money => Value::Money(number::money(text, signs)?),
        Type::Score => {
            let (mantissa, places) = number::decimal(text, signs)?;
            let up = u32::from(SCORE_SCALE.unsigned_abs()).checked_sub(places)?;
            Value::Score(mantissa.checked_mul(10i128.checked_pow(up)?)?)
        }
        Type::Date => Value::Date(time::date(text, None)?),
        Type::DateTime => Value::DateTime(time::datetime(text, None)?),
        Type::Text | Type::Decimal | Type::Rows => return None,
    })
}
