//! Periods and the days they span.

use accolade_parser::expr::ast::{PeriodSpec, TimeUnit};
use chrono::{Datelike, Months, NaiveDate};

/// A named span of time.
#[derive(Clone, Debug)]
pub struct Period {
    /// Its name.
    pub name: String,
    /// What it spans.
    pub spec: PeriodSpec,
}

/// Days `first..=last`, counted from 1970-01-01; empty when `first > last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayRange {
    /// The first day in it.
    pub first: i32,
    /// The last day in it.
    pub last: i32,
}

/// Days from 1970-01-01 to `date`.
pub fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

/// The date `days` after 1970-01-01, if the calendar goes that far.
pub fn date_of(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(719_163)?)
}

/// The day of a date written as `2026-01-31`.
pub fn parse_day(text: &str) -> Option<i32> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(day_number)
}

/// The day moved by whole calendar months. A day beyond the end of the month becomes its last day.
pub fn add_months(days: i32, months: i64) -> Option<i32> {
    let date = date_of(days)?;
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let moved = if months >= 0 { date.checked_add_months(count) } else { date.checked_sub_months(count) };
    moved.map(day_number)
}

/// `days` moved by `amount` units.
pub fn shift(days: i32, amount: i64, unit: TimeUnit) -> Option<i32> {
    let by_days = |n: i64| i32::try_from(i64::from(days).checked_add(n)?).ok().filter(|d| date_of(*d).is_some());
    match unit {
        TimeUnit::Day => by_days(amount),
        TimeUnit::Week => by_days(amount.checked_mul(7)?),
        TimeUnit::Month => add_months(days, amount),
        TimeUnit::Quarter => add_months(days, amount.checked_mul(3)?),
        TimeUnit::Year => add_months(days, amount.checked_mul(12)?),
    }
}

/// The number of calendar months a period spans, if it spans whole ones.
pub fn whole_months(spec: &PeriodSpec) -> Option<u32> {
    let (PeriodSpec::Last(amount, unit) | PeriodSpec::Before(amount, unit, _)) = spec else {
        let PeriodSpec::Between { from, to, closed } = spec else { return None };
        let end = if *closed { to.succ_opt()? } else { *to };
        return (1..=1200).find(|n| from.checked_add_months(Months::new(*n)) == Some(end));
    };
    let months = match unit {
        TimeUnit::Month => 1,
        TimeUnit::Quarter => 3,
        TimeUnit::Year => 12,
        TimeUnit::Day | TimeUnit::Week => return None,
    };
    u32::try_from(amount.checked_mul(months)?).ok()
}

/// The days each of `periods` spans at `as_of`; a period may refer to an earlier or later one by name.
///
/// `last n` is (as_of − n, as_of]; `n before p` is the span of length n that ends where p begins.
/// Returns `None` where the calendar ends or a reference cannot be followed (analysis reports both).
pub fn resolve(periods: &[Period], as_of: i32) -> Option<Vec<DayRange>> {
    periods.iter().map(|period| resolve_one(periods, period, as_of, periods.len())).collect()
}

fn resolve_one(periods: &[Period], period: &Period, as_of: i32, depth: usize) -> Option<DayRange> {
    match &period.spec {
        PeriodSpec::Last(amount, unit) => {
            let before = shift(as_of, -amount, *unit)?;
            Some(DayRange { first: before + 1, last: as_of })
        }
        PeriodSpec::Before(amount, unit, name) => {
            let next = periods.iter().find(|p| p.name == name.value)?;
            let next = resolve_one(periods, next, as_of, depth.checked_sub(1)?)?;
            // The span ends on the day before `next` begins and is measured from that day,
            // as `last` is measured from as_of.
            let last = next.first - 1;
            Some(DayRange { first: shift(last, -amount, *unit)? + 1, last })
        }
        PeriodSpec::Between { from, to, closed } => {
            let last = day_number(*to) - i32::from(!closed);
            Some(DayRange { first: day_number(*from), last })
        }
    }
}

/// The days of slice `index` of a period, each slice `months` calendar months long.
pub fn slice(period: DayRange, index: u32, months: u32) -> Option<DayRange> {
    let begin = |k: u32| add_months(period.first, i64::from(k) * i64::from(months));
    let last = begin(index + 1)? - 1;
    // No slice is shorter than four weeks, so days left over are what the end of a short month clamped away.
    let leftover = (1..=3).contains(&(period.last - last));
    Some(DayRange { first: begin(index)?, last: if leftover { period.last } else { last.min(period.last) } })
}
