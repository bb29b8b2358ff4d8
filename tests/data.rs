//! Reading and grouping data: against a row-by-row oracle, in any order, in any bytes, in every format.

use std::collections::BTreeMap;
use std::path::Path;

use accolade_engine::output::{FormulaText, ResultFormat};
use accolade_engine::profile::rejects_path;
use accolade_engine::{BadRows, FileSystem, Inputs, Location, Outcome, RuleSet, compile, output, run};
use accolade_parser::Diagnostics;
use proptest::prelude::*;

use crate::support::file;

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {key: id, columns: {id: text, city: text?}}
  orders: {customer: id, date: day, columns: {id: text, day: date, amount: money, pieces: integer?, weight: number?, kind: text?}}
periods: {year: last 12 months, before: 12 months before year}
profile:
  administrative: [city]
  quantitative:
    revenue: sum(orders.amount in year)
    revenue_before: sum(orders.amount in before)
    placed: count(orders)
    gifts: count(orders where orders.kind = \"gift\" and orders.amount > 10)
    pieces: sum(orders.pieces)
    weight: sum(orders.weight)
    mean_weight: mean(orders.weight in year)
    mean_amount: mean(orders.amount)
    latest: max(orders.day)
    smallest: min(orders.amount)
    kinds: count_distinct(orders.kind)
    first_kind: first(orders.kind)
    last_amount: last(orders.amount in year)
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: next 15%, C: rest}}
  scores: {kind: rfm, recency: days_since, frequency: placed, monetary: revenue, bins: 3 by rank, segments: {low: r < 2, high: rest}}
";

fn rules() -> String {
    RULES.replace("    latest:", "    days_since: days(max(orders.day), as_of)\n    latest:")
}

