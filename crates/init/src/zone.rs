//! The time zone of a company, guessed from the offsets of instants.

use accolade_engine::model::TimeZone;

use crate::table::InferredTable;

/// A time zone with the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuessedZone {
    pub(crate) zone: TimeZone,
    pub(crate) reason: String,
}

/// The zones that are tried, the likeliest first: of zones with the same offsets the one with the most shops, and zones
/// without summer time after all others.
const ZONES: &[&str] = &[
    "Europe/Amsterdam",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Toronto",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "America/Phoenix",
    "America/Bogota",
    "Africa/Johannesburg",
];

/// The zones of the currencies that are at home in one.
const OF_CURRENCIES: &[(&str, &str)] = &[
    ("EUR", "Europe/Amsterdam"),
    ("GBP", "Europe/London"),
    ("USD", "America/New_York"),
    ("CHF", "Europe/Zurich"),
    ("SEK", "Europe/Stockholm"),
    ("DKK", "Europe/Copenhagen"),
    ("NOK", "Europe/Oslo"),
    ("PLN", "Europe/Warsaw"),
    ("INR", "Asia/Kolkata"),
    ("JPY", "Asia/Tokyo"),
];

/// The time zone of these tables; none if they have no instants.
pub(crate) fn guess(tables: &[InferredTable]) -> Option<GuessedZone> {
    let columns = || tables.iter().flat_map(|table| &table.columns).filter(|column| column.is_date());
    let guessed = |zone: &str, reason: String| Some(GuessedZone { zone: TimeZone::named(zone)?, reason });
    if let Some(zone) = columns().filter_map(|c| c.stored_zone.as_deref()).find(|zone| !is_utc(zone)) {
        return guessed(zone, "the zone of the file".to_owned());
    }
    let seen: Vec<(i64, i64, u64)> = columns()
        .flat_map(|c| &c.instants.seen)
        .map(|((offset, _), (instant, count))| (*offset, *instant, *count))
        .collect();
    if seen.is_empty() {
        return None;
    }
    if seen.iter().all(|(offset, ..)| *offset == 0) {
        let timed = columns().any(|c| c.instants.timed);
        let currency = tables.iter().find_map(|table| table.currency).filter(|_| timed);
        let home = currency.and_then(|currency| OF_CURRENCIES.iter().find(|(of, _)| *of == currency));
        return match home {
            Some((currency, zone)) => guessed(
                zone,
                format!("a guess from {currency}, since all moments are in UTC; write the zone of the company"),
            ),
            None => guessed("UTC", "a guess, since all moments are in UTC; write the zone of the company".to_owned()),
        };
    }
    let all: u64 = seen.iter().map(|(.., count)| count).sum();
    let fits = |zone: TimeZone| -> u64 {
        let has = |(offset, instant, _): &&(i64, i64, u64)| zone.local(*instant) == Some(instant + offset);
        seen.iter().filter(has).map(|(.., count)| count).sum()
    };
    let known: Vec<(TimeZone, u64)> =
        ZONES.iter().filter_map(|name| TimeZone::named(name)).map(|zone| (zone, fits(zone))).collect();
    let mut offsets: Vec<i64> = seen.iter().map(|(offset, ..)| *offset).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let (zone, count) = known
        .iter()
        .find(|(_, count)| *count == all)
        .or_else(|| known.iter().find(|(zone, _)| offsets.iter().all(|offset| occurs(*zone, *offset))))
        // A moment in UTC says nothing of the place.
        .or_else(|| known.iter().find(|(zone, _)| offsets.iter().all(|offset| *offset == 0 || occurs(*zone, *offset))))
        // Of equal counts the first, which is the likeliest.
        .or_else(|| known.iter().rev().max_by_key(|(_, count)| *count))
        .copied()?;
    let shown = offsets.iter().take(4).map(|offset| shown(*offset)).collect::<Vec<_>>().join(", ");
    let some = if count < all { format!(", which {count} of {all} moments have there") } else { String::new() };
    let reason = format!("a guess from the offsets {shown}{some}; write the zone of the company");
    Some(GuessedZone { zone, reason: reason.replace("offsets", if offsets.len() > 1 { "offsets" } else { "offset" }) })
}

/// Gives dates as local time in a zone.
pub(crate) fn settle(tables: &mut [InferredTable], zone: TimeZone) {
    for column in tables.iter_mut().flat_map(|table| &mut table.columns).filter(|column| column.is_date()) {
        let local = column.instants.span.map(|instant| zone.local(instant).unwrap_or(instant));
        column.dates = column.local_dates.with(local);
    }
}

/// Whether a zone has an offset in winter or in summer.
fn occurs(zone: TimeZone, offset: i64) -> bool {
    const JANUARY: i64 = 1_736_942_400_000_000;
    const JULY: i64 = 1_752_580_800_000_000;
    [JANUARY, JULY].into_iter().any(|instant| zone.local(instant) == Some(instant + offset))
}

fn is_utc(zone: &str) -> bool {
    ["UTC", "Etc/UTC", "Z", "GMT", "+00:00", "+00"].contains(&zone)
}

/// An offset in microseconds as it is written.
fn shown(offset: i64) -> String {
    let minutes = offset.abs() / 60_000_000;
    format!("{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}
