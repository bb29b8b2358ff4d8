//! ISO 8601: `2025-12-31`, `2025-12-31T23:59`, `2025-12-31 23:59:59.5`, and without signs `20251231T235959`.

use accolade_core::model::period::day_number;
use chrono::NaiveDate;

use super::{clock, on_day};

/// A day with four digits, two and two.
pub(super) fn day(text: &str) -> Option<i32> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    day_of(&bytes[0..4], &bytes[5..7], &bytes[8..10])
}

/// A day with an optional time of day, in microseconds.
pub(super) fn datetime(text: &str) -> Option<i64> {
    let day = day(text.get(..10)?)?;
    match text.as_bytes().get(10..)? {
        [] => on_day(day, Some(0)),
        [b'T' | b' ', time @ ..] => on_day(day, clock::time_of_day(time)),
        _ => None,
    }
}

/// A day of eight digits, with a time of day of six digits or with colons.
pub(super) fn compact(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (date, rest) = (bytes.get(..8)?, bytes.get(8..)?);
    let day = day_of(&date[..4], &date[4..6], &date[6..])?;
    match rest {
        [] => on_day(day, Some(0)),
        [b'T' | b' ', time @ ..] if time.len() == 6 && time.iter().all(u8::is_ascii_digit) => {
            let colons = [&time[..2], &time[2..4], &time[4..]].join(&b':');
            on_day(day, clock::time_of_day(&colons))
        }
        [b'T' | b' ', time @ ..] => on_day(day, clock::time_of_day(time)),
        _ => None,
    }
}

fn day_of(year: &[u8], month: &[u8], day: &[u8]) -> Option<i32> {
    let digits = |digits: &[u8]| {
        digits.iter().try_fold(0u32, |value, b| b.is_ascii_digit().then(|| value * 10 + u32::from(b - b'0')))
    };
    let year = i32::try_from(digits(year)?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(month)?, digits(day)?).map(day_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_are_a_day() {
        assert_eq!(compact("19700102"), datetime("1970-01-02"));
        assert_eq!(compact("19700102T030405"), datetime("1970-01-02T03:04:05"));
        assert_eq!(compact("19700102 03:04"), datetime("1970-01-02T03:04"));
        for wrong in ["1970010", "197001021", "19701301", "19700102T0304", "1970-102"] {
            assert_eq!(compact(wrong), None, "{wrong}");
        }
    }
}