fn set(text: &str) -> RuleSet {
    let rules = file(text);
    let compilation = compile(rules.path(), &FileSystem, &accolade_engine::plugins());
    compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

fn rate(set: &RuleSet, files: &[&Path], threads: usize, batch_size: usize) -> Result<Outcome, Diagnostics> {
    let files = files.iter().map(|f| f.to_path_buf().into()).collect();
    let inputs = Inputs { threads, batch_size, ..Inputs::new(set.as_of.unwrap(), files) };
    run(set, &inputs, None)
}

fn bytes(set: &RuleSet, outcome: &Outcome, format: ResultFormat) -> Vec<u8> {
    let mut sink = Vec::new();
    output::write(&mut outcome.results(set), format, &mut sink).unwrap();
    sink
}

#[derive(Clone, Debug)]
struct OracleOrder {
    customer: u8,
    day: i32,
    cents: i64,
    pieces: Option<i64>,
    weight: Option<i32>,
    kind: Option<&'static str>,
}

fn order() -> impl Strategy<Value = OracleOrder> {
    let kind = prop::option::of(prop::sample::select(vec!["gift", "web", "a long kind of order"]));
    (0u8..12, -800i32..40, -5000i64..50_000, prop::option::of(-5i64..20), prop::option::of(-1000i32..1000), kind)
        .prop_map(|(customer, day, cents, pieces, weight, kind)| OracleOrder {
            customer,
            day,
            cents,
            pieces,
            weight,
            kind,
        })
}

fn day(offset: i32) -> String {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(i64::from(offset));
    date.to_string()
}

fn weight(order: &OracleOrder) -> Option<f64> {
    // Tenths are not exact in binary, so a sum of floats depends on its order unless it is exact.
    order.weight.map(|w| f64::from(w) / 10.0)
}

fn csv(orders: &[OracleOrder]) -> String {
    let text = |v: Option<String>| v.unwrap_or_default();
    let line = |o: &OracleOrder| {
        let amount =
            format!("{}{}.{:02}", if o.cents < 0 { "-" } else { "" }, o.cents.abs() / 100, o.cents.abs() % 100);
        let (pieces, weight) = (text(o.pieces.map(|p| p.to_string())), text(weight(o).map(|w| w.to_string())));
        format!("c{:02},{},{amount},{pieces},{weight},{}\n", o.customer, day(o.day), o.kind.unwrap_or(""))
    };
    format!("id,day,amount,pieces,weight,kind\n{}", orders.iter().map(line).collect::<String>())
}

fn customers() -> String {
    format!(
        "id,city\n{}",
        (0..12).rev().map(|i| format!("c{i:02},{}\n", if i % 3 == 0 { "" } else { "Gent" })).collect::<String>()
    )
}

/// The fields of a customer, computed row by row.
fn oracle(orders: &[OracleOrder], customer: u8) -> BTreeMap<&'static str, String> {
    let mine: Vec<&OracleOrder> = orders.iter().filter(|o| o.customer == customer && o.day <= 0).collect();
    let in_year = |o: &&&OracleOrder| o.day > -365;
    // 2024 is a leap year.
    let in_before = |o: &&&OracleOrder| -731 < o.day && o.day <= -365;
    let money = |cents: i64| accolade_engine::show::value(&accolade_engine::Value::Money(i128::from(cents) * 100));
    let maybe = |v: Option<String>| v.unwrap_or_default();
    let cents = |o: &&OracleOrder| o.cents;
    let exact = |tenths: i64| {
        // The sum of the floats nearest to tenths, rounded once, is within a rounding of the nearest to the sum.
        tenths as f64 / 10.0
    };
    let weights: Vec<i64> = mine.iter().filter_map(|o| o.weight.map(i64::from)).collect();
    let kinds: std::collections::BTreeSet<&str> = mine.iter().filter_map(|o| o.kind).collect();
    let first = mine.iter().filter(|o| o.kind.is_some()).min_by_key(|o| (o.day, o.kind));
    let last = mine.iter().filter(in_year).max_by_key(|o| (o.day, o.cents));
    let mean_amount = (!mine.is_empty()).then(|| {
        let sum: i128 = mine.iter().map(|o| i128::from(o.cents) * 100).sum();
        accolade_engine::show::value(&accolade_engine::Value::Money(accolade_engine::ops::divide_half_even(
            sum,
            mine.len() as i128,
        )))
    });
    BTreeMap::from([
        ("revenue", money(mine.iter().filter(in_year).map(cents).sum())),
        ("revenue_before", money(mine.iter().filter(in_before).map(cents).sum())),
        ("placed", mine.len().to_string()),
        ("gifts", mine.iter().filter(|o| o.kind == Some("gift") && o.cents > 1000).count().to_string()),
        ("pieces", mine.iter().filter_map(|o| o.pieces).sum::<i64>().to_string()),
        ("weight", exact(weights.iter().sum()).to_string()),
        ("mean_amount", maybe(mean_amount)),
        ("latest", maybe(mine.iter().map(|o| o.day).max().map(day))),
        ("smallest", maybe(mine.iter().map(cents).min().map(money))),
        ("kinds", kinds.len().to_string()),
        ("first_kind", maybe(first.and_then(|o| o.kind).map(str::to_owned))),
        ("last_amount", maybe(last.map(|o| money(o.cents)))),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn grouping_agrees_with_the_oracle_in_any_order(
        (orders, shuffled) in prop::collection::vec(order(), 0..120).prop_flat_map(|o| (Just(o.clone()), Just(o).prop_shuffle())),
        threads in 1usize..4,
        batch_size in prop::sample::select(vec![1usize, 7, 8192]),
    ) {
        let set = set(&rules());
        let customers = file(&customers());
        let (given, other) = (file(&csv(&orders)), file(&csv(&shuffled)));
        let outcome = rate(&set, &[customers.path(), given.path()], 2, 8192).unwrap();
        for customer in 0..12u8 {
            let expected = oracle(&orders, customer);
            for (name, value) in expected {
                let column = outcome.frame.column(set.slot(name).unwrap()).unwrap();
                let ours = accolade_engine::show::value(&accolade_engine::frame::value_at(column, usize::from(customer)));
                if name == "weight" {
                    let (ours, value): (f64, f64) = (ours.parse().unwrap(), value.parse().unwrap());
                    prop_assert!((ours - value).abs() <= 1e-9, "{} of c{:02}", name, customer);
                } else {
                    prop_assert_eq!(&ours, &value, "{} of c{:02}", name, customer);
                }
            }
        }
        let again = rate(&set, &[customers.path(), other.path()], threads, batch_size).unwrap();
        for format in [ResultFormat::Csv(FormulaText::Kept), ResultFormat::Parquet, ResultFormat::Ndjson, ResultFormat::Json] {
            prop_assert_eq!(bytes(&set, &outcome, format), bytes(&set, &again, format));
        }
    }

    #[test]
    fn any_bytes_as_data_give_results_or_diagnostics(data in prop::collection::vec(any::<u8>(), 0..300), header in any::<bool>(), ending in prop::sample::select(vec!["csv", "ndjson", "json", "parquet"])) {
        let set = set(&rules());
        let customers = file(&customers());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("orders.{ending}"));
        let mut bytes = if header { b"id,day,amount,pieces,weight,kind\n".to_vec() } else { Vec::new() };
        bytes.extend(data);
        std::fs::write(&path, bytes).unwrap();
        if let Err(findings) = rate(&set, &[customers.path(), &path], 2, 8192) {
            prop_assert!(findings.has_errors());
        }
    }

    #[test]
    fn any_bytes_as_a_rule_file_give_a_rule_set_or_diagnostics(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0usize..2000) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rules.yaml");
        let mut text = rules().into_bytes();
        let at = cut % text.len();
        text.splice(at..(at + 3).min(text.len()), bytes);
        std::fs::write(&path, text).unwrap();
        let compilation = compile(&path, &FileSystem, &accolade_engine::plugins());
        prop_assert!(compilation.set.is_some() || compilation.diagnostics.has_errors());
    }
}

