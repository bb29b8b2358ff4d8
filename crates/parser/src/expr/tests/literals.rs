use rust_decimal::Decimal;

use super::prints;
use crate::expr::ast::{ExprKind, Literal, TimeUnit};
use crate::expr::expression_text;

fn check(text: &str, expected: Literal) {
    assert_eq!(expression_text(text).unwrap().kind, ExprKind::Literal(expected), "{text}");
}

#[test]
fn numbers_are_exact() {
    check("10_000", Literal::Number(Decimal::from(10_000)));
    check("12.5", Literal::Number(Decimal::new(125, 1)));
    check("0.1", Literal::Number(Decimal::new(1, 1)));
    check("007", Literal::Number(Decimal::from(7)));
    check("30%", Literal::Percent(Decimal::new(3, 1)));
    check("12.5%", Literal::Percent(Decimal::new(125, 3)));
    check("150%", Literal::Percent(Decimal::new(15, 1)));
    check("79228162514264337593543950335", Literal::Number(Decimal::MAX));
}

#[test]
fn spans_of_time() {
    check("30 days", Literal::Duration(30, TimeUnit::Day));
    check("1 day", Literal::Duration(1, TimeUnit::Day));
    check("2 weeks", Literal::Duration(2, TimeUnit::Week));
    check("6 months", Literal::Duration(6, TimeUnit::Month));
    check("1 quarter", Literal::Duration(1, TimeUnit::Quarter));
    check("1_000 years", Literal::Duration(1000, TimeUnit::Year));
    check("0 days", Literal::Duration(0, TimeUnit::Day));
}

#[test]
fn units_are_no_keywords() {
    prints("days(a, b) + day", "days(a, b) + day");
    prints("2 * years", "2 * years");
}

#[test]
fn dates_and_times() {
    let date = chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    check("2024-02-29", Literal::Date(date));
    check("2024-02-29T12:30", Literal::DateTime(date.and_hms_opt(12, 30, 0).unwrap()));
    check("2024-02-29T23:59:59", Literal::DateTime(date.and_hms_opt(23, 59, 59).unwrap()));
    prints("2024 - 2", "2024 - 2");
    prints("as_of - 2024-02-29", "as_of - 2024-02-29");
}

#[test]
fn texts_and_booleans() {
    check(r#""text""#, Literal::Text("text".into()));
    check(r#""""#, Literal::Text(String::new()));
    check(r#""a \"b\" \\ \n\t é""#, Literal::Text("a \"b\" \\ \n\t é".into()));
    check("\"# and or\"", Literal::Text("# and or".into()));
    check("true", Literal::Boolean(true));
    check("false", Literal::Boolean(false));
    prints("trueish", "trueish");
}

#[test]
fn names() {
    prints("naïve_Größe + 収益", "naïve_Größe + 収益");
    prints("_a1.b_2.c", "_a1.b_2.c");
    prints("order_count", "order_count");
    prints("android", "android");
    prints("notable", "notable");
    prints("iffy", "iffy");
}

#[test]
fn printing_groups_thousands_from_ten_thousand_on() {
    prints("1000", "1000");
    prints("1_000", "1000");
    prints("10000", "10_000");
    prints("1234567.12345", "1_234_567.12345");
    prints("12.50", "12.5");
    prints("30.0%", "30%");
    prints("0.5%", "0.5%");
    prints("10_000%", "10_000%");
    prints("1 days", "1 day");
    prints("2026-01-01T12:30", "2026-01-01T12:30:00");
}
