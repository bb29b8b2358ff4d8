//! Published results on real data. The data is not part of the project: without it a test says `skipped`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Rated, file, gunzip, rate};
use accolade_engine::measure::cutoffs::Bound;
use accolade_engine::summary::{self, Cell};
use serde_json::Value;

/// The folder of reference data beside the repository, if it is there.
fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if folder.join("README.md").exists() {
        return Some(folder);
    }
    println!("skipped: the reference data is not here");
    None
}

fn json(folder: &Path, file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

fn counts(rated: &Rated, column: &str) -> BTreeMap<String, u64> {
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

fn r_rfm(folder: &Path, map: &Value) -> Rated {
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
fn r_rfm_thresholds_and_both_segment_maps() {
    let Some(folder) = data() else { return };
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
#[test]
fn online_retail_segments() {
    let Some(folder) = data() else { return };
    let expected = json(&folder, "online-retail-expected.json");
    let orders = gunzip(&folder.join("online-retail-orders.csv.gz"));
    let scores = |rule: &str, by: &str| {
        format!(
            "  {rule}: {{kind: rfm, recency: recency, frequency: frequency, monetary: monetary, bins: 5 by {by}}}\n"
        )
    };
    let rules = format!(
        "accolade: 1\nas_of: 2011-12-11\nsources:\n  orders:\n    file: {}\n    customer: CustomerID\n    date: order_date\n    \
         columns: {{CustomerID: text, InvoiceNo: text, order_date: datetime, amount: money}}\nprofile:\n  quantitative:\n    \
         recency: days(max(orders.order_date), as_of)\n    frequency: count(orders)\n    monetary: sum(orders.amount)\n\
         rules:\n{}{}  segment:\n    kind: segments\n    hit: unique\n    segments:\n{}  \
         strict: {{kind: abc, by: monetary, boundary: exclude, classes: {{A: top 80%, B: next 15%, C: rest}}}}\n  \
         crossing: {{kind: abc, by: monetary, classes: {{A: top 80%, B: next 15%, C: rest}}}}\n  \
         fifth: {{kind: abc, by: monetary, classes: {{A: top 20% of customers, C: rest}}}}\n",
        orders.path().display(),
        scores("by_value", "value"),
        scores("by_rank", "rank"),
        rf_map(&expected["rf_map"]),
    );
    let rated = rate(&rules);
    assert_eq!(rated.customers() as u64, expected["clean"]["customers"].as_u64().unwrap());
    let segments = counts(&rated, "segment");
    let (frequency, monetary, recency) =
        (rated.sums("segment", "frequency"), rated.sums("segment", "monetary"), rated.sums("segment", "recency"));
    for (name, published) in expected["rf_segments_as_of_2011_12_11"].as_object().unwrap() {
        let n = segments[name];
        assert_eq!(Some(n), published["n"].as_u64(), "{name}");
        let mean = |sums: &BTreeMap<String, f64>| sums[name] / n as f64;
        let close = |ours: f64, key: &str| (ours - published[key].as_f64().unwrap()).abs() < 1e-5;
        assert!(close(mean(&frequency), "mean_frequency"), "frequency of {name}");
        assert!(close(mean(&monetary), "mean_monetary"), "monetary of {name}");
        assert!(close(mean(&recency) - 1.0, "mean_recency"), "recency of {name}");
    }
    let concentration = &expected["concentration_clean"];
    let of = |rule: &str, classes: &[&str]| {
        let counts = counts(&rated, rule);
        Some(classes.iter().map(|c| counts.get(*c).copied().unwrap_or(0)).sum::<u64>())
    };
    assert_eq!(of("strict", &["A"]), concentration["abc_80_strict_A"].as_u64());
    assert_eq!(of("strict", &["A", "B"]), concentration["abc_95_strict_AB"].as_u64());
    assert_eq!(of("crossing", &["A"]), concentration["abc_80_crossing_included_A"].as_u64());
    assert_eq!(of("crossing", &["A", "B"]), concentration["abc_95_crossing_AB"].as_u64());
    assert_eq!(of("fifth", &["A"]), concentration["top20pct_n"].as_u64());
}

/// Keys such as `[1-2]5` are a range or digit of recency, then of frequency.
fn rf_map(map: &Value) -> String {
    let part = |text: &str, field: &str| match text.strip_prefix('[') {
        Some(range) => format!("{field} in {}", range.trim_end_matches(']').replace('-', "..")),
        None => format!("{field} = {text}"),
    };
    let row = |(key, name): (&String, &Value)| {
        let split = if key.starts_with('[') { key.find(']').unwrap() + 1 } else { 1 };
        let (r, f) = key.split_at(split);
        format!("      {}: {} and {}\n", name.as_str().unwrap(), part(r, "by_value.r"), part(f, "by_rank.f"))
    };
    map.as_object().unwrap().iter().map(row).collect::<String>() + "      nobody: rest\n"
}

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
fn abc_by_quota_and_strict() {
    let Some(folder) = data() else { return };
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
fn weighted_score_table() {
    let Some(folder) = data() else { return };
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
fn figure(rated: &Rated, name: &str) -> f64 {
    let sections = summary::sections(&rated.set, &rated.outcome.frame);
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
fn inequality_of_small_examples() {
    let Some(folder) = data() else { return };
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
fn concentration_of_the_online_shop() {
    let Some(folder) = data() else { return };
    let expected = &json(&folder, "online-retail-expected.json")["concentration_clean"];
    let orders = gunzip(&folder.join("online-retail-orders.csv.gz"));
    let rated = rate(&format!(
        "accolade: 1\nas_of: 2011-12-11\nsources:\n  orders:\n    file: {}\n    customer: CustomerID\n    \
         date: order_date\n    columns: {{CustomerID: text, order_date: datetime, amount: money}}\n\
         profile: {{quantitative: {{revenue: sum(orders.amount)}}}}\n\
         rules:\n  hangs: {{kind: concentration, of: revenue}}\n",
        orders.path().display()
    ));
    for name in ["gini", "hhi"] {
        close(figure(&rated, name), &expected[name]);
    }
    close(figure(&rated, "gini, unbiased"), &expected["gini_unbiased"]);
    let largest = &summary::sections(&rated.set, &rated.outcome.frame)[0];
    let row = largest.rows.iter().find(|row| row[0] == Cell::Text("top 20%".to_owned())).unwrap();
    assert_eq!(row[1], Cell::Count(expected["top20pct_n"].as_u64().unwrap()));
    let Cell::Share(share) = row[3] else { panic!("{row:?}") };
    assert!((share - expected["top20pct_share"].as_f64().unwrap()).abs() < 5e-5, "{share}");
}

/// The figures of everyone of each measure.
fn measured<'r>(rated: &'r Rated, name: &str) -> &'r accolade_engine::population::Figure {
    &rated.outcome.measures.iter().find(|table| table.name == name).unwrap().rows[0].figure
}

#[test]
fn retention_of_the_online_shop_by_set_and_by_count() {
    let Some(folder) = data() else { return };
    let expected = json(&folder, "online-retail-expected.json");
    let orders = gunzip(&folder.join("online-retail-orders.csv.gz"));
    // Meteorological quarters: the data begins in December.
    let rated = rate(&format!(
        "accolade: 1\nas_of: 2011-12-11\nsources:\n  orders:\n    file: {}\n    customer: CustomerID\n    \
         date: order_date\n    columns: {{CustomerID: text, order_date: datetime, amount: money}}\n\
         periods:\n  q0: 2010-12-01 .. 2011-02-28\n  q1: 2011-03-01 .. 2011-05-31\n  q2: 2011-06-01 .. 2011-08-31\n  \
         q3: 2011-09-01 .. 2011-11-30\nmeasures:\n  set0: retention(orders in q0 to q1)\n  set1: retention(orders in q1 to q2)\n  \
         set2: retention(orders in q2 to q3)\n  count0: retention_by_count(orders in q0 to q1)\n  \
         count1: retention_by_count(orders in q1 to q2)\n  count2: retention_by_count(orders in q2 to q3)\n  \
         again: repeat_rate(orders)\n  gini: gini(orders.amount)\n  hhi: hhi(orders.amount)\n  top: top_share(orders.amount, 20%)\n",
        orders.path().display()
    ));
    let published = |value: &Value, ours: &accolade_engine::population::Figure| {
        let ours = accolade_engine::population::exact::float(ours.value.as_ref().unwrap());
        let published = value.as_f64().unwrap();
        assert!((ours - published).abs() < 5.1e-5, "{ours} for {published}");
    };
    for (i, quarter) in expected["retention_quarters_clean"].as_array().unwrap().iter().enumerate() {
        let set = measured(&rated, &format!("set{i}"));
        assert_eq!((set.hits, set.n), (quarter["kept"].as_u64(), quarter["S"].as_u64().unwrap()));
        published(&quarter["set_rate"], set);
        published(&quarter["EN_S"], measured(&rated, &format!("count{i}")));
    }
    // In the first quarter of the data everybody is new, so the two agree; later they do not, and that is said.
    let warned: Vec<&str> =
        rated.outcome.findings.0.iter().filter(|d| d.code.0 == "W0714").map(|d| &d.message[..8]).collect();
    assert_eq!(warned, ["`count1`", "`count2`"]);
    let again = measured(&rated, "again");
    assert_eq!(
        serde_json::json!([again.hits.unwrap(), again.n]),
        expected["concentration_clean"]["repeat_purchase_rate"]
    );
    close(
        accolade_engine::population::exact::float(measured(&rated, "gini").value.as_ref().unwrap()),
        &expected["concentration_clean"]["gini"],
    );
    close(
        accolade_engine::population::exact::float(measured(&rated, "hhi").value.as_ref().unwrap()),
        &expected["concentration_clean"]["hhi"],
    );
    published(&expected["concentration_clean"]["top20pct_share"], measured(&rated, "top"));
}

#[test]
fn return_on_loyalty_programmes() {
    let Some(folder) = data() else { return };
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
        let returned = rated.outcome.programmes[0].rows[0].effect.returned.as_ref().unwrap();
        assert_eq!(Some(accolade_engine::population::exact::float(returned)), expected.as_f64());
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