/// Orders so large that the file is read in parts, with line breaks inside quotes where a part would begin.
#[test]
fn a_quoted_line_break_does_not_split_a_record() {
    let filler = "x".repeat(200);
    let lines: String =
        (0..60_000).map(|i| format!("c{:02},2025-06-01,1.00,,,\"{filler}\n{filler}{i}\"\n", i % 12)).collect();
    let orders = file(&format!("id,day,amount,pieces,weight,kind\n{lines}"));
    assert!(orders.path().metadata().unwrap().len() > 20_000_000);
    let set = set(&rules());
    let customers = file(&customers());
    let outcome = rate(&set, &[customers.path(), orders.path()], 2, 8192).unwrap();
    let column = outcome.frame.column(set.slot("placed").unwrap()).unwrap();
    assert!((0..12).all(|row| accolade_engine::frame::value_at(column, row) == accolade_engine::Value::Integer(5000)));
}

fn findings(columns: &str, options: &str, data: &str) -> Vec<String> {
    let rules = format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {{key: id, columns: {{id: text, {columns}}}{options}}}\nprofile: {{administrative: [v]}}\n"
    );
    let set = set(&rules);
    let data = file(data);
    let outcome = rate(&set, &[data.path()], 2, 8192);
    let shown = |d: &accolade_parser::Diagnostic| {
        let place = d.data.as_ref().unwrap();
        format!("{} {}:{} {}", d.code, place.row.unwrap_or(0), place.column.clone().unwrap_or_default(), d.message)
    };
    match outcome {
        Ok(outcome) => {
            let column = outcome.frame.column(set.slot("v").unwrap()).unwrap();
            (0..outcome.frame.rows)
                .map(|row| accolade_engine::show::value(&accolade_engine::frame::value_at(column, row)))
                .collect()
        }
        Err(findings) => findings.iter().map(shown).collect(),
    }
}

#[track_caller]
fn check(columns: &str, options: &str, data: &str, expected: &[&str]) {
    assert_eq!(findings(columns, options, data), expected, "{columns} {options} {data:?}");
}

#[test]
fn every_way_to_write_a_value() {
    check("v: money", "", "id,v\na,1234.5\nb,-0.0001\n", &["1234.50", "-0.0001"]);
    check("v: money", ", delimiter: ';', decimal: ','", "id;v\na;1.234,5\nb;\"7,25\"\n", &["1234.50", "7.25"]);
    check("v: integer?", ", missing: ['NA', '-1']", "id,v\na,NA\nb,-1\nc,3\nd,\n", &["", "", "3", ""]);
    check("v: text", "", "\u{feff}id,v\r\na,\"x, \"\"y\"\"\"\r\nb,é\r\n", &["x, \"y\"", "é"]);
    check("v: percent", "", "id,v\na,30%\nb,0.25\n", &["0.3", "0.25"]);
    check(
        "v: datetime",
        "",
        "id,v\na,2025-01-31 10:00\nb,2025-01-31\n",
        &["2025-01-31T10:00:00", "2025-01-31T00:00:00"],
    );
    check("v: boolean", "", "id,v\na,yes\nb,0\n", &["true", "false"]);
    check("v: text", ", quote: \"'\"", "id,v\na,'x,y'\n", &["x,y"]);
    check("v: text", ", delimiter: tab", "id\tv\na\tx,y\n", &["x,y"]);
    check("v: text", "", "id,v\n", &[]);
}

#[test]
fn every_bad_value_is_named_with_its_line_and_column() {
    check("v: money", "", "id,v\na,x\nb,1\nc,\n", &["E0703 2:v `x` is not money", "E0705 4:v the value is missing"]);
    check(
        "v: integer 1..5",
        "",
        "id,v\na,6\nb,2.5\n",
        &["E0704 2:v 6 is outside 1..5", "E0703 3:v `2.5` is not an integer"],
    );
    check("v: text", "", "id,v\na,x\na,y\n", &["E0706 3:id customer \"a\" is in the file twice"]);
    check(
        "v: text",
        "",
        "id,v\na\nb,x,y\n",
        &["E0708 2: the record has 1 fields, the header has 2", "E0708 3: the record has 3 fields, the header has 2"],
    );
    check("v: text", "", "id,v\n,x\n", &["E0705 2:id the value is missing"]);
    check("v: date", "", "id,v\na,31-12-2025\n", &["E0703 2:v `31-12-2025` is not a date"]);
    check("v: number", "", "id,v\na,NaN\n", &["E0703 2:v `NaN` is not a number"]);
    check("v: text", "", "id,w\na,x\n", &["E0702 0:v the file has no column `v`"]);
    check("v: text", "", "id,v,v\na,x,y\n", &["E0715 1: the header names `v` twice"]);
    check("v: text", "", "", &["E0715 1: the file is empty"]);
}

