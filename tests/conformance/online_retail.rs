//! Published results on the orders of a shop, Online Retail.

use std::collections::{BTreeMap, BTreeSet};

use accolade_engine::rules::present::Cell;
use accolade_engine::{Type, summary};
use serde_json::Value;

use super::{close, counts, data, figure, json};
use crate::init::rule_set;
use crate::support::{RatedRules, accolade, gunzip, rate};

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn segments_and_classes() {
    let folder = data();
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

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn concentration() {
    let folder = data();
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
    let largest = &summary::sections(&rated.set, &rated.outcome)[0];
    let row = largest.rows.iter().find(|row| row[0] == Cell::Text("top 20%".to_owned())).unwrap();
    assert_eq!(row[1], Cell::Count(expected["top20pct_n"].as_u64().unwrap()));
    let Cell::Share(share) = row[3] else { panic!("{row:?}") };
    assert!((share - expected["top20pct_share"].as_f64().unwrap()).abs() < 5e-5, "{share}");
}

/// The figures of everyone of each measure.
fn measured<'r>(rated: &'r RatedRules, name: &str) -> &'r accolade_engine::rules::measures::Figure {
    &rated.outcome.measures.iter().find(|table| table.name == name).unwrap().rows[0].figure
}

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn retention_by_set_and_by_count() {
    let folder = data();
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
    let published = |value: &Value, ours: &accolade_engine::rules::measures::Figure| {
        let ours = accolade_engine::numbers::exact::float(ours.value.as_ref().unwrap());
        let published = value.as_f64().unwrap();
        assert!((ours - published).abs() < 5.1e-5, "{ours} for {published}");
    };
    for (i, quarter) in expected["retention_quarters_clean"].as_array().unwrap().iter().enumerate() {
        let set = measured(&rated, &format!("set{i}"));
        assert_eq!((set.hits, set.n), (quarter["kept"].as_u64(), quarter["S"].as_u64().unwrap()));
        published(&quarter["set_rate"], set);
        published(&quarter["EN_S"], measured(&rated, &format!("count{i}")));
    }
    // In the first quarter of the data everybody is new, so the two agree; later they differ, with a warning.
    let warned: Vec<&str> =
        rated.outcome.findings.iter().filter(|d| d.code.id() == "W0714").map(|d| &d.message[..8]).collect();
    assert_eq!(warned, ["`count1`", "`count2`"]);
    let again = measured(&rated, "again");
    assert_eq!(
        serde_json::json!([again.hits.unwrap(), again.n]),
        expected["concentration_clean"]["repeat_purchase_rate"]
    );
    close(
        accolade_engine::numbers::exact::float(measured(&rated, "gini").value.as_ref().unwrap()),
        &expected["concentration_clean"]["gini"],
    );
    close(
        accolade_engine::numbers::exact::float(measured(&rated, "hhi").value.as_ref().unwrap()),
        &expected["concentration_clean"]["hhi"],
    );
    published(&expected["concentration_clean"]["top20pct_share"], measured(&rated, "top"));
}

/// The month cohorts of Online Retail against a plain reading of the file, and the first against published counts.
#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn month_cohorts() {
    let folder = data();
    let orders = gunzip(&folder.join("online-retail-orders.csv.gz"));
    let rated = rate(&format!(
        "accolade: 1\nas_of: 2011-12-31\nsources:\n  orders:\n    file: {}\n    customer: CustomerID\n    date: order_date\n    \
         columns: {{CustomerID: text, order_date: datetime, amount: money}}\nperiods: {{all: last 13 months}}\n\
         profile: {{quantitative: {{placed: count(orders)}}}}\nrules:\n  since: {{kind: cohort, period: all}}\n",
        orders.path().display(),
    ));
    let text = std::fs::read_to_string(orders.path()).unwrap();
    let mut months: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (year, month) = (fields[2][..4].parse::<i32>().unwrap(), fields[2][5..7].parse::<i32>().unwrap());
        months.entry(fields[0]).or_default().insert((year - 2010) * 12 + month - 12);
    }
    let mut expected = vec![vec![0u64; 13]; 13];
    for active in months.values() {
        let first = *active.first().unwrap();
        active.iter().for_each(|month| expected[first as usize][(month - first) as usize] += 1);
    }
    let section = &summary::sections(&rated.set, &rated.outcome)[0];
    assert_eq!(section.rows.len(), 13);
    for (cohort, (row, expected)) in section.rows.iter().zip(&expected).enumerate() {
        let counts: Vec<u64> =
            row[2..].iter().filter_map(|c| if let Cell::Count(n) = c { Some(*n) } else { None }).collect();
        assert_eq!(counts, expected[..13 - cohort], "cohort {cohort}");
        assert_eq!(row[1], Cell::Count(expected[0]));
    }
    let published = json(&folder, "online-retail-expected.json");
    let published: Vec<u64> =
        published["cohort_counts_clean_2010_12"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    assert_eq!(expected[0], published);
    assert_eq!(section.rows[0][0], Cell::Text("2010-12".to_owned()));
    let sizes: BTreeMap<String, usize> = rated.texts("since").into_iter().fold(BTreeMap::new(), |mut all, cohort| {
        *all.entry(cohort).or_default() += 1;
        all
    });
    assert_eq!(sizes["2011-12"] as u64, expected[12][0]);
}

#[test]
#[cfg_attr(not(has_shared_data), ignore = "the reference data is not here")]
fn a_first_rule_set() {
    let orders = gunzip(&data().join("online-retail-orders.csv.gz"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(orders.path(), folder.path().join("retail.csv")).unwrap();
    let shown = accolade(&folder, &["init", "retail.csv", "--run"]).exits(0).output();
    assert!(shown.contains("4338 customers at 2011-12-09"), "{shown}");
    let set = rule_set(&folder.path().join("rules.yaml"));
    let types: Vec<Type> = set.demand.sources[0].columns.iter().map(|c| c.ty).collect();
    assert_eq!(types, [Type::Text, Type::Text, Type::DateTime, Type::Money]);
}
