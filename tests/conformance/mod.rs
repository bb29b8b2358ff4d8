//! Published results on real data. The data is not part of the project.

mod online_retail;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use accolade_engine::rules::present::Cell;
use accolade_engine::rules::thresholds::cutoffs::Bound;
use accolade_engine::summary;
use serde_json::Value;

use crate::support::{RatedRules, file, installed, rate};

/// The folder of reference data beside the repository.
fn data() -> PathBuf {
    installed::shared_data().expect("there is no folder `../shared/data`")
}

fn json(folder: &Path, file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

fn counts(rated: &RatedRules, column: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for label in rated.texts(column) {
        *counts.entry(label).or_default() += 1;
    }
    counts
}

/// A segment map of the R package as a first-match decision list; each box is closed at both ends.
fn r_segments(map: &Value) -> String {
    let list = |key: &str| map[key].as_array().unwrap().clone();
    let (names, columns) = (list("names"), ["R_lo", "R_hi", "F_lo", "F_hi", "M_lo", "M_hi"].map(list));
    let row = |i: usize| {
        let [rl, rh, fl, fh, ml, mh] = [0, 1, 2, 3, 4, 5].map(|c| columns[c][i].as_i64().unwrap());
        let name = names[i].as_str().unwrap();
        format!("      \"{name}\": r in {rl}..{rh} and f in {fl}..{fh} and m in {ml}..{mh}\n")
    };
    let rows: String = (0..names.len()).map(row).collect();
    format!("{rows}      Others: rest\n")
}

fn r_rfm(folder: &Path, map: &Value) -> RatedRules {
    let rules = format!(
        "accolade: 1\nas_of: 2006-12-31\nsources:\n  orders:\n    file: {}\n    customer: customer_id\n    date: order_date\n    \
         columns: {{customer_id: text, order_date: date, revenue: money}}\nprofile:\n  quantitative:\n    \
         recency: days(max(orders.order_date), as_of)\n    frequency: count(orders)\n    monetary: sum(orders.revenue)\n\
         rules:\n  rfm:\n    kind: rfm\n    recency: recency\n    frequency: frequency\n    monetary: monetary\n    \
         bins: 5 by r_package\n    hit: first\n    segments:\n{}",
        folder.join("r-rfm-orders.csv").display(),
        r_segments(map),
    );
    rate(&rules)
}

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn r_rfm_thresholds_and_both_segment_maps() {
    let folder = data();
    let expected = json(&folder, "r-rfm-expected.json");
    let orders = &expected["orders"];

    let rated = r_rfm(&folder, &expected["maps"]["docs"]);
    assert_eq!(rated.customers(), 995);
    for measure in ["recency", "frequency", "monetary"] {
        let published: Vec<f64> =
            orders["thresholds"][measure].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        let edges = rated.outcome.cut_offs["rfm"].get(measure);
        let ours: Vec<f64> = edges
            .iter()
            .map(|edge| match edge.bound() {
                Bound::Exact { numerator, denominator } => *numerator as f64 / *denominator as f64,
                Bound::Float(value) => *value,
            })
            .collect();
        assert_eq!(ours, published, "{measure}");
    }
    let segments = counts(&rated, "rfm");
    let revenue = rated.sums("rfm", "monetary");
    let frequency = rated.sums("rfm", "frequency");
    for (name, table) in orders["segments_docs"].as_object().unwrap() {
        assert_eq!(Some(segments[name]), table[0].as_u64(), "customers of {name}");
        assert_eq!(Some(frequency[name] as u64), table[1].as_u64(), "orders of {name}");
        assert_eq!(Some(revenue[name] as u64), table[2].as_u64(), "revenue of {name}");
    }
    assert_eq!(segments.len(), orders["segments_docs"].as_object().unwrap().len());

    let rated = r_rfm(&folder, &expected["maps"]["tests"]);
    let published: BTreeMap<String, u64> = orders["segments_tests_customers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, count)| (name.clone(), count.as_u64().unwrap()))
        .collect();
    assert_eq!(counts(&rated, "rfm"), published);
}

/// The ten segments of Online Retail: recency and monetary by value, frequency by rank with ties in key order.
/// A rule has one binning, so two rules score and a decision list maps.
///
/// The published mean recency is one day less than ours: there, recency is counted from midnight of the date of
/// the run back to the time of the last order and rounded down; here it is the difference of calendar days. No
/// order was placed at midnight, so every customer differs by exactly one and no bin changes. The amounts in the
/// data are rounded to cents, the published means come from tenths of cents: they differ by less than 0.00001.
/// Customers with one order each of the given values.
fn one_order_each(values: impl Iterator<Item = (String, f64)>) -> (tempfile::NamedTempFile, String) {
    let lines: String = values.map(|(name, value)| format!("{name},2025-06-01,{value}\n")).collect();
    let file = file(&format!("customer,day,amount\n{lines}"));
    let head = format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders:\n    file: {}\n    customer: customer\n    date: day\n    \
         columns: {{customer: text, day: date, amount: money}}\nprofile:\n  quantitative: {{total: sum(orders.amount)}}\n",
        file.path().display()
    );
    (file, head)
}

fn check_abc(oracle: &Value, rule: &str) {
    let values = oracle["values"].as_object().unwrap();
    let (_file, head) = one_order_each(values.iter().map(|(name, v)| (name.clone(), v.as_f64().unwrap())));
    let rated = rate(&format!("{head}rules:\n  class: {rule}\n"));
    let ours: BTreeMap<String, String> = rated.texts("customer").into_iter().zip(rated.texts("class")).collect();
    for (class, names) in oracle["expected"].as_object().unwrap() {
        for name in names.as_array().unwrap() {
            assert_eq!(&ours[name.as_str().unwrap()], class, "{name}");
        }
    }
}

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn abc_by_quota_and_strict() {
    let folder = data();
    let oracles = json(&folder, "small-oracles.json");
    check_abc(&oracles["sap_pal_abc"], "{kind: abc, by: total, classes: {A: top 70%, B: own 20%, C: rest}}");
    check_abc(
        &oracles["pypi_abc_classification"],
        "{kind: abc, by: total, boundary: exclude, classes: {A: top 70%, B: next 20%, C: rest}}",
    );
}

/// The published score is Σ w·points without division; a rating divides by Σ w = 3.5. A rating has one scale for
/// all criteria, here 0..3, which holds every published point.
#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn weighted_score_table() {
    let folder = data();
    let oracle = &json(&folder, "small-oracles.json")["sap_pal_weighted_score"];
    let rows = oracle["rows"].as_array().unwrap();
    let lines: String = rows
        .iter()
        .enumerate()
        .map(|(i, r)| format!("c{i:02},{},{},{}\n", r[0].as_str().unwrap(), r[1], r[2]))
        .collect();
    let file = file(&format!("id,gender,income,height\n{lines}"));
    let steps = |key: &str| {
        let pairs = oracle[key].as_array().unwrap().iter().map(|p| format!("{}: {}", p[0], p[1]));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
    };
    let weight = |i: usize| &oracle["weights"][i];
    let rated = rate(&format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers:\n    file: {}\n    key: id\n    \
         columns: {{id: text, gender: text, income: integer 0..1000000, height: number 1.5..3}}\n\
         rules:\n  score:\n    kind: rating\n    scale: 0..3\n    weights: relative\n    criteria:\n      \
         gender: {{weight: {}, value: gender, bands: {{male: {}, rest: {}}}}}\n      \
         income: {{weight: {}, value: income, steps: {}}}\n      height: {{weight: {}, value: height, steps: {}}}\n",
        file.path().display(),
        weight(0),
        oracle["gender_map"]["male"],
        oracle["gender_map"]["female"],
        weight(1),
        steps("income_steps"),
        weight(2),
        steps("height_steps"),
    ));
    let published: Vec<f64> = oracle["expected"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    let ours: Vec<f64> = rated.texts("score").iter().map(|s| s.parse::<f64>().unwrap() * 3.5).collect();
    for (ours, published) in ours.iter().zip(&published) {
        // The score is read back with six decimals.
        assert!((ours - published).abs() < 1e-5, "{ours} for {published}");
    }
    assert_eq!(ours.len(), published.len());
}

