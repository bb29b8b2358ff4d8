//! Literals as values of a type, exactly.

use accolade_parser::expr::ast::{Literal, TimeUnit};
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

mod groups;

use crate::values::period::day_number;
use crate::values::types::{MONEY_SCALE, SCORE_SCALE};
use crate::values::{Type, Value};

/// The type of a literal where its context asks for none; `None` for months, which have no fixed number of days.
pub fn default_type(literal: &Literal) -> Option<Type> {
    Some(match literal {
        Literal::Number(d) if d.scale() == 0 => Type::Integer,
        Literal::Number(_) => Type::Number,
        Literal::Percent(_) => Type::Percent,
        Literal::Text(_) => Type::Text,
        Literal::Boolean(_) => Type::Boolean,
        Literal::Date(_) => Type::Date,
        Literal::DateTime(_) => Type::DateTime,
        Literal::Duration(_, TimeUnit::Day | TimeUnit::Week) => Type::Duration,
        Literal::Duration(..) => return None,
    })
}

/// `literal` as a value of type `ty`, exactly; `None` after a diagnostic if it cannot be.
pub fn value(literal: &Literal, ty: Type, span: Span, out: &mut Diagnostics) -> Option<Value> {
    let converted = convert(literal, ty);
    if let (Literal::Number(d), Type::Percent) = (literal, ty)
        && d.abs() > Decimal::ONE
    {
        let as_read = Literal::Percent(*d);
        let as_meant = Literal::Percent(*d / Decimal::ONE_HUNDRED);
        out.push(
            Diagnostic::new(
                Code::W0504,
                format!("`{literal}` is read as {as_read}, because a percentage is expected here"),
            )
            .at(span)
            .help(format!("write `{as_meant}`, or `{as_read}` if that is what you mean")),
        );
    }
    out.extend(groups::doubted(literal, ty, span));
    if converted.is_none() {
        let mut diagnostic =
            Diagnostic::new(Code::E0404, format!("{} cannot be written as `{literal}`", with_article(ty))).at(span);
        diagnostic = match (literal, ty) {
            (Literal::Number(_), Type::Money) => {
                diagnostic.help("money has at most four decimal places and 18 digits before them")
            }
            (Literal::Number(d), Type::Integer) if d.scale() > 0 => diagnostic.help("an integer has no decimal places"),
            (Literal::Percent(_), Type::Money) => {
                diagnostic.help("write an amount, or compare a share such as `revenue / potential_revenue`")
            }
            (_, Type::Date | Type::DateTime) => diagnostic.help("write a date as `2026-01-31`"),
            (_, Type::Text) => diagnostic.help("write text in double quotes"),
            _ => diagnostic,
        };
        out.push(diagnostic);
    }
    converted
}

/// `literal` as a value of type `ty`, if that loses nothing.
pub fn convert(literal: &Literal, ty: Type) -> Option<Value> {
    Some(match (literal, ty) {
        (Literal::Number(d), Type::Integer) if d.fract().is_zero() => Value::Integer(d.to_i64()?),
        (Literal::Number(d) | Literal::Percent(d), Type::Number | Type::Percent) => Value::Number(to_float(*d)?),
        (Literal::Number(d), Type::Money) => Value::Money(unscaled(*d, MONEY_SCALE)?),
        (Literal::Number(d), Type::Score) => Value::Score(unscaled(*d, SCORE_SCALE)?),
        (Literal::Text(t), Type::Text) => Value::text(t),
        (Literal::Boolean(b), Type::Boolean) => Value::Boolean(*b),
        (Literal::Date(d), Type::Date) => Value::Date(day_number(*d)),
        (Literal::Date(d), Type::DateTime) => Value::DateTime(i64::from(day_number(*d)) * crate::ops::MICROS_PER_DAY),
        (Literal::DateTime(t), Type::DateTime) => Value::DateTime(t.and_utc().timestamp_micros()),
        (Literal::Duration(n, TimeUnit::Day), Type::Duration) => Value::Integer(*n),
        (Literal::Duration(n, TimeUnit::Week), Type::Duration) => Value::Integer(n.checked_mul(7)?),
        _ => return None,
    })
}

/// The nearest float, as reading the decimal text gives it.
fn to_float(decimal: Decimal) -> Option<f64> {
    decimal.to_string().parse::<f64>().ok().filter(|f| f.is_finite()).map(|f| f + 0.0)
}

/// `decimal · 10^scale`, if that is whole.
pub fn unscaled(decimal: Decimal, scale: i8) -> Option<i128> {
    let decimal = decimal.normalize();
    let missing = u32::from(scale.unsigned_abs()).checked_sub(decimal.scale())?;
    decimal.mantissa().checked_mul(crate::ops::power_of_ten(missing)?)
}

/// The type with its article, for messages.
pub fn with_article(ty: Type) -> String {
    match ty {
        Type::Integer => format!("an {ty}"),
        Type::Text | Type::Money => ty.to_string(),
        _ => format!("a {ty}"),
    }
}
