//! The time zone of instants.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, StringArray, TimestampMicrosecondArray};
use arrow::record_batch::RecordBatch;

use crate::support::Proposed;

/// Checks the lines of the proposal for moments of one customer, and that it runs over all of them.
#[track_caller]
fn check(moments: &[&str], amount: &str, expected: &[&str]) {
    let rows: String = moments.iter().map(|moment| format!("A,\"{moment}\",{amount}\n")).collect();
    let proposed = Proposed::of(&[("orders.csv", format!("customer,created,amount\n{rows}").as_bytes())]);
    for line in expected {
        assert!(proposed.text.lines().any(|l| l.trim().starts_with(line)), "no line {line:?} in\n{}", proposed.text);
    }
    let run = proposed.run_over_all_time();
    assert_eq!(run.sum("order_count"), 10_000 * moments.len() as i128, "{}", proposed.text);
}

#[test]
fn the_zone_is_guessed_from_the_offsets() {
    check(
        &["2025-01-03 10:00:00 -0500", "2025-07-01 22:30:00 -0400"],
        "5.00",
        &[
            "time_zone: America/New_York  # a guess from the offsets -05:00, -04:00; write the zone of the company",
            "as_of: 2025-07-01",
            "date: created       # 2025-01-03 to 2025-07-01",
            "created: datetime",
        ],
    );
    check(&["2025-01-03T10:00:00+01:00", "2025-07-01T22:30:00+02:00"], "5.00", &["time_zone: Europe/Amsterdam"]);
    check(&["2025-01-03T10:00:00+00:00", "2025-07-01T22:30:00+01:00"], "5.00", &["time_zone: Europe/London"]);
    check(&["2025-01-03T10:00:00+05:30", "2025-07-01T22:30:00+05:30"], "5.00", &["time_zone: Asia/Kolkata"]);
    // An offset that the zone does not have at that time of the year.
    check(
        &["2025-01-03 10:00:00 +0100", "2025-07-01 22:30:00 +0100"],
        "5.00",
        &["# a guess from the offset +01:00, which 1 of 2 moments have there", "time_zone: Europe/Amsterdam"],
    );
    // Moments in UTC beside local ones.
    check(
        &["2025-01-03T10:00:00Z", "2025-02-03T10:00:00Z", "2025-07-01T22:30:00+02:00"],
        "5.00",
        &["# a guess from the offsets +00:00, +02:00, which 1 of 3 moments have there", "time_zone: Europe/Amsterdam"],
    );
}

#[test]
fn moments_in_utc_are_local_to_the_currency() {
    let evening = ["2025-01-03T10:00:00Z", "2025-12-31T23:30:00Z"];
    check(&evening, "€ 5.00", &["time_zone: Europe/Amsterdam  # a guess from EUR", "as_of: 2026-01-01"]);
    check(&evening, "£5.00", &["time_zone: Europe/London", "as_of: 2025-12-31"]);
    check(&evening, "5.00", &["time_zone: UTC     # a guess, since all moments are in UTC", "as_of: 2025-12-31"]);
    // Days that a program has written as moments are the same days everywhere.
    check(&["2025-01-03T00:00:00Z", "2025-12-31T00:00:00Z"], "€ 5.00", &["time_zone: UTC", "created: date"]);
}

#[test]
fn moments_as_people_write_them() {
    check(
        &["Mar 04, 2024 09:15:20 AM", "Dec 31, 2025 11:15:20 PM"],
        "5.00",
        &["created: datetime", "as_of: 2025-12-31", "date: created       # 2024-03-04 to 2025-12-31"],
    );
    check(&["31 december 2024", "4 mrt 2025"], "5.00", &["created: date", "as_of: 2025-03-04"]);
}

#[test]
fn days_of_eight_digits_are_dates_where_the_header_says_so() {
    let file = b"customer,order_date,size,amount\nA,20250103,20250103,5.00\nB,20250301,20250301,5.00\n";
    let text = Proposed::of(&[("orders.csv", file)]).text;
    assert!(text.contains("order_date: date") && text.contains("size: integer"), "{text}");
}

#[test]
fn a_zone_of_the_file_is_taken() {
    let hour = 3_600_000_000i64;
    // 2025-04-30 12:00 and 23:59 in New York.
    let moments = [1_746_028_800_000_000, 1_746_028_800_000_000 + 12 * hour - 60_000_000];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("customer", Arc::new(StringArray::from(vec!["noon", "east"]))),
        ("at", Arc::new(TimestampMicrosecondArray::from(moments.to_vec()).with_timezone("America/New_York"))),
        ("amount", Arc::new(Decimal128Array::from(vec![500, 1999]).with_precision_and_scale(10, 2).unwrap())),
    ];
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let mut file = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut file, rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
    let proposed = Proposed::of(&[("ny.parquet", &file)]);
    for line in ["time_zone: America/New_York  # the zone of the file", "as_of: 2025-04-30", "at: datetime"] {
        assert!(proposed.text.contains(line), "no line {line:?} in\n{}", proposed.text);
    }
    assert_eq!(proposed.run_over_all_time().sum("revenue"), 249_900);
}