/// The figure of a `concentration` rule by its name in the summary.
fn figure(rated: &RatedRules, name: &str) -> f64 {
    let sections = summary::sections(&rated.set, &rated.outcome);
    let rows = &sections.iter().find(|s| s.title.ends_with(": concentration")).unwrap().rows;
    let row = rows.iter().find(|row| row[0] == Cell::Text(name.to_owned())).unwrap();
    match &row[1] {
        Cell::Value(accolade_engine::Value::Number(number)) => *number,
        other => panic!("{name} is {other:?}"),
    }
}

#[track_caller]
fn close(ours: f64, published: &Value) {
    // Published to seven decimals.
    let published = published.as_f64().unwrap();
    assert!((ours - published).abs() < 6e-8, "{ours} for {published}");
}

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn inequality_of_small_examples() {
    let folder = data();
    let oracle = &json(&folder, "small-oracles.json")["ineq"];
    let rated = |values: &Value| {
        let values = values.as_array().unwrap().iter().enumerate();
        // Exact where money is: 50/9 to four places is not.
        let scaled = values.map(|(i, v)| (format!("c{i:02}"), (v.as_f64().unwrap() * 9.0 * 1e6).round() / 1e6));
        let (_file, head) = one_order_each(scaled);
        rate(&format!("{head}rules:\n  hangs: {{kind: concentration, of: total}}\n"))
    };
    let incomes = rated(&oracle["x"]);
    close(figure(&incomes, "gini"), &oracle["gini"]);
    close(figure(&incomes, "hhi"), &oracle["hhi"]);
    close(figure(&incomes, "rosenbluth"), &oracle["rosenbluth"]);
    for case in oracle["gini_unbiased_cases"].as_array().unwrap() {
        close(figure(&rated(&case["x"]), "gini, unbiased"), &case["g"]);
    }
}

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn return_on_loyalty_programmes() {
    let folder = data();
    let oracles = json(&folder, "small-oracles.json");
    let [profit, members] = oracles["loyalty_roi"].as_array().unwrap().as_slice() else { panic!() };
    // A margin of 30% of each order, a member that spends 500 without and 600 with the programme.
    let check = |before: &Value, with: &Value, margin: &str, cost: String, expected: &Value| {
        let orders = file(&format!("id,day,amount\na,2024-06-01,{before}\na,2025-06-01,{with}\n"));
        let rated = rate(&format!(
            "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders:\n    file: {}\n    customer: id\n    date: day\n    \
             columns: {{id: text, day: date, amount: money}}\nperiods: {{year: last 12 months, before: 12 months before year}}\n\
             profile: {{quantitative: {{orders_placed: count(orders)}}}}\nprogrammes:\n  club: {{members: orders_placed > 0, period: year, before: before, margin: {margin}, cost: {cost}}}\n",
            orders.path().display()
        ));
        let returned = rated.outcome.programmes[0].rows[0].effect.return_on_cost.as_ref().unwrap();
        assert_eq!(Some(accolade_engine::numbers::exact::float(returned)), expected.as_f64());
    };
    check(
        &serde_json::json!(0),
        &profit["incremental_profit"],
        "orders.amount",
        format!("{{fixed: {}}}", profit["cost"]),
        &profit["roi"],
    );
    let each = members["cost"].as_f64().unwrap() / members["members"].as_f64().unwrap();
    let margin = format!("orders.amount * {}", members["margin"]);
    check(&members["rev_without"], &members["rev_with"], &margin, format!("{{per_member: {each}}}"), &members["roi"]);
}
