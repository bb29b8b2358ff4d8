//! Periods and the days they span.

use std::collections::HashMap;

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
        TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year => add_months(days, months(amount, unit)?),
    }
}

/// The number of calendar months in `amount` units, if the unit is made of months.
fn months(amount: i64, unit: TimeUnit) -> Option<i64> {
    let months = match unit {
        TimeUnit::Month => 1,
        TimeUnit::Quarter => 3,
        TimeUnit::Year => 12,
        TimeUnit::Day | TimeUnit::Week => return None,
    };
    amount.checked_mul(months)
}

/// The number of calendar months a period spans, if it spans whole ones.
pub fn whole_months(spec: &PeriodSpec) -> Option<u32> {
    match spec {
        PeriodSpec::Last(amount, unit) | PeriodSpec::Before(amount, unit, _) => {
            u32::try_from(months(*amount, *unit)?).ok()
        }
        PeriodSpec::Between { from, to, closed } => {
            let end = if *closed { to.succ_opt()? } else { *to };
            (1..=1200).find(|n| from.checked_add_months(Months::new(*n)) == Some(end))
        }
    }
}

/// A day counted in calendar months from another day, which a short month in between does not move.
#[derive(Clone, Copy, Debug)]
struct MonthOffset {
    day: i32,
    months: i64,
}

impl MonthOffset {
    fn plus(self, months: i64) -> Option<MonthOffset> {
        Some(MonthOffset { months: self.months.checked_add(months)?, ..self })
    }

    fn minus(self, amount: i64, unit: TimeUnit) -> Option<MonthOffset> {
        match unit {
            TimeUnit::Day | TimeUnit::Week => {
                Some(MonthOffset { day: shift(self.resolve()?, amount.checked_neg()?, unit)?, months: 0 })
            }
            TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year => self.plus(months(amount, unit)?.checked_neg()?),
        }
    }

    fn resolve(self) -> Option<i32> {
        add_months(self.day, self.months)
    }
}

/// A period on the date of a run.
#[derive(Clone, Copy, Debug)]
pub struct ResolvedPeriod {
    /// The days it spans.
    pub days: DayRange,
    begin: MonthOffset,
}

impl ResolvedPeriod {
    /// The days of slice `index`, each slice `months` calendar months long; 0 is the earliest. Slices are counted from
    /// the day from which the period is, so they fill a period of whole slices.
    pub fn slice(&self, index: u32, months: u32) -> Option<DayRange> {
        let begin = |k: u32| self.begin.plus(i64::from(k) * i64::from(months))?.resolve();
        Some(DayRange { first: begin(index)?, last: begin(index + 1)? - 1 })
    }
}

/// Each of `periods` at `as_of`; a period may refer to an earlier or later one by name.
///
/// `last n` is [as_of + 1 day − n, as_of + 1 day). `n before p` is the span of length n that ends where p begins. Its
/// months are added to those of p and counted from the same day, so that consecutive periods add up at the end of any
/// month.
/// Returns `None` where the calendar ends or a reference cannot be followed (analysis reports both).
pub fn resolve(periods: &[Period], as_of: i32) -> Option<Vec<ResolvedPeriod>> {
    let mut places = HashMap::with_capacity(periods.len());
    for (place, period) in periods.iter().enumerate() {
        places.entry(period.name.as_str()).or_insert(place);
    }
    let next = |place: usize| match &periods[place].spec {
        PeriodSpec::Before(_, _, name) => places.get(name.value.as_str()).copied().map(Some),
        PeriodSpec::Last(..) | PeriodSpec::Between { .. } => Some(None),
    };
    let mut resolved: Vec<Option<ResolvedPeriod>> = vec![None; periods.len()];
    for place in 0..periods.len() {
        // The periods from this one up to one that is known or needs no other.
        let (mut chain, mut at) = (Vec::new(), Some(place));
        while let Some(place) = at.filter(|place| resolved[*place].is_none()) {
            if chain.len() == periods.len() {
                return None;
            }
            chain.push(place);
            at = next(place)?;
        }
        let mut before = at.and_then(|place| resolved[place]);
        for place in chain.into_iter().rev() {
            before = Some(resolve_one(&periods[place].spec, before, as_of)?);
            resolved[place] = before;
        }
    }
    resolved.into_iter().collect()
}

/// A period at `as_of`; `next` is the one that it is before.
fn resolve_one(spec: &PeriodSpec, next: Option<ResolvedPeriod>, as_of: i32) -> Option<ResolvedPeriod> {
    let (begin, end) = match spec {
        PeriodSpec::Last(amount, unit) => {
            let end = shift(as_of, 1, TimeUnit::Day)?;
            (MonthOffset { day: end, months: 0 }.minus(*amount, *unit)?, end)
        }
        PeriodSpec::Before(amount, unit, _) => (next?.begin.minus(*amount, *unit)?, next?.days.first),
        PeriodSpec::Between { from, to, closed } => {
            (MonthOffset { day: day_number(*from), months: 0 }, day_number(*to) + i32::from(*closed))
        }
    };
    Some(ResolvedPeriod { days: DayRange { first: begin.resolve()?, last: end - 1 }, begin })
}

#[cfg(test)]
mod tests {
    use accolade_parser::{Name, Span};

    use super::*;

    fn last(months: i64) -> PeriodSpec {
        PeriodSpec::Last(months, TimeUnit::Month)
    }

    fn before(amount: i64, unit: TimeUnit, next: &str) -> PeriodSpec {
        PeriodSpec::Before(amount, unit, Name::new(next.to_owned(), Span::default()))
    }

