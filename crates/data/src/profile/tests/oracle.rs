//! Comparison with a naive reading, and with the same rows in another order.

use std::collections::BTreeMap;

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{Aggregate, AggregateFunction, Origin, Slot, Type};
use num_bigint::BigInt;
use proptest::prelude::*;

use super::{Case, assert_sound};

const SOURCES: &str = "
  customers:
    file: c.csv
    key: id
    columns: {id: text, score: integer?}
  events:
    file: e.csv
    customer: id
    date: day
    columns: {id: text, day: date, m: money?, x: number?, t: text?}
";

const METRICS: &str = "
    n: count(events)
    m: sum(events.m in year)
    average: mean(events.m)
    x: sum(events.x where events.m > 0)
    mean_x: mean(events.x)
    distinct: count_distinct(events.t)
    lowest: min(events.t in year)
    opening: first(events.m)
    closing: last(events.t)
    latest: max(events.day)
";

#[derive(Clone, Debug)]
struct OracleEvent {
    id: String,
    /// Days before the run; after it if negative.
    age: i32,
    m: Option<i64>,
    x: Option<f64>,
    t: Option<String>,
}

fn event() -> impl Strategy<Value = OracleEvent> {
    (
        "[a-d]{1,2}",
        -3..800i32,
        prop::option::of(-300..300i64),
        prop::option::of(prop_oneof![-1e3..1e3f64, -1e18..1e18f64]),
        prop::option::of("[x-z]|a longer text, with a comma \"and quotes\" [0-3]"),
    )
        .prop_map(|(id, age, m, x, t)| OracleEvent { id, age, m, x, t })
}

