//! Guesses at what is wrong with a text that is not a date.

use accolade_core::model::Value;
use accolade_core::ops::day_of;
use accolade_core::show;
use accolade_parser::syntax::file::DateOrder;

use super::{TimeForm, moment};

/// A guess at what is wrong with a text that is not a date in this form.
pub(in crate::source) fn hint(text: &str, form: TimeForm) -> Option<String> {
    let TimeForm { order, zone } = form;
    let fits = |other: DateOrder| moment(text, Some(other)).is_some();
    let instant = moment(text, order).is_some_and(|moment| moment.offset.is_some());
    if instant && zone.is_none() {
        let help = "in which day this falls depends on where: add `time_zone: Europe/Amsterdam`, or the zone of the \
                    company, to the rule file or to the source";
        return Some(help.to_owned());
    }
    // The text is a date that is refused for its time of day.
    if moment(text, order).is_some() {
        return Some("the value has a time of day: declare the column as `datetime`".to_owned());
    }
    let others = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst].map(|o| (o, fits(o)));
    match others.iter().filter(|(o, fits)| *fits && Some(*o) != order).map(|(o, _)| *o).collect::<Vec<_>>()[..] {
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
    serial_day(text).map(|day| {
        let value = show::value(&Value::Date(day));
        format!(
            "this looks like an Excel serial date: {text} would be {value}; format the column as a date (yyyy-mm-dd) and save the file again"
        )
    })
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
    moment(text, Some(order)).map(|moment| show::value(&Value::Date(day_of(moment.local)))).unwrap_or_default()
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
    fn likely_mistakes_are_named() {
        let hint = |text: &str| hint(text, TimeForm::default());
        assert!(hint("31-12-2025").is_some_and(|h| h.contains("date_order: day_first") && h.contains("2025-12-31")));
        assert!(hint("45678").is_some_and(|h| h.contains("45678 would be 2025-01-21")));
        assert!(hint("2025/12/31").is_some_and(|h| h.contains("date_order: year_first")));
        assert!(hint("2025-12-31T10:00").is_some_and(|h| h.contains("datetime")));
        for zoned in ["2025-12-31T10:00:00Z", "2025-12-31T10:00:00+01:00", "2025-12-31 10:00:00.5-0500"] {
            assert!(hint(zoned).is_some_and(|h| h.contains("`time_zone: Europe/Amsterdam`")), "{zoned}");
        }
    }
}
