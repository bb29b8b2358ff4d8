//! `time_zone:`: in which day an instant falls, in every kind of data.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray};

use crate::support::cli::accolade;
use crate::support::shop::folder;
use tempfile::TempDir;

/// Two orders in the last two minutes of April in New York, which are in May in UTC.
const ORDERS: &str = "customer,at,amount\neast,2025-05-01T03:59:00Z,1\neast,2025-04-30 23:58:30 -0400,2\n";

fn rules(head: &str, source: &str, ty: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2025-12-31\n{head}sources:\n  orders: {{file: orders.csv, {source}customer: customer, date: at, columns: {{customer: text, at: {ty}, amount: money}}}}\n\
         periods: {{april: 2025-04-01 .. 2025-04-30}}\nprofile:\n  quantitative: {{in_april: sum(orders.amount in april), last_order: max(orders.at)}}\n"
    )
}

fn run(rules: &str, orders: &str) -> (TempDir, String, String) {
    let folder = folder(&[("r.yaml", rules), ("orders.csv", orders)]);
    let ran = accolade(&folder, &["run", "r.yaml", "-o", "-"]);
    (folder, ran.out, ran.err)
}

#[test]
fn an_instant_falls_in_a_day_of_the_time_zone() {
    let new_york = "time_zone: America/New_York\n";
    let (_, out, err) = run(&rules(new_york, "", "datetime"), ORDERS);
    assert_eq!(out, "customer,in_april,last_order\neast,3.00,2025-04-30T23:59:00\n", "{err}");
    let (_, out, err) = run(&rules(new_york, "", "date"), ORDERS);
    assert_eq!(out, "customer,in_april,last_order\neast,3.00,2025-04-30\n", "{err}");
    // That of the source wins.
    let (_, out, err) = run(&rules(new_york, "time_zone: Europe/Paris, ", "datetime"), ORDERS);
    assert_eq!(out, "customer,in_april,last_order\neast,0.00,2025-05-01T05:59:00\n", "{err}");
}

#[test]
fn an_instant_without_a_time_zone_is_an_error_that_names_the_key() {
    let (_, out, err) = run(&rules("", "", "datetime"), ORDERS);
    assert!(
        out.is_empty() && err.contains("error[E0703]") && err.contains("add `time_zone: Europe/Amsterdam`"),
        "{err}"
    );
    assert!(err.contains("orders.csv:2"), "{err}");
}

#[test]
fn a_zone_that_is_none_is_told() {
    for (zone, help) in
        [("Amsterdam", "did you mean `Europe/Amsterdam`?"), ("Europe/Amsterdm", "did you mean `Europe/Amsterdam`?")]
    {
        let (_, _, err) = run(&rules(&format!("time_zone: {zone}\n"), "", "datetime"), ORDERS);
        assert!(err.contains(&format!("error[E0106]: `{zone}` is no time zone")) && err.contains(help), "{err}");
    }
}

#[test]
fn parquet_and_json_give_what_csv_gives() {
    let instants = [1_746_071_940_000_000i64, 1_746_071_910_000_000];
    let folder = folder(&[
        ("r.yaml", &rules("time_zone: America/New_York\n", "", "datetime")),
        ("none.yaml", &rules("", "", "datetime")),
    ]);
    for zone in ["UTC", "America/New_York"] {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("customer", Arc::new(StringArray::from(vec!["east", "east"]))),
            ("at", Arc::new(TimestampMicrosecondArray::from(instants.to_vec()).with_timezone(zone))),
            ("amount", Arc::new(Decimal128Array::from(vec![100, 200]).with_precision_and_scale(10, 2).unwrap())),
        ];
        write(&folder.path().join("orders.parquet"), &RecordBatch::try_from_iter(columns).unwrap());
        let ran = accolade(&folder, &["run", "r.yaml", "--source", "orders=orders.parquet", "-o", "-"]);
        assert_eq!(ran.out, "customer,in_april,last_order\neast,3.00,2025-04-30T23:59:00\n", "{zone}: {}", ran.err);
        let ran = accolade(&folder, &["run", "none.yaml", "--source", "orders=orders.parquet", "-o", "-"]);
        assert!(ran.out.is_empty() && ran.err.contains("E0703") && ran.err.contains("`time_zone: "), "{}", ran.err);
    }
    let lines = "{\"customer\":\"east\",\"at\":\"2025-05-01T03:59:00Z\",\"amount\":1}\n{\"customer\":\"east\",\"at\":\"2025-04-30T23:58:30-04:00\",\"amount\":2}\n";
    std::fs::write(folder.path().join("orders.ndjson"), lines).unwrap();
    let ran = accolade(&folder, &["run", "r.yaml", "--source", "orders=orders.ndjson", "-o", "-"]);
    assert_eq!(ran.out, "customer,in_april,last_order\neast,3.00,2025-04-30T23:59:00\n", "{}", ran.err);
}

fn write(path: &Path, rows: &RecordBatch) {
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(std::fs::File::create(path).unwrap(), rows.schema(), None).unwrap();
    writer.write(rows).unwrap();
    writer.close().unwrap();
}

#[test]
fn sql_refuses_what_a_database_converts_by_its_session() {
    let folder = folder(&[("r.yaml", &rules("time_zone: America/New_York\n", "", "datetime")), ("orders.csv", ORDERS)]);
    let ran = accolade(&folder, &["sql", "r.yaml", "--dialect", "duckdb"]);
    assert!(
        ran.code == Some(2) && ran.err.contains("E0901") && ran.err.contains("time zone of its session"),
        "{}",
        ran.err
    );
}

#[test]
fn dates_are_read_as_people_write_them() {
    for (source, at) in [
        ("", "30 April 2025"),
        ("", "Apr 30, 2025 11:59 PM"),
        ("", "30 avr. 2025"),
        ("", "20250430"),
        ("", "wo 30-apr-2025"),
        ("date_order: month_first, ", "4/30/2025 11:59 PM"),
        ("date_order: day_first, ", "30-4-25"),
    ] {
        let (_, out, err) = run(&rules("", source, "datetime"), &format!("customer,at,amount\neast,\"{at}\",1\n"));
        assert!(out.contains("\neast,1.00,2025-04-30T"), "{at}: {out}{err}");
    }
}
