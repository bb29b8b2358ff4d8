//! The values of each aggregate.

use super::{Case, assert_sound};

const SOURCES: &str = "
  customers:
    file: c.csv
    key: id
    columns: {id: integer}
  events:
    file: e.csv
    customer: id
    date: at
    columns: {id: integer, at: datetime, m: money?, i: integer?, x: number?, p: percent?, t: text?, b: boolean?}
";

fn case(metrics: &str, events: &str) -> Case {
    let events = format!("id,at,m,i,x,p,t,b\n{events}");
    Case::new(SOURCES, metrics, &[("c.csv", b"id\n10\n9\n-1\n"), ("e.csv", events.as_bytes())])
}

#[test]
fn every_function_on_every_type() {
    let metrics = "
    sum_m: sum(events.m)
    sum_i: sum(events.i)
    sum_x: sum(events.x)
    sum_p: sum(events.p)
    mean_m: mean(events.m)
    mean_i: mean(events.i)
    mean_x: mean(events.x)
    min_m: min(events.m)
    max_t: max(events.t)
    min_at: min(events.at)
    count_t: count(events.t)
    distinct_t: count_distinct(events.t)
    distinct_m: count_distinct(events.m)
    distinct_x: count_distinct(events.x)
    distinct_i: count_distinct(events.i)
    first_t: first(events.t)
    last_t: last(events.t)
    last_b: last(events.b)
    first_m: first(events.m)
    last_x: last(events.x)
    last_at: last(events.at)
    in_year: count(events in year)
    with_t: sum(events.i where events.t != \"z\")
";
    let events = "\
9,2025-12-31T10:00,0.01,3,0.1,10%,é,yes
9,2025-12-31T10:00,0.02,4,0.2,20%,z,no
9,2025-12-31T09:00,0.02,,0.3,,z,
9,2024-01-01,,,,,,
9,2025-12-31T23:59:59.999999,,,,,,
10,2025-01-01,-5,2,-7.5,-50%,a,false
10,2025-01-02,5.005,2,1e3,0.5,a long text that is not inlined,
";
    let case = case(metrics, events);
    let base = case.base();
    assert_sound(&case, &base);
    let expect = |name: &str, expected: [&str; 3]| {
        assert_eq!(case.column(&base, name), expected, "{name}");
    };
    // Integer keys are in numeric order: -1 has no events.
    expect("id", ["-1", "9", "10"]);
    expect("sum_m", ["0.00", "0.05", "0.005"]);
    expect("sum_i", ["0", "7", "4"]);
    expect("sum_x", ["0", "0.6", "992.5"]);
    expect("sum_p", ["0", "0.3", "0"]);
    // 0.05 / 3 = 0.01666…, and half of 0.005 is 0.0025.
    expect("mean_m", ["", "0.0167", "0.0025"]);
    expect("mean_i", ["", "3.5", "2"]);
    expect("mean_x", ["", "0.2", "496.25"]);
    expect("min_m", ["", "0.01", "-5.00"]);
    expect("max_t", ["", "é", "a long text that is not inlined"]);
    expect("min_at", ["", "2024-01-01T00:00:00", "2025-01-01T00:00:00"]);
    expect("count_t", ["0", "3", "2"]);
    expect("distinct_t", ["0", "2", "2"]);
    expect("distinct_m", ["0", "2", "2"]);
    expect("distinct_x", ["0", "3", "2"]);
    expect("distinct_i", ["0", "2", "1"]);
    expect("first_t", ["", "z", "a"]);
    // The latest event has no text, so the result is the greater text of the two events at the time before.
    expect("last_t", ["", "é", "a long text that is not inlined"]);
    expect("last_b", ["", "true", "false"]);
    expect("first_m", ["", "0.02", "-5.00"]);
    expect("last_x", ["", "0.2", "1000"]);
    expect("last_at", ["", "2025-12-31T23:59:59.999999", "2025-01-02T00:00:00"]);
    expect("in_year", ["0", "4", "1"]);
    expect("with_t", ["0", "3", "4"]);
}

#[test]
fn a_sum_that_is_too_large_is_missing_and_counted() {
    let metrics = "\n    i: sum(events.i)\n    x: sum(events.x)\n    x_mean: mean(events.x)\n";
    let most = i64::MAX;
    let events = format!(
        "9,2025-12-31,,{most},1e308,,,\n9,2025-12-31,,1,1e308,,,\n10,2025-12-31,,{most},1e308,,,\n10,2025-12-31,,{most},1e308,,,\n10,2025-12-31,,-{most},-1e308,,,\n"
    );
    let case = case(metrics, &events);
    let base = case.base();
    assert_eq!(case.column(&base, "i"), ["0", "", &most.to_string()]);
    assert_eq!(case.column(&base, "x")[1..], ["", &format!("{}", 1e308)]);
    // Their mean is not too large.
    assert_eq!(case.column(&base, "x_mean")[1], format!("{}", 1e308));
    assert!(case.plain(&base.findings).starts_with("W0707 2 results too large"), "{}", case.plain(&base.findings));
}

#[test]
fn a_day_belongs_to_a_period_whole() {
    let metrics = "\n    n: count(events in year)\n    before: count(events in early)\n";
    let events = "\
9,2026-01-01T23:59:59,,,,,,
9,2026-01-02T00:00:00,,,,,,
9,2025-01-02T00:00:00,,,,,,
9,2025-01-01T23:59:59.999999,,,,,,
9,2024-07-02,,,,,,
9,2024-07-01T23:00,,,,,,
";
    let case = case(metrics, events);
    let base = case.base();
    assert_eq!(case.column(&base, "n")[1], "2");
    assert_eq!(case.column(&base, "before")[1], "2");
}

#[test]
fn without_a_customers_table_everyone_with_an_event_is_a_customer() {
    let sources = "
  orders:
    file: o.csv
    customer: id
    date: day
    columns: {id: text, day: date, amount: money}
  visits:
    file: v.csv
    customer: who
    columns: {who: text, pages: integer}
";
    let metrics = "\n    revenue: sum(orders.amount)\n    pages: sum(visits.pages)\n";
    let orders = b"id,day,amount\nb,2025-01-01,1\nz,2030-01-01,5\nb,2025-01-01,2\n";
    let case = Case::new(sources, metrics, &[("o.csv", orders), ("v.csv", b"who,pages\na,3\nb,4\n")]);
    let base = case.base();
    assert_sound(&case, &base);
    assert_eq!(case.table(&base), ["a|0.00|3", "b|3.00|4", "z|0.00|0"]);
    let case = Case::new(sources, metrics, &[("o.csv", b"id,day,amount\n"), ("v.csv", b"who,pages\n")]);
    assert_eq!(case.base().rows, 0);
}

/// Checks that aggregation by row and grouping by key agree. An aggregate that does not fit a word forces grouping by
/// key.
fn check_both_ways(customers: &str, events: &str) -> Vec<String> {
    let sources = SOURCES.replace("id: integer", "id: text");
    let metrics = "
    total: sum(events.m)
    whole: sum(events.i)
    typical: mean(events.m)
    lowest: min(events.m)
    highest: max(events.i)
    latest: max(events.at)
    number: count(events.m in year)
";
    let files = [("c.csv", customers.as_bytes()), ("e.csv", events.as_bytes())];
    let words = Case::new(&sources, metrics, &files);
    let groups = Case::new(&sources, &format!("{metrics}    different: count_distinct(events.t)\n"), &files);
    let (by_row, by_key) = (words.base(), groups.base());
    for name in ["total", "whole", "typical", "lowest", "highest", "latest", "number"] {
        assert_eq!(words.column(&by_row, name), groups.column(&by_key, name), "{name}");
    }
    words.column(&by_row, "highest")
}

#[test]
fn both_ways_of_grouping_agree() {
    let long = "a key of more than twelve bytes";
    let events = format!(
        "id,at,m,i,x,p,t,b\n\
         a,2025-01-01T10:00,999999999999999.9999,9223372036854775807,,,,\n\
         \"a\",2025-03-01T10:00,999999999999999.9999,-5,,,,\n\
         {long},2025-02-01T10:00,-2.5,-9223372036854775808,,,,\n\
         {long},2020-02-01T10:00,,9223372036854775807,,,,\n\
         a,2024-02-01T10:00,-0.0001,,,,,\n"
    );
    let customers = format!("id\na\nb\n{long}\na key of more than twelve letters\n");
    assert_eq!(check_both_ways(&customers, &events)[0], "9223372036854775807");
}

#[test]
fn both_ways_of_grouping_agree_on_numbers_of_any_length() {
    let customers: String = (1..=1000).map(|i| format!("C{i}\n")).collect();
    let event = |i: usize| format!("C{},2025-01-01T10:00,{}.5,{i},,,,\n", i % 1000 + 1, i % 977);
    let events: String = (0..3000).map(event).collect();
    let wide = "C777,2025-01-02T10:00,999999999999999.9999,9223372036854775807,,,,\n";
    let highest = check_both_ways(&format!("id\n{customers}"), &format!("id,at,m,i,x,p,t,b\n{events}{wide}"));
    // C1, C10, C100, C1000, C101
    assert_eq!(highest[..5], ["2000", "2009", "2099", "2999", "2100"]);
}
