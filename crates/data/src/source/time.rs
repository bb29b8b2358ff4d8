//! Dates and times in text files: ISO 8601, or in the order that the source declares, since `03-04-2025` is ambiguous.

use accolade_core::model::Value;
use accolade_core::model::period::day_number;
use accolade_core::ops::{MICROS_PER_DAY, day_of};
use accolade_core::show;
use accolade_parser::syntax::file::DateOrder;
use chrono::NaiveDate;

/// `2025-12-31`, or a datetime at midnight.
pub(super) fn date(text: &str, order: Option<DateOrder>) -> Option<i32> {
    if let (10, Some(day)) = (text.len(), iso_day(text)) {
        return Some(day);
    }
    datetime(text, order).filter(|micros| micros.rem_euclid(MICROS_PER_DAY) == 0).map(day_of)
}

/// `2025-12-31`, `2025-12-31T23:59`, `2025-12-31 23:59:59.5`, in microseconds; with an order also `31/12/2025 9:05`.
pub(super) fn datetime(text: &str, order: Option<DateOrder>) -> Option<i64> {
    iso_datetime(text).or_else(|| ordered_datetime(text, order?))
}

fn iso_datetime(text: &str) -> Option<i64> {
    let days = i64::from(iso_day(text.get(..10)?)?) * MICROS_PER_DAY;
    match text.as_bytes().get(10..)? {
        [] => Some(days),
        [b'T' | b' ', time @ ..] => Some(days + time_of_day(time)?),
        _ => None,
    }
}

/// Three numbers separated by the same sign, with an optional time of day.
fn ordered_datetime(text: &str, order: DateOrder) -> Option<i64> {
    let (day, time) = text.split_once([' ', 'T']).map_or((text, None), |(day, time)| (day, Some(time)));
    let days = i64::from(ordered_day(day, order)?) * MICROS_PER_DAY;
    let Some(time) = time else { return Some(days) };
    // Spreadsheets write `9:05` for `09:05`.
    let padded = if time.find(':') == Some(1) { format!("0{time}") } else { time.to_owned() };
    Some(days + time_of_day(padded.as_bytes())?)
}

