//! Dates in scripts: the type `date`, and `datetime` for a date with a time of day.

use accolade_core::model::Value;
use accolade_core::model::period::{add_months, date_of, parse_day};
use accolade_core::show;
use chrono::Datelike;
use rhai::{Engine, EvalAltResult, Position};

use crate::native_result::NativeResult;

/// A day since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Date(pub(crate) i32);

/// Microseconds since 1970-01-01T00:00:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DateTime(pub(crate) i64);

const MICROS_PER_DAY: i64 = 86_400_000_000;

fn out_of_calendar() -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorArithmetic("the date is beyond the calendar".to_owned(), Position::NONE))
}

/// A date moved by a number of days.
pub(crate) fn moved(date: Date, days: i64) -> NativeResult<Date> {
    let day = i64::from(date.0).checked_add(days).and_then(|day| i32::try_from(day).ok());
    day.filter(|day| date_of(*day).is_some()).map(Date).ok_or_else(out_of_calendar)
}

fn months_later(date: Date, months: i64) -> NativeResult<Date> {
    add_months(date.0, months).map(Date).ok_or_else(out_of_calendar)
}

fn part(date: Date, of: impl Fn(chrono::NaiveDate) -> i64) -> i64 {
    date_of(date.0).map_or(0, of)
}

fn day_of(time: DateTime) -> Date {
    Date(i32::try_from(time.0.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX))
}

macro_rules! compared {
    ($engine:expr, $a:ty, $b:ty, $left:expr, $right:expr) => {
        $engine
            .register_fn("==", |a: $a, b: $b| $left(a) == $right(b))
            .register_fn("!=", |a: $a, b: $b| $left(a) != $right(b))
            .register_fn("<", |a: $a, b: $b| $left(a) < $right(b))
            .register_fn("<=", |a: $a, b: $b| $left(a) <= $right(b))
            .register_fn(">", |a: $a, b: $b| $left(a) > $right(b))
            .register_fn(">=", |a: $a, b: $b| $left(a) >= $right(b))
    };
}

pub(crate) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Date>("date").register_type_with_name::<DateTime>("datetime");
    compared!(engine, Date, Date, |a: Date| a, |b: Date| b);
    compared!(engine, DateTime, DateTime, |a: DateTime| a, |b: DateTime| b);
    compared!(engine, DateTime, Date, |a: DateTime| a.0, |b: Date| i64::from(b.0) * MICROS_PER_DAY);
    compared!(engine, Date, DateTime, |a: Date| i64::from(a.0) * MICROS_PER_DAY, |b: DateTime| b.0);
    engine
        .register_fn("date", |text: &str| {
            parse_day(text)
                .map(Date)
                .ok_or_else(|| -> Box<EvalAltResult> { format!("`{text}` is not a date such as `2026-01-31`").into() })
        })
        .register_fn("-", |a: Date, b: Date| i64::from(a.0) - i64::from(b.0))
        .register_fn("+", moved)
        .register_fn("-", |date: Date, days: i64| moved(date, days.checked_neg().unwrap_or(i64::MAX)))
        .register_fn("add_days", moved)
        .register_fn("add_months", months_later)
        .register_get("year", |date: &mut Date| part(*date, |d| i64::from(d.year())))
        .register_get("quarter", |date: &mut Date| part(*date, |d| i64::from(d.month0() / 3 + 1)))
        .register_get("month", |date: &mut Date| part(*date, |d| i64::from(d.month())))
        .register_get("day", |date: &mut Date| part(*date, |d| i64::from(d.day())))
        .register_get("weekday", |date: &mut Date| part(*date, |d| i64::from(d.weekday().number_from_monday())))
        .register_get("date", |time: &mut DateTime| day_of(*time));
    let shown = |date: &mut Date| show::value(&Value::Date(date.0));
    let shown_time = |time: &mut DateTime| show::value(&Value::DateTime(time.0));
    engine.register_fn("to_string", shown).register_fn("to_debug", shown);
    engine.register_fn("to_string", shown_time).register_fn("to_debug", shown_time);
}
