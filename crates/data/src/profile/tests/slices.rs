//! Slices divide a period without a remainder.

use accolade_core::model::period::{add_months, slice};
use accolade_core::model::{DayRange, period};

#[test]
fn slices_are_the_whole_period_and_do_not_overlap() {
    let start = period::parse_day("2023-01-01").unwrap();
    // Four years have every possible end of a month.
    for as_of in start..start + 1461 {
        for (months, count) in [(1, 1), (1, 2), (1, 12), (3, 1), (3, 4), (12, 2)] {
            let first = add_months(as_of, -i64::from(months * count)).unwrap() + 1;
            let period = DayRange { first, last: as_of };
            let mut next = first;
            for index in 0..count {
                let part = slice(period, index, months).unwrap();
                assert_eq!(part.first, next, "{months} months, {index} of {count}, {as_of}");
                assert!(part.last - part.first >= 27, "{months} months, {index} of {count}, {as_of}");
                next = part.last + 1;
            }
            assert_eq!(next - 1, as_of, "{months} months, {count}");
        }
    }
}

#[test]
fn calendar_months_are_months() {
    let day = |text: &str| period::parse_day(text).unwrap();
    let year = DayRange { first: day("2025-01-01"), last: day("2025-12-31") };
    let part = |index| slice(year, index, 1).map(|s| (s.first, s.last));
    assert_eq!(part(0), Some((day("2025-01-01"), day("2025-01-31"))));
    assert_eq!(part(1), Some((day("2025-02-01"), day("2025-02-28"))));
    assert_eq!(part(11), Some((day("2025-12-01"), day("2025-12-31"))));
}
