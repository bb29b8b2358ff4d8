//! Dates and times in text files: ISO 8601 only, since `03-04-2025` is two different days to two readers.

use chrono::NaiveDate;

use crate::eval::ops::{MICROS_PER_DAY, day_of};
use crate::model::period::day_number;

/// `2025-12-31`, or a datetime at midnight.
pub(super) fn date(text: &str) -> Option<i32> {
    if text.len() == 10 {
        return day(text);
    }
    datetime(text).filter(|micros| micros.rem_euclid(MICROS_PER_DAY) == 0).map(day_of)
}

/// `2025-12-31`, `2025-12-31T23:59`, `2025-12-31 23:59:59.5`, in microseconds.
pub(super) fn datetime(text: &str) -> Option<i64> {
    let days = i64::from(day(text.get(..10)?)?) * MICROS_PER_DAY;
    match text.as_bytes().get(10..)? {
        [] => Some(days),
        [b'T' | b' ', time @ ..] => Some(days + time_of_day(time)?),
        _ => None,
    }
}

/// `23:59`, `23:59:59` or `23:59:59.999999`, in microseconds.
fn time_of_day(text: &[u8]) -> Option<i64> {
    let two = |at: usize, below: i64| {
        let pair = text.get(at..at + 2)?;
        let value = i64::from(pair[0].checked_sub(b'0')?) * 10 + i64::from(pair[1].checked_sub(b'0')?);
        (pair.iter().all(u8::is_ascii_digit) && value < below).then_some(value)
    };
    let colon = |at: usize| (text.get(at) == Some(&b':')).then_some(());
    colon(2)?;
    let minutes = two(0, 24)? * 60 + two(3, 60)?;
    if text.len() == 5 {
        return Some(minutes * 60_000_000);
    }
    colon(5)?;
    let seconds = minutes * 60 + two(6, 60)?;
    let fraction = match text.get(8..)? {
        [] => 0,
        [b'.', digits @ ..] => micros(digits)?,
        _ => return None,
    };
    Some(seconds * 1_000_000 + fraction)
}

/// Decimals of a second; beyond the sixth only zeros can be held.
fn micros(digits: &[u8]) -> Option<i64> {
    let sound = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    if !sound || digits.iter().skip(6).any(|d| *d != b'0') {
        return None;
    }
    let value = (0..6).fold(0, |value, i| value * 10 + digits.get(i).map_or(0, |d| i64::from(d - b'0')));
    Some(value)
}

fn day(text: &str) -> Option<i32> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u32, |value, b| b.is_ascii_digit().then(|| value * 10 + u32::from(b - b'0')))
    };
    let year = i32::try_from(digits(0..4)?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(5..7)?, digits(8..10)?).map(day_number)
}

/// What is likely wrong with a text that is no date.
pub(super) fn hint(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    if let [a, b, c] = parts.as_slice()
        && a.len() <= 2
        && b.len() <= 2
        && c.len() >= 2
    {
        return Some("write the year first: `2025-12-31`".to_owned());
    }
    if text.contains('/') {
        return Some("write dates with dashes: `2025-12-31`".to_owned());
    }
    let zone = text.get(11..).and_then(|time| time.find(['Z', '+', '-']));
    if zone.is_some_and(|at| text.get(..11 + at).is_some_and(|local| datetime(local).is_some())) {
        return Some("leave the time zone out; write the time as it was where it happened".to_owned());
    }
    match text.parse::<f64>() {
        Ok(20_000.0..=80_000.0) => Some(
            "this looks like a spreadsheet's day number; format the cells as dates, or write them as `2025-12-31`"
                .to_owned(),
        ),
        _ if datetime(text).is_some() => {
            Some("the value has a time of day: declare the column as `datetime`".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_and_nothing_else() {
        assert_eq!(date("1970-01-02"), Some(1));
        assert_eq!(date("1970-01-02T00:00:00"), Some(1));
        assert_eq!(date("1970-01-02 00:00:01"), None);
        assert_eq!(date("2025-02-29"), None);
        assert_eq!(date("31-12-2025"), None);
        assert_eq!(date("2025-1-1"), None);
        assert_eq!(datetime("1970-01-01 00:00:01.5"), Some(1_500_000));
        assert_eq!(datetime("1970-01-02T00:01"), Some(MICROS_PER_DAY + 60_000_000));
        for wrong in [
            "1970-01-01é",
            "1970-01-01T",
            "1970-01-01T1:00",
            "1970-01-01T24:00",
            "1970-01-01T10:00:60",
            "1970-01-01T10:00:00.",
            "1970-01-01T10:00:00.1234567",
            "1970-01-01T10:00Z",
            "1970-01-01T+1:00",
        ] {
            assert_eq!(datetime(wrong), None, "{wrong}");
        }
        assert_eq!(datetime("1970-01-01T00:00:00.123456000"), Some(123_456));
        assert_eq!(datetime("1969-12-31T23:59:59.999999"), Some(-1));
    }

    #[test]
    fn likely_mistakes_are_named() {
        assert!(hint("31-12-2025").is_some_and(|h| h.contains("year first")));
        assert!(hint("45678").is_some_and(|h| h.contains("spreadsheet")));
        assert!(hint("2025/12/31").is_some_and(|h| h.contains("dashes")));
        assert!(hint("2025-12-31T10:00").is_some_and(|h| h.contains("datetime")));
        for zoned in ["2025-12-31T10:00:00Z", "2025-12-31T10:00:00+01:00", "2025-12-31 10:00:00.5-0500"] {
            assert!(hint(zoned).is_some_and(|h| h.contains("zone")), "{zoned}");
        }
    }
}
