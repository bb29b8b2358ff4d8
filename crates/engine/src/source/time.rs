//! Dates and times in text files: ISO 8601 only, since `03-04-2025` is two different days to two readers.

use chrono::{NaiveDate, NaiveTime};

use crate::eval::ops::MICROS_PER_DAY;
use crate::model::period::day_number;

/// `2025-12-31`, or a datetime at midnight.
pub(super) fn date(text: &str) -> Option<i32> {
    if text.len() == 10 {
        return day(text);
    }
    datetime(text).filter(|micros| micros.rem_euclid(MICROS_PER_DAY) == 0).map(crate::eval::ops::day_of)
}

/// `2025-12-31`, `2025-12-31T23:59`, `2025-12-31 23:59:59.5`, in microseconds.
pub(super) fn datetime(text: &str) -> Option<i64> {
    let days = i64::from(day(text.get(..10)?)?) * MICROS_PER_DAY;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(days);
    }
    let rest = rest.strip_prefix(['T', ' '])?;
    let time =
        NaiveTime::parse_from_str(rest, "%H:%M:%S%.f").or_else(|_| NaiveTime::parse_from_str(rest, "%H:%M")).ok()?;
    let since_midnight = time.signed_duration_since(NaiveTime::MIN).num_microseconds()?;
    Some(days + since_midnight.min(MICROS_PER_DAY - 1))
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
    match text.parse::<u32>() {
        Ok(20_000..=80_000) => {
            Some("this looks like a spreadsheet's day number; export the column as a date, `2025-12-31`".to_owned())
        }
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
        assert_eq!(datetime("1970-01-01é"), None);
    }

    #[test]
    fn likely_mistakes_are_named() {
        assert!(hint("31-12-2025").is_some_and(|h| h.contains("year first")));
        assert!(hint("45678").is_some_and(|h| h.contains("spreadsheet")));
        assert!(hint("2025/12/31").is_some_and(|h| h.contains("dashes")));
        assert!(hint("2025-12-31T10:00").is_some_and(|h| h.contains("datetime")));
    }
}
