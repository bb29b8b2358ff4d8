//! Time zones: in which day an instant falls.

use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use chrono_tz::{TZ_VARIANTS, Tz};

/// A zone of the IANA database, such as `Europe/Amsterdam`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// The zone of this name.
    pub fn named(name: &str) -> Option<TimeZone> {
        Tz::from_str(name).ok().map(TimeZone)
    }

    /// The names of all zones, in the order of the database.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The local date and time of an instant, both in microseconds since 1970-01-01, the instant in UTC. `None` beyond the
    /// calendar.
    pub fn local(self, instant: i64) -> Option<i64> {
        let local = DateTime::from_timestamp_micros(instant)?.with_timezone(&self.0).naive_local();
        Some(local.and_utc().timestamp_micros())
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    #[track_caller]
    fn check(zone: &str, instant: &str, expected: &str) {
        let micros = |text: &str| text.parse::<chrono::NaiveDateTime>().unwrap().and_utc().timestamp_micros();
        assert_eq!(TimeZone::named(zone).unwrap().local(micros(instant)), Some(micros(expected)), "{zone} {instant}");
    }

    #[test]
    fn the_hour_of_a_zone_changes_with_the_season() {
        check("Europe/Amsterdam", "2025-01-31T23:30:00", "2025-02-01T00:30:00");
        check("Europe/Amsterdam", "2025-06-30T22:30:00", "2025-07-01T00:30:00");
        check("America/New_York", "2025-05-01T03:59:00", "2025-04-30T23:59:00");
        check("Asia/Kolkata", "2025-05-01T18:30:00", "2025-05-02T00:00:00");
        // The last instant of summer time and the first after it.
        check("Europe/Amsterdam", "2025-10-26T00:59:59", "2025-10-26T02:59:59");
        check("Europe/Amsterdam", "2025-10-26T01:00:00", "2025-10-26T02:00:00");
        check("UTC", "1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999");
    }

    #[test]
    fn names_are_those_of_the_database() {
        assert_eq!(TimeZone::named("Europe/Amsterdam").map(TimeZone::name), Some("Europe/Amsterdam"));
        assert_eq!(TimeZone::named("Amsterdam"), None);
        assert!(TimeZone::names().any(|name| name == "Europe/Paris"));
        assert_eq!(TimeZone::named("UTC").and_then(|utc| utc.local(i64::MAX / HOUR * HOUR)), None);
    }
}