fn ordered_day(text: &str, order: DateOrder) -> Option<i32> {
    let sign = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(sign);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = match order {
        DateOrder::YearFirst => (first, second, third),
        DateOrder::DayFirst => (third, second, first),
        DateOrder::MonthFirst => (third, first, second),
    };
    let number = |text: &str, lengths: &[usize]| {
        let sound = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (month, day) = (number(month, &[1, 2])?, number(day, &[1, 2])?);
    let year = match (number(year, &[2, 4])?, year.len()) {
        // Two digits below 70 are of this century. POSIX divides them at 69.
        (year, 2) => {
            if year < 70 {
                2000 + year
            } else {
                1900 + year
            }
        }
        (year, _) => year,
    };
    if parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(day_number)
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

/// The decimals of a second in microseconds. Those after the sixth must be zero.
fn micros(digits: &[u8]) -> Option<i64> {
    let sound = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    if !sound || digits.iter().skip(6).any(|d| *d != b'0') {
        return None;
    }
    let value = (0..6).fold(0, |value, i| value * 10 + digits.get(i).map_or(0, |d| i64::from(d - b'0')));
    Some(value)
}

fn iso_day(text: &str) -> Option<i32> {
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

/// A guess at what is wrong with a text that is not a date.
pub(super) fn hint(text: &str, order: Option<DateOrder>) -> Option<String> {
    let fits = |other: DateOrder| datetime(text, Some(other)).is_some();
    let others = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst].map(|o| (o, fits(o)));
    match others.iter().filter(|(o, fits)| *fits && Some(*o) != order).map(|(o, _)| *o).collect::<Vec<_>>()[..] {
        // The text fits the declared order, so it is refused for its time of day.
        _ if order.is_some_and(fits) => {}
        [only] => return Some(format!("{}: write `date_order: {}` in the source", reading(text, only), only.name())),
        [one, other] => {
            return Some(format!(
                "write `date_order: {}` in the source if it is {}, `date_order: {}` if it is {}",
                one.name(),
                day_in_words(text, one),
                other.name(),
                day_in_words(text, other)
            ));
        }
        _ => {}
    }
    let zone = text.get(11..).and_then(|time| time.find(['Z', '+', '-']));
    if zone.is_some_and(|at| text.get(..11 + at).is_some_and(|local| datetime(local, None).is_some())) {
        return Some("leave the time zone out and write the local time".to_owned());
    }
    if let Some(day) = serial_day(text) {
        let value = show::value(&Value::Date(day));
        return Some(format!(
            "this looks like an Excel serial date: {text} would be {value}; format the column as a date (yyyy-mm-dd) and save the file again"
        ));
    }
    datetime(text, order).map(|_| "the value has a time of day: declare the column as `datetime`".to_owned())
}

fn reading(text: &str, order: DateOrder) -> String {
    let first = match order {
        DateOrder::YearFirst => "year",
        DateOrder::DayFirst => "day",
        DateOrder::MonthFirst => "month",
    };
    format!("dates seem to be written with the {first} first, so that this is {}", day_in_words(text, order))
}

fn day_in_words(text: &str, order: DateOrder) -> String {
    datetime(text, Some(order)).map(|micros| show::value(&Value::Date(day_of(micros)))).unwrap_or_default()
}

/// Parses the serial day number of a spreadsheet, counted from 1899-12-30, if the day is between 1954 and 2119.
pub fn serial_day(text: &str) -> Option<i32> {
    const EPOCH: i32 = 25_569;
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole.parse::<i32>().ok().filter(|n| (20_000..=80_000).contains(n)).map(|n| n - EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_and_nothing_else() {
        assert_eq!(date("1970-01-02", None), Some(1));
        assert_eq!(date("1970-01-02T00:00:00", None), Some(1));
        assert_eq!(date("1970-01-02 00:00:01", None), None);
        assert_eq!(date("2025-02-29", None), None);
        assert_eq!(date("31-12-2025", None), None);
        assert_eq!(date("2025-1-1", None), None);
        assert_eq!(datetime("1970-01-01 00:00:01.5", None), Some(1_500_000));
        assert_eq!(datetime("1970-01-02T00:01", None), Some(MICROS_PER_DAY + 60_000_000));
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
            assert_eq!(datetime(wrong, None), None, "{wrong}");
        }
        assert_eq!(datetime("1970-01-01T00:00:00.123456000", None), Some(123_456));
        assert_eq!(datetime("1969-12-31T23:59:59.999999", None), Some(-1));
    }

    #[test]
    fn dates_in_a_declared_order() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        let expected = date("2025-02-01", None);
        for (text, order) in [
            ("1/2/2025", DayFirst),
            ("01.02.2025", DayFirst),
            ("01-02-25", DayFirst),
            ("2/1/2025", MonthFirst),
            ("02-01-2025 0:00", MonthFirst),
            ("2025/2/1", YearFirst),
            ("2025-02-01", DayFirst),
            ("2025-02-01T00:00", MonthFirst),
        ] {
            assert_eq!(date(text, Some(order)), expected, "{text}");
        }
        assert_eq!(datetime("12/1/10 8:26", Some(MonthFirst)), datetime("2010-12-01T08:26", None));
        for wrong in
            ["1/2-2025", "1/2/2025/3", "31/02/2025", "1/13/2025", "001/2/2025", "1/2/025", "1//2025", "1 2 2025", ""]
        {
            assert_eq!(date(wrong, Some(DayFirst)), None, "{wrong}");
        }
        assert_eq!(date("1/2/2025 9:05", Some(DayFirst)), None);
    }

    #[test]
    fn likely_mistakes_are_named() {
        assert!(
            hint("31-12-2025", None).is_some_and(|h| h.contains("date_order: day_first") && h.contains("2025-12-31"))
        );
        assert!(hint("45678", None).is_some_and(|h| h.contains("45678 would be 2025-01-21")));
        assert!(hint("2025/12/31", None).is_some_and(|h| h.contains("date_order: year_first")));
        assert!(hint("2025-12-31T10:00", None).is_some_and(|h| h.contains("datetime")));
        for zoned in ["2025-12-31T10:00:00Z", "2025-12-31T10:00:00+01:00", "2025-12-31 10:00:00.5-0500"] {
            assert!(hint(zoned, None).is_some_and(|h| h.contains("zone")), "{zoned}");
        }
    }
}