    fn between(from: &str, to: &str) -> PeriodSpec {
        let date = |text| date_of(parse_day(text).unwrap()).unwrap();
        PeriodSpec::Between { from: date(from), to: date(to), closed: true }
    }

    /// Periods that are named a, b, c, … in their order.
    fn resolved(as_of: i32, specs: &[PeriodSpec]) -> Vec<ResolvedPeriod> {
        let named = specs.iter().zip('a'..).map(|(spec, name)| Period { name: name.to_string(), spec: spec.clone() });
        resolve(&named.collect::<Vec<_>>(), as_of).unwrap()
    }

    #[track_caller]
    fn check(as_of: &str, specs: &[PeriodSpec], expected: &str) {
        let days = |days: DayRange| format!("{}..{}", date_of(days.first).unwrap(), date_of(days.last).unwrap());
        let all: Vec<String> = resolved(parse_day(as_of).unwrap(), specs).iter().map(|p| days(p.days)).collect();
        assert_eq!(all.join(" "), expected);
    }

    #[test]
    fn long_chains_are_followed_once() {
        let periods: Vec<Period> = (0..5_000)
            .map(|i| Period {
                name: format!("p{i}"),
                spec: if i == 0 { PeriodSpec::Last(1, TimeUnit::Day) } else { day_before(&format!("p{}", i - 1)) },
            })
            .collect();
        let as_of = parse_day("2026-01-01").unwrap();
        for order in [periods.clone(), periods.into_iter().rev().collect::<Vec<_>>()] {
            let resolved = resolve(&order, as_of).unwrap();
            for (period, found) in order.iter().zip(resolved) {
                let age: i32 = period.name[1..].parse().unwrap();
                assert_eq!((found.days.first, found.days.last), (as_of - age, as_of - age), "{}", period.name);
            }
        }
    }

    #[test]
    fn a_circle_or_an_unknown_period_is_not_followed() {
        let circle = ["a", "b"].map(day_before);
        let named = circle.into_iter().zip(["b", "a"]).map(|(spec, name)| Period { name: name.to_owned(), spec });
        assert!(resolve(&named.collect::<Vec<_>>(), 0).is_none());
        assert!(resolve(&[Period { name: "a".to_owned(), spec: day_before("b") }], 0).is_none());
    }

    fn day_before(next: &str) -> PeriodSpec {
        before(1, TimeUnit::Day, next)
    }

    #[test]
    fn the_last_months_begin_on_the_day_after_that_of_the_run() {
        check("2025-06-30", &[last(3)], "2025-04-01..2025-06-30");
        check("2025-02-28", &[last(1)], "2025-02-01..2025-02-28");
        check("2025-02-28", &[last(12)], "2024-03-01..2025-02-28");
        check("2024-02-28", &[last(12)], "2023-02-28..2024-02-28");
        check("2025-06-15", &[PeriodSpec::Last(1, TimeUnit::Week)], "2025-06-09..2025-06-15");
        check("2025-03-30", &[last(1)], "2025-02-28..2025-03-30");
    }

    #[test]
    fn a_period_before_another_counts_months_from_the_same_day() {
        let half_before = before(6, TimeUnit::Month, "a");
        check("2025-12-31", &[last(6), half_before.clone()], "2025-07-01..2025-12-31 2025-01-01..2025-06-30");
        // The 31st of August is not six months after any day; the year begins on it all the same.
        check("2025-08-30", &[last(6), half_before], "2025-02-28..2025-08-30 2024-08-31..2025-02-27");
        let dated =
            [between("2025-08-31", "2026-02-27"), before(6, TimeUnit::Month, "a"), before(6, TimeUnit::Month, "b")];
        check("2026-06-01", &dated, "2025-08-31..2026-02-27 2025-02-28..2025-08-30 2024-08-31..2025-02-27");
        let mixed = [last(1), before(30, TimeUnit::Day, "a"), before(1, TimeUnit::Month, "b")];
        check("2025-03-30", &mixed, "2025-02-28..2025-03-30 2025-01-29..2025-02-27 2024-12-29..2025-01-28");
    }

    #[test]
    fn parts_add_up_on_any_day() {
        let start = parse_day("2023-01-01").unwrap();
        // Four years have every possible end of a month.
        for as_of in start..start + 1461 {
            for (months, count) in [(1, 1), (1, 2), (1, 12), (3, 1), (3, 4), (12, 2)] {
                let length = i64::from(months * count);
                let periods = resolved(as_of, &[last(length), before(length, TimeUnit::Month, "a"), last(2 * length)]);
                let mut next = periods[2].days.first;
                for period in [periods[1], periods[0]] {
                    assert_eq!(period.days.first, next, "{months} × {count}, {as_of}");
                    for index in 0..count {
                        let slice = period.slice(index, months).unwrap();
                        assert_eq!(slice.first, next, "{months} months, {index} of {count}, {as_of}");
                        assert!(slice.last - slice.first >= 27, "{months} months, {index} of {count}, {as_of}");
                        next = slice.last + 1;
                    }
                    assert_eq!(period.days.last, next - 1, "{months} × {count}, {as_of}");
                }
                assert_eq!(next - 1, as_of, "{months} × {count}");
            }
        }
    }

    #[test]
    fn slices_of_a_calendar_year_are_its_months() {
        let year = resolved(0, &[between("2025-01-01", "2025-12-31")])[0];
        let days = |from, to| Some(DayRange { first: parse_day(from).unwrap(), last: parse_day(to).unwrap() });
        assert_eq!(year.slice(0, 1), days("2025-01-01", "2025-01-31"));
        assert_eq!(year.slice(1, 1), days("2025-02-01", "2025-02-28"));
        assert_eq!(year.slice(11, 1), days("2025-12-01", "2025-12-31"));
    }
}
