//! Dates of three numbers in a declared order: `31/12/2025 9:05`, `12/31/25 9:05 PM`.

use accolade_core::model::period::day_number;
use accolade_parser::syntax::file::DateOrder;
use chrono::NaiveDate;

use super::{clock, on_day};

/// Three numbers separated by the same sign, with an optional time of day.
pub(super) fn datetime(text: &str, order: DateOrder) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T']).map_or((text, None), |(day, time)| (day, Some(time)));
    let day = day(date, order)?;
    on_day(day, time.map_or(Some(0), clock::spoken))
}

fn day(text: &str, order: DateOrder) -> Option<i32> {
    let sign = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(sign);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    match order {
        DateOrder::YearFirst => of_parts(first, second, third),
        DateOrder::DayFirst => of_parts(third, second, first),
        DateOrder::MonthFirst => of_parts(third, first, second),
    }
}

fn of_parts(year: &str, month: &str, day: &str) -> Option<i32> {
    let (month, day) = (number(month, &[1, 2])?, number(day, &[1, 2])?);
    NaiveDate::from_ymd_opt(self::year(year)?, month, day).map(day_number)
}

/// A year of two or four digits.
pub(super) fn year(text: &str) -> Option<i32> {
    let written = number(text, &[2, 4])?;
    let year = match text.len() {
        // Two digits below 70 are of this century. POSIX divides them at 69.
        2 if written < 70 => 2000 + written,
        2 => 1900 + written,
        _ => written,
    };
    i32::try_from(year).ok()
}

/// A number of one of these lengths in digits.
pub(super) fn number(text: &str, lengths: &[usize]) -> Option<u32> {
    let sound = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}
