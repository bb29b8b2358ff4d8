//! Dates whose month is a word, in English, Dutch, German or French: `1 March 2025`, `Mar 1, 2025 9:05 PM`, `1-mrt-25`.

use accolade_core::model::period::day_number;
use chrono::NaiveDate;

use super::ordered::{number, year};
use super::{clock, on_day};

/// The words for each month, without the point of an abbreviation.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januari", "januar", "jänner", "janv", "janvier"],
    &["feb", "february", "februari", "februar", "févr", "fevr", "fév", "février", "fevrier"],
    &["mar", "mrt", "mär", "mrz", "march", "maart", "märz", "maerz", "mars"],
    &["apr", "april", "avr", "avril"],
    &["may", "mei", "mai"],
    &["jun", "june", "juni", "juin"],
    &["jul", "july", "juli", "juil", "juillet"],
    &["aug", "august", "augustus", "août", "aout"],
    &["sep", "sept", "september", "septembre"],
    &["oct", "okt", "october", "oktober", "octobre"],
    &["nov", "november", "novembre"],
    &["dec", "dez", "déc", "december", "dezember", "décembre", "decembre"],
];

/// The words for days of the week that may precede a date, by their beginnings.
const WEEKDAYS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "maa", "din", "woe", "don", "vri", "zat", "zon", "ma", "di", "wo",
    "do", "vr", "za", "zo", "mo", "mi", "fr", "sa", "so", "mit", "sam", "lun", "mar", "mer", "jeu", "ven", "dim",
];

/// The words between a date and a time of day.
const AT: &[&str] = &["at", "om", "um", "à"];

/// A date with the month as a word, and an optional time of day, in microseconds.
pub(super) fn datetime(text: &str) -> Option<i64> {
    if !text.contains(char::is_alphabetic) {
        return None;
    }
    let (date, time) = time_apart(text);
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.');
    let mut parts: Vec<&str> = date.split(separates).filter(|part| !part.is_empty()).collect();
    if time.is_some() && parts.last().is_some_and(|word| AT.contains(word)) {
        parts.pop();
    }
    if let [first, _, _, _] = parts[..]
        && is_weekday(first)
    {
        parts.remove(0);
    }
    let [a, b, c] = parts[..] else { return None };
    let (year_text, month, day) = match (month(a), month(b)) {
        // `March 1, 2025`
        (Some(month), None) => (c, month, b),
        // `1 March 2025`, `2025 March 1`
        (None, Some(month)) if a.len() == 4 => (a, month, c),
        (None, Some(month)) => (c, month, a),
        _ => return None,
    };
    let day = number(day.trim_end_matches(char::is_alphabetic), &[1, 2])?;
    let day = NaiveDate::from_ymd_opt(year(year_text)?, month, day).map(day_number)?;
    on_day(day, time.map_or(Some(0), clock::spoken))
}

/// The date, and the time of day if there is one: from the last blank before the first colon.
fn time_apart(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else { return (text, None) };
    match text[..colon].rfind([' ', 'T']) {
        Some(blank) => (&text[..blank], Some(&text[blank + 1..])),
        None => (text, None),
    }
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    (1u32..).zip(MONTHS).find(|(_, words)| words.contains(&word.as_str())).map(|(number, _)| number)
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().all(char::is_alphabetic) && WEEKDAYS.iter().any(|day| word.starts_with(day))
}

#[cfg(test)]
mod tests {
    use super::super::iso;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(datetime(text), Some(iso::datetime(expected).unwrap()), "{text}");
    }

    #[test]
    fn months_are_words_in_four_languages() {
        for text in [
            "1 March 2025",
            "Mar 1, 2025",
            "March 1st, 2025",
            "01-Mar-2025",
            "1-mrt-25",
            "1 maart 2025",
            "1. März 2025",
            "1er mars 2025",
            "zaterdag 1 maart 2025",
            "Sat, 1 Mar 2025",
            "2025-Mar-01",
            "1 mrt. 2025",
        ] {
            check(text, "2025-03-01");
        }
        for (text, day) in [
            ("3 mei 2025", "2025-05-03"),
            ("3 août 2025", "2025-08-03"),
            ("31 Dez. 2024", "2024-12-31"),
            ("15 janv. 2025", "2025-01-15"),
            ("3 OKT 2025", "2025-10-03"),
            ("mar. 4 mars 2025", "2025-03-04"),
        ] {
            check(text, day);
        }
        check("Mar 1, 2025 9:05 PM", "2025-03-01T21:05");
        check("1 mars 2025 à 10:05", "2025-03-01T10:05");
        check("1 Mar 2025 10:05:06", "2025-03-01T10:05:06");
    }

    #[test]
    fn other_words_are_no_dates() {
        for wrong in [
            "Order 1 March 2025",
            "31 February 2025",
            "March 2025",
            "1 Marching 2025",
            "1 March 2025 late",
            "1 March 2025 25:00",
            "March",
            "a b c",
            "2025",
            "1 2 2025",
            "é:",
        ] {
            assert_eq!(datetime(wrong), None, "{wrong}");
        }
    }
}