#[test]
fn a_record_that_spans_lines_is_counted_by_its_first() {
    check("v: text, w: money", "", "id,v,w\na,\"x\ny\",1\nb,z,q\n", &["E0703 4:w `q` is not money"]);
}

#[test]
fn many_problems_are_counted_not_listed() {
    let lines: String = (0..30).map(|i| format!("c{i},x\n")).collect();
    let all = findings("v: money", "", &format!("id,v\n{lines}"));
    assert_eq!(all.len(), 4);
    assert!(all[3].contains("27 more problems"));
}

#[test]
fn events_of_unknown_customers_and_rejected_rows() {
    let set = set(&rules());
    let customers = file("id,city\nc00,Gent\nc00,Brugge\nc01,\n");
    let orders = file(
        "id,day,amount,pieces,weight,kind\nc00,2025-06-01,10,,,\nc09,2025-06-01,10,,,\nc01,2025-06-01,oops,,,\nc01,2027-01-01,5,,,\n",
    );
    let failed = rate(&set, &[customers.path(), orders.path()], 2, 8192).unwrap_err();
    assert_eq!(failed[0].code.id(), "E0706");
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<Location> = vec![customers.path().to_owned().into(), orders.path().to_owned().into()];
    let inputs = Inputs {
        bad_rows: BadRows::Report(folder.path().to_owned()),
        threads: 2,
        ..Inputs::new(set.as_of.unwrap(), files)
    };
    let outcome = run(&set, &inputs, None).unwrap();
    let rejected = std::fs::read_to_string(rejects_path(folder.path(), "orders", "", inputs.as_of)).unwrap();
    assert_eq!(
        rejected,
        "row,reason,id,day,amount,pieces,weight,kind\n\
         3,\"id: customer \"\"c09\"\" is not in the customers table\",c09,2025-06-01,10,,,\n\
         4,amount: `oops` is not money,c01,2025-06-01,oops,,,\n"
    );
    assert!(rejects_path(folder.path(), "customers", "", inputs.as_of).exists());
    let codes: Vec<&str> = outcome.findings.iter().map(|d| d.code.id()).collect();
    assert_eq!(codes[..3], ["W0709", "W0709", "W0706"]);
    assert_eq!(outcome.read.iter().map(|r| (r.rows, r.rejected)).collect::<Vec<_>>(), [(2, 1), (2, 2)]);
}

#[test]
fn ndjson_numbers_are_exact_and_bad_lines_named() {
    let set = set(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {key: id, format: ndjson, columns: {id: text, v: money?}}\nprofile: {administrative: [v]}\n",
    );
    let rows = |text: &str| {
        let data = file(text);
        rate(&set, &[data.path()], 2, 8192)
    };
    let outcome = rows("{\"id\":\"a\",\"v\":123456789012.3456}\n\n{\"id\":\"b\"}\n").unwrap();
    let column = outcome.frame.column(set.slot("v").unwrap()).unwrap();
    assert_eq!(accolade_engine::show::value(&accolade_engine::frame::value_at(column, 0)), "123456789012.3456");
    let failed = rows("{\"id\":\"a\"}\n{\"id\":\n{\"id\":\"c\",\"v\":[1]}\n").unwrap_err();
    let places: Vec<_> = failed.iter().map(|d| (d.code.id(), d.data.as_ref().unwrap().row)).collect();
    assert_eq!(places, [("E0708", Some(2)), ("E0708", Some(3))]);
}

#[test]
fn without_a_customers_table_the_events_make_the_population() {
    let set = set(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders: {customer: id, date: day, columns: {id: integer, day: date}}\n  visits: {customer: id, columns: {id: integer}}\nprofile: {quantitative: {placed: count(orders), seen: count(visits)}}\n",
    );
    let orders = file("id,day\n10,2025-01-01\n9,2025-01-01\n10,2025-02-01\n11,2027-01-01\n");
    let visits = file("id\n2\n9\n");
    let outcome = rate(&set, &[orders.path(), visits.path()], 2, 8192).unwrap();
    let csv = String::from_utf8(bytes(&set, &outcome, ResultFormat::Csv(FormulaText::Kept))).unwrap();
    assert_eq!(csv, "id,placed,seen\n2,0,1\n9,1,1\n10,2,0\n11,0,0\n");
}