fn day(age: i32) -> String {
    accolade_core::show::date(accolade_core::model::period::parse_day("2026-01-01").unwrap() - age)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn cents(m: i64) -> String {
    accolade_core::show::decimal(i128::from(m), 2, 2)
}

fn case(events: &[OracleEvent], threads: usize, batch_size: usize) -> Case {
    let mut ids: Vec<&str> = events.iter().map(|e| e.id.as_str()).collect();
    ids.extend(["dd", "e"]);
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    let customers: String = ids.iter().map(|id| format!("{id},\n")).collect();
    let rows: String = events
        .iter()
        .map(|e| {
            let m = e.m.map(cents).unwrap_or_default();
            let x = e.x.map(|x| x.to_string()).unwrap_or_default();
            let t = e.t.as_deref().map(quoted).unwrap_or_default();
            format!("{},{},{m},{x},{t}\n", e.id, day(e.age))
        })
        .collect();
    let files = [("c.csv", format!("id,score\n{customers}")), ("e.csv", format!("id,day,m,x,t\n{rows}"))];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let mut case = Case::new(SOURCES, METRICS, &files);
    case.inputs.threads = threads;
    case.inputs.batch_size = batch_size;
    // The number of events before the year, which no expression can ask for.
    let period = case.set.demand.periods.iter().position(|p| p.name == "year").map(AggregatePeriod::Before);
    let (ty, function, source) = (Type::Integer, AggregateFunction::Count, 1);
    let (argument, filter, columns) = (None, None, Vec::new());
    case.set.demand.slots.push(Slot {
        name: "earlier".to_owned(),
        ty,
        nullable: false,
        labels: None,
        origin: Origin::Aggregate(case.set.demand.aggregates.len()),
    });
    case.set.demand.aggregates.push(Aggregate { source, function, argument, period, filter, ty, columns });
    case
}

/// The expected table, computed event by event.
fn expected(events: &[OracleEvent]) -> BTreeMap<String, Vec<String>> {
    let mut by_id: BTreeMap<&str, Vec<&OracleEvent>> = BTreeMap::from([("dd", vec![]), ("e", vec![])]);
    for event in events {
        let of = by_id.entry(&event.id).or_default();
        if event.age >= 0 {
            of.push(event);
        }
    }
    by_id.into_iter().map(|(id, events)| (id.to_owned(), row(&events))).collect()
}

fn units(number: f64) -> BigInt {
    let text = format!("{number:e}");
    let (digits, power) = text.split_once('e').unwrap();
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let zeros = 340 + power.parse::<i32>().unwrap() - i32::try_from(places.len()).unwrap();
    format!("{whole}{places}{}", "0".repeat(usize::try_from(zeros).unwrap())).parse().unwrap()
}

/// The mean, to 400 digits and then as the nearest float.
fn mean_of(numbers: &[f64]) -> String {
    if numbers.is_empty() {
        return String::new();
    }
    let sum = numbers.iter().map(|number| units(*number)).sum::<BigInt>() * BigInt::from(10u32).pow(60);
    let mean = sum / numbers.len();
    (format!("{mean}e-400").parse::<f64>().unwrap() + 0.0).to_string()
}

fn row(events: &[&OracleEvent]) -> Vec<String> {
    let in_year = |e: &&&OracleEvent| e.age < 365;
    let known: Vec<i64> = events.iter().filter_map(|e| e.m).collect();
    let mean = |known: &[i64]| {
        let (sum, count) = (known.iter().sum::<i64>() * 100, known.len() as i64);
        let (floor, rest) = (sum.div_euclid(count), 2 * sum.rem_euclid(count));
        let up = rest > count || rest == count && floor % 2 != 0;
        accolade_core::show::decimal(i128::from(floor + i64::from(up)), 4, 2)
    };
    // Numbers add up as the decimals that they are written as, here in units of 10^-340.
    let xs: BigInt = events.iter().filter(|e| e.m.is_some_and(|m| m > 0)).filter_map(|e| e.x).map(units).sum();
    let mut texts: Vec<&String> = events.iter().filter_map(|e| e.t.as_ref()).collect();
    texts.sort();
    texts.dedup();
    let first = events.iter().filter_map(|e| Some((-e.age, e.m?))).min().map(|(_, m)| cents(m));
    let last = events.iter().filter_map(|e| Some((-e.age, e.t.clone()?))).max().map(|(_, t)| t);
    vec![
        events.len().to_string(),
        cents(events.iter().filter(in_year).filter_map(|e| e.m).sum()),
        if known.is_empty() { String::new() } else { mean(&known) },
        (format!("{xs}e-340").parse::<f64>().unwrap() + 0.0).to_string(),
        mean_of(&events.iter().filter_map(|e| e.x).collect::<Vec<f64>>()),
        texts.len().to_string(),
        events.iter().filter(in_year).filter_map(|e| e.t.clone()).min().unwrap_or_default(),
        first.unwrap_or_default(),
        last.unwrap_or_default(),
        events.iter().map(|e| day(e.age)).max().unwrap_or_default(),
        events.iter().filter(|e| !in_year(e)).count().to_string(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_plainest_reading(events in prop::collection::vec(event(), 0..80), threads in 1usize..4) {
        let case = case(&events, threads, 7);
        let base = case.base();
        assert_sound(&case, &base);
        let expected = expected(&events);
        prop_assert_eq!(case.column(&base, "id"), expected.keys().cloned().collect::<Vec<_>>());
        for (i, name) in ["n", "m", "average", "x", "mean_x", "distinct", "lowest", "opening", "closing", "latest", "earlier"].iter().enumerate() {
            let column: Vec<String> = expected.values().map(|row| row[i].clone()).collect();
            prop_assert_eq!(case.column(&base, name), column, "{}", name);
        }
    }

    #[test]
    fn order_threads_and_batches_do_not_show(
        (events, shuffled) in prop::collection::vec(event(), 0..200)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        threads in 1usize..5,
        batch_size in 1usize..100,
    ) {
        let one = case(&events, 1, 8192).base();
        let other = case(&shuffled, threads, batch_size).base();
        prop_assert_eq!(one.rows, other.rows);
        for ((slot, column), (other_slot, other)) in one.columns.iter().zip(&other.columns) {
            prop_assert_eq!(slot, other_slot);
            prop_assert_eq!(column, other);
        }
    }
}
