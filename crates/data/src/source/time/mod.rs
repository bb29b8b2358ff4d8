//! Dates and times in text files: ISO 8601, with the month as a word, or in the order that the source declares, since
//! `03-04-2025` is ambiguous. An instant (`2025-03-01T23:30:00Z`) becomes local time in the declared time zone.

mod clock;
mod hint;
mod iso;
mod named_month;
mod offset;
mod ordered;

use accolade_core::model::TimeZone;
use accolade_core::ops::{MICROS_PER_DAY, day_of};
use accolade_parser::syntax::file::DateOrder;

pub(super) use hint::hint;
pub use hint::serial_day;

/// How a source writes dates and times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeForm {
    /// The order of the numbers of a date that is not ISO 8601.
    pub order: Option<DateOrder>,
    /// The time zone in whose days instants fall.
    pub zone: Option<TimeZone>,
}

/// A date and time as written, with its offset from UTC where it has one, both in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) local: i64,
    pub(super) offset: Option<i64>,
}

/// `2025-12-31`, a datetime at midnight, or an instant of that day.
pub(super) fn date(text: &str, form: TimeForm) -> Option<i32> {
    if let (10, Some(day)) = (text.len(), iso::day(text)) {
        return Some(day);
    }
    match moment(text, form.order)? {
        Moment { local, offset: None } => (local.rem_euclid(MICROS_PER_DAY) == 0).then(|| day_of(local)),
        instant => local(instant, form.zone).map(day_of),
    }
}

/// A date and time of day, in microseconds: an instant in the declared time zone, anything else as it is written.
pub(super) fn datetime(text: &str, form: TimeForm) -> Option<i64> {
    local(moment(text, form.order)?, form.zone)
}

fn local(Moment { local, offset }: Moment, zone: Option<TimeZone>) -> Option<i64> {
    match offset {
        None => Some(local),
        Some(offset) => zone?.local(local.checked_sub(offset)?),
    }
}

/// Parses a date and time.
pub(super) fn moment(text: &str, order: Option<DateOrder>) -> Option<Moment> {
    // Most files write all their dates in one of these two ways.
    if let Some(local) = iso::datetime(text).or_else(|| ordered::datetime(text, order?)) {
        return Some(Moment { local, offset: None });
    }
    let (text, offset) = match offset::split(text) {
        Some((text, offset)) => (text, Some(offset)),
        None => (text, None),
    };
    let local = iso::datetime(text)
        .or_else(|| ordered::datetime(text, order?))
        .or_else(|| iso::compact(text))
        .or_else(|| named_month::datetime(text))?;
    Some(Moment { local, offset })
}

/// Days and an optional time of day as microseconds.
fn on_day(day: i32, time: Option<i64>) -> Option<i64> {
    Some(i64::from(day) * MICROS_PER_DAY + time?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(order: Option<DateOrder>, zone: &str) -> TimeForm {
        TimeForm { order, zone: TimeZone::named(zone) }
    }

    #[track_caller]
    fn check(text: &str, order: Option<DateOrder>, expected: &str) {
        let wanted = iso::datetime(expected);
        assert!(wanted.is_some(), "{expected}");
        assert_eq!(datetime(text, form(order, "Europe/Amsterdam")), wanted, "{text}");
    }

    #[test]
    fn iso_dates_and_nothing_else() {
        let none = TimeForm::default();
        assert_eq!(date("1970-01-02", none), Some(1));
        assert_eq!(date("1970-01-02T00:00:00", none), Some(1));
        assert_eq!(date("1970-01-02 00:00:01", none), None);
        assert_eq!(date("2025-02-29", none), None);
        assert_eq!(date("31-12-2025", none), None);
        assert_eq!(date("2025-1-1", none), None);
        assert_eq!(datetime("1970-01-01 00:00:01.5", none), Some(1_500_000));
        assert_eq!(datetime("1970-01-02T00:01", none), Some(MICROS_PER_DAY + 60_000_000));
        for wrong in [
            "1970-01-01é",
            "1970-01-01T",
            "1970-01-01T1:00",
            "1970-01-01T24:00",
            "1970-01-01T10:00:60",
            "1970-01-01T10:00:00.",
            "1970-01-01T10:00:00.1234567",
            "1970-01-01T+1:00",
            "1970-01-01Z",
            "1970-01-01+01:00",
            "1970-01-01T10:00+25:00",
            "1970-01-01T10:00 CET",
        ] {
            assert_eq!(datetime(wrong, form(None, "UTC")), None, "{wrong}");
        }
        assert_eq!(datetime("1970-01-01T00:00:00.123456000", none), Some(123_456));
        assert_eq!(datetime("1969-12-31T23:59:59.999999", none), Some(-1));
    }

    #[test]
    fn dates_in_a_declared_order() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        let expected = date("2025-02-01", TimeForm::default());
        for (text, order) in [
            ("1/2/2025", DayFirst),
            ("01.02.2025", DayFirst),
            ("01-02-25", DayFirst),
            ("2/1/2025", MonthFirst),
            ("02-01-2025 0:00", MonthFirst),
            ("02/01/2025 12:00 AM", MonthFirst),
            ("2025/2/1", YearFirst),
            ("2025-02-01", DayFirst),
            ("2025-02-01T00:00", MonthFirst),
            ("20250201", DayFirst),
        ] {
            assert_eq!(date(text, form(Some(order), "")), expected, "{text}");
        }
        check("12/1/10 8:26", Some(MonthFirst), "2010-12-01T08:26");
        check("12/1/10 8:26 PM", Some(MonthFirst), "2010-12-01T20:26");
        for wrong in
            ["1/2-2025", "1/2/2025/3", "31/02/2025", "1/13/2025", "001/2/2025", "1/2/025", "1//2025", "1 2 2025", ""]
        {
            assert_eq!(date(wrong, form(Some(DayFirst), "")), None, "{wrong}");
        }
        assert_eq!(date("1/2/2025 9:05", form(Some(DayFirst), "")), None);
    }

    #[test]
    fn instants_fall_in_a_day_of_the_time_zone() {
        for text in [
            "2025-02-28T23:30:00Z",
            "2025-02-28 23:30:00 UTC",
            "2025-02-28 18:30:00 -0500",
            "2025-02-28T18:30:00-05:00",
            "2025-03-01 00:30:00+01",
            "2025-02-28T23:30:00.000+00:00",
            "20250228T233000Z",
            "Fri, 28 Feb 2025 23:30:00 +0000",
        ] {
            check(text, None, "2025-03-01T00:30:00");
            assert!(moment(text, None).is_some_and(|moment| moment.offset.is_some()), "{text}");
            assert_eq!(date(text, form(None, "Europe/Amsterdam")), date("2025-03-01", TimeForm::default()), "{text}");
            assert_eq!(date(text, form(None, "Europe/London")), date("2025-02-28", TimeForm::default()), "{text}");
            // Without a time zone nothing is assumed.
            assert_eq!(datetime(text, TimeForm::default()), None, "{text}");
        }
        check("28/02/2025 23:30:00 +0000", Some(DateOrder::DayFirst), "2025-03-01T00:30");
        // What has no offset is local time already.
        check("2025-02-28T23:30:00", None, "2025-02-28T23:30:00");
        assert!(moment("2025-02-28T23:30:00", None).is_some_and(|moment| moment.offset.is_none()));
    }
}
