//! Rule kinds on small customer bases: boundaries, ties, negatives, zeros, nobody, one, too few.

use accolade_engine::rules::present::cell;
use accolade_engine::summary;

use crate::support::{RatedRules, file, rate};

/// Customers a, b, c, … with one value each, `-` for no order at all.
fn base(values: &str, rules: &str) -> RatedRules {
    let values: Vec<&str> = values.split_whitespace().collect();
    let name = |i: usize| char::from(b'a' + u8::try_from(i).unwrap());
    let customers: String = (0..values.len()).map(|i| format!("{}\n", name(i))).collect();
    let with_order = values.iter().enumerate().filter(|(_, v)| **v != "-");
    let orders: String = with_order.map(|(i, v)| format!("{},2025-06-01,{v},{v}\n", name(i))).collect();
    let customers = file(&format!("id\n{customers}"));
    let orders = file(&format!("id,day,amount,weight\n{orders}"));
    rate(&format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {{file: '{}', key: id, columns: {{id: text}}}}\n  \
         orders: {{file: '{}', customer: id, date: day, columns: {{id: text, day: date, amount: money, weight: number}}}}\n\
         periods: {{year: last 12 months}}\n\
         profile: {{quantitative: {{value: sum(orders.amount), weight: sum(orders.weight), latest: max(orders.amount), orders_placed: count(orders)}}}}\n\
         rules:\n{rules}\n",
        customers.path().display(),
        orders.path().display(),
    ))
}

fn warnings(rated: &RatedRules) -> Vec<&str> {
    rated.outcome.findings.iter().map(|d| d.code.id()).collect()
}

#[track_caller]
fn abc(values: &str, classes: &str, expected: &str) {
    // Money and number are decided alike.
    for by in ["value", "weight"] {
        let rated = base(values, &format!("  class: {{kind: abc, by: {by}, none: '-', {classes}}}"));
        assert_eq!(rated.texts("class").join(" "), expected, "{values} by {by}, {classes}");
    }
}

#[test]
fn abc_takes_the_customer_that_crosses_the_share() {
    abc("50 30 15 5", "classes: {A: top 80%, B: next 15%, C: rest}", "A A B C");
    abc("79 1 15 5", "classes: {A: top 80%, B: next 15%, C: rest}", "A C A B");
    abc("100", "classes: {A: top 1%, C: rest}", "A");
    abc("50 30 15 5", "boundary: exclude, classes: {A: top 80%, C: rest}", "A A C C");
    abc("50 30 15 5", "boundary: exclude, classes: {A: top 79%, C: rest}", "A C C C");
    abc("100", "boundary: exclude, classes: {A: top 80%, C: rest}", "C");
}

#[test]
fn abc_decides_95_percent_exactly() {
    // In floats 50% + 30% + 15% is 0.9500000000000001, which would leave the third out.
    abc("50 30 15 5", "boundary: exclude, classes: {A: top 95%, C: rest}", "A A A C");
    abc("0.5 0.3 0.15 0.05", "boundary: exclude, classes: {A: top 95%, C: rest}", "A A A C");
    abc("50 30 15 5", "classes: {A: top 95%, C: rest}", "A A A C");
}

#[test]
fn abc_keeps_equal_values_together_in_the_better_class() {
    abc("40 40 10 10", "classes: {A: top 40%, B: next 50%, C: rest}", "A A B B");
    abc("10 10 10 10", "classes: {A: top 1 customers, B: rest}", "A A A A");
    abc("10 10 10 10", "boundary: exclude, classes: {A: top 25%, B: rest}", "A A A A");
}

#[test]
fn abc_has_every_cut() {
    abc("50 30 15 5", "classes: {A: top 50% of customers, C: rest}", "A A C C");
    abc("50 30 15 5", "classes: {A: top 30% of customers, B: next 30% of customers, C: rest}", "A A B C");
    abc("50 30 15 5", "boundary: exclude, classes: {A: top 30% of customers, C: rest}", "A C C C");
    abc("50 30 15 5", "classes: {A: top 1 customers, B: next 2 customers, C: rest}", "A B B C");
    abc("50 30 15 5", "classes: {A: '>= 30', B: '> 5', C: rest}", "A A B C");
    abc("50 30 15 5", "classes: {A: top 50%, B: own 30%, C: rest}", "A B C C");
}

#[test]
fn abc_sets_negatives_zeros_and_prospects_apart() {
    abc("80 20 -30 0 -", "classes: {A: top 80%, B: next 15%, C: rest}", "A B C - -");
    abc("-5 -1", "classes: {A: top 80%, C: rest}", "C C");
    abc("0 -", "classes: {A: top 80%, C: rest}", "- -");
    let rated = base("0 -", "  class: {kind: abc, by: value, classes: {A: top 80%, C: rest}}");
    assert_eq!(warnings(&rated), ["W0704"]);
}

#[test]
fn abc_counts_customers_below_zero_where_shares_are_of_a_total() {
    let counted = |cuts: &str| {
        base("60 25 20 15 10 -30", &format!("  class: {{kind: abc, by: value, classes: {{{cuts}, C: rest}}}}"))
    };
    let shares = counted("A: top 80%, B: next 15%");
    assert_eq!(shares.texts("class").join(" "), "A A A B B C");
    let finding = shares.outcome.findings.iter().next().unwrap();
    assert_eq!(finding.code.id(), "W0716");
    assert_eq!(finding.message, "`class`: 1 customer has a `value` below zero, -30.00 together");
    assert_eq!(finding.help, ["shares are of 130.00, the total above zero; customers below zero are in `C`"]);
    assert_eq!(warnings(&counted("A: own 50%")), ["W0716"]);
    for cuts in ["A: top 2 customers", "A: top 20% of customers", "A: '>= 20'"] {
        assert!(warnings(&counted(cuts)).is_empty(), "{cuts}");
    }
    // Shares in the summary are of the total that the classes are cut by.
    let table = &summary::sections(&shares.set, &shares.outcome)[0];
    let of_class = table.rows.iter().map(|row| cell::text(&row[4])).collect::<Vec<_>>();
    assert_eq!(of_class, ["80.8%", "19.2%", "-23.1%", "0.0%"]);
}

#[test]
fn abc_by_a_score_adds_up_scores() {
    for kind in [
        "kind: abc, by: s, classes: {A: top 50%, B: rest}",
        "kind: pyramid, by: s, layers: {A: top 1 customers, B: rest}",
    ] {
        let rated = base(
            "7.5 2 1",
            &format!(
                "  s: {{kind: rating, scale: 0..10, criteria: {{x: {{weight: 100%, value: weight}}}}}}\n  tier: {{{kind}}}"
            ),
        );
        let tables = summary::sections(&rated.set, &rated.outcome);
        let tier = tables.iter().find(|table| table.title == "tier").unwrap();
        let shown: Vec<String> =
            tier.rows[..2].iter().map(|row| format!("{} {}", cell::text(&row[3]), cell::text(&row[4]))).collect();
        assert_eq!(shown, ["7.50 71.4%", "3.00 28.6%"]);
    }
}

#[test]
fn abc_gives_rank_and_shares() {
    let rated = base("60 20 20 -10 0", "  class: {kind: abc, by: value, classes: {A: top 80%, C: rest}}");
    assert_eq!(rated.texts("class.rank"), ["1", "2", "2", "4", ""]);
    assert_eq!(rated.texts("class.share"), ["0.6", "0.2", "0.2", "-0.1", ""]);
    assert_eq!(rated.texts("class.cumulative_share"), ["0.6", "1", "1", "1", ""]);
}

#[test]
fn nobody_is_no_error() {
    let rated = base(
        "",
        "  class: {kind: abc, by: value, classes: {A: top 80%, C: rest}}\n  scores: {kind: rfm, recency: orders_placed, frequency: orders_placed, monetary: value, bins: 5 by value}",
    );
    assert_eq!(rated.customers(), 0);
    assert!(warnings(&rated).contains(&"W0710"));
}

#[track_caller]
fn rfm(values: &str, bins: &str, expected: &str) -> RatedRules {
    let rated = base(
        values,
        &format!("  scores: {{kind: rfm, recency: latest, frequency: value, monetary: weight, bins: {bins}}}"),
    );
    assert_eq!(rated.texts("scores").join(" "), expected, "{values}, {bins}");
    rated
}

#[test]
fn rfm_turns_recency_and_leaves_prospects_out() {
    rfm("1 2 3 4 5 -", "5 by value", "511 422 333 244 155 ");
    rfm("1 2 3 4 5", "5 by rank", "511 422 333 244 155");
    rfm("1 2 3 4", "{recency: [1, 3], frequency: [2], monetary: [1, 2, 3]}", "311 212 223 124");
}

#[test]
fn rfm_gives_equal_values_one_score_by_value_and_splits_them_by_rank() {
    let rated = rfm("7 7 7 7", "2 by value", "211 211 211 211");
    assert_eq!(warnings(&rated), ["W0703", "W0703", "W0703"]);
    rfm("7 7 7 7", "2 by rank", "211 211 122 122");
}

#[test]
fn rfm_with_few_customers_warns() {
    let rated = rfm("7", "5 by value", "511");
    assert!(warnings(&rated).contains(&"W0705"));
    let rated = rfm("1 9", "5 by value", "511 155");
    assert!(warnings(&rated).contains(&"W0705"));
}

#[test]
fn rfm_by_r_package_is_left_closed_above_quantile_plus_one() {
    // Quartiles of 1..5 are 2, 3, 4: the breaks are 3, 4, 5, each the first value of its bin.
    rfm("1 2 3 4 5", "4 by r_package", "411 411 322 233 144");
}

#[test]
fn rfm_nests_frequency_in_recency() {
    // Within each half by recency the halves by frequency are found anew.
    rfm("1 2 3 4", "2 by value nested", "211 221 111 121");
}

#[track_caller]
fn rating(values: &str, parameters: &str, expected: &str) {
    let rated = base(values, &format!("  score: {{kind: rating, scale: 0..10, {parameters}}}"));
    assert_eq!(rated.texts("score").join(" "), expected, "{values}, {parameters}");
}

#[test]
fn rating_gives_points_in_every_way() {
    rating("0 5 20", "criteria: {c: {weight: 100%, value: value, linear: 0..10}}", "0.00 5.00 10.00");
    rating(
        "0 5 20",
        "criteria: {c: {weight: 100%, value: value, linear: 0..10, lower_is_better: true}}",
        "10.00 5.00 0.00",
    );
    rating(
        "0 5 20",
        "criteria: {c: {weight: 100%, value: value, bands: {'< 5': 1, '5 ..< 20': 4, '>= 20': 9.5}}}",
        "1.00 4.00 9.50",
    );
    rating("0 5 20", "criteria: {c: {weight: 100%, value: orders_placed, steps: {0: 1, 1: 3}}}", "3.00 3.00 3.00");
    rating("0 5 20", "criteria: {c: {weight: 100%, value: weight}}", "0.00 5.00 10.00");
    rating("1 2 3 4 5", "criteria: {c: {weight: 100%, value: value, percentile: true}}", "0.00 2.50 5.00 7.50 10.00");
    rating("1", "criteria: {c: {weight: 100%, value: value, linear: 0..3}}", "3.333333");
}

#[test]
fn rating_knows_what_a_missing_value_means() {
    let two = |policy: &str| {
        format!(
            "missing: {policy}, criteria: {{a: {{weight: 50%, value: latest, linear: 0..10}}, b: {{weight: 50%, value: value, linear: 0..10}}}}"
        )
    };
    rating("4 8 -", &two("zero"), "4.00 8.00 0.00");
    rating("4 8 -", &two("renormalise"), "4.00 8.00 0.00");
    // The median of 4 and 8 points is 6, at half the weight.
    rating("4 8 -", &two("median"), "4.00 8.00 3.00");
    let only = "missing: renormalise, criteria: {a: {weight: 100%, value: latest, linear: 0..10}}";
    rating("4 -", only, "4.00 ");
    let rated = base("4 -", &format!("  score: {{kind: rating, scale: 0..10, {}}}", two("zero")));
    assert_eq!(rated.texts("score.coverage"), ["1", "0.5"]);
}

#[test]
fn zero_points_are_the_least_of_the_scale() {
    let least = |scale: &str, turned: bool, expected: &str| {
        let criteria = format!("{{p: {{weight: 100%, value: latest, linear: 0..10, lower_is_better: {turned}}}}}");
        let rated =
            base("- 0 10", &format!("  score: {{kind: rating, scale: {scale}, missing: zero, criteria: {criteria}}}"));
        assert_eq!(rated.texts("score").join(" "), expected, "{scale}");
    };
    least("1..5", false, "1.00 1.00 5.00");
    least("-10..-2", false, "-10.00 -10.00 -2.00");
    least("1..5", true, "1.00 5.00 1.00");
    let aspect = |name: &str| format!("{name}: {{weight: 25%, value: latest, linear: 0..10}}");
    let aspects = ["quality", "attention", "information", "involvement"].map(aspect).join(", ");
    let rated =
        base("- 10", &format!("  score: {{kind: loyalty, scale: 1..5, missing: zero, aspects: {{{aspects}}}}}"));
    assert_eq!(rated.texts("score"), ["1.00", "5.00"]);
}

#[test]
fn grades_are_decided_on_the_exact_score() {
    let rated = base(
        "8 7.9999",
        "  score: {kind: rating, scale: 0..10, grades: {key: '>= 8', basic: rest}, criteria: {a: {weight: 10%, value: value, linear: 0..10}, b: {weight: 20%, value: value, linear: 0..10}, c: {weight: 70%, value: value, linear: 0..10}}}",
    );
    assert_eq!(rated.texts("score.grade"), ["key", "basic"]);
}

#[test]
fn an_unknown_condition_is_passed_over_and_reported() {
    let rated = base("5 -", "  group: {kind: segments, segments: {large: latest > 3, other: rest}}");
    assert_eq!(rated.texts("group"), ["large", "other"]);
    assert_eq!(warnings(&rated), ["W0702"]);
}

#[test]
fn a_matrix_places_customers_in_cells() {
    let rated = base(
        "1 2 3 -",
        "  class: {kind: abc, by: value, classes: {A: top 50%, B: rest}}\n  cell: {kind: matrix, rows: {class: class}, columns: {value: value, cuts: [median], labels: [low, high]}, cells: {A: {low: q, high: r}, B: {low: s, high: t}, none: {low: u, high: v}}}",
    );
    // The median of 0, 1, 2 and 3 is 1.5; a value at the cut is in the upper stretch.
    assert_eq!(rated.texts("cell"), ["s", "t", "r", "u"]);
    assert_eq!(rated.texts("cell.row"), ["B", "B", "A", "none"]);
}

#[test]
fn xyz_counts_months_without_orders() {
    let rated =
        base("12 -", "  demand: {kind: xyz, value: orders.amount, period: year, classes: {X: '<= 50%', Z: rest}}");
    // One month of 12 and eleven of nothing: mean 1, variance 132 / 11 = 12.
    let variation: f64 = rated.texts("demand.variation")[0].parse().unwrap();
    assert!((variation - 12f64.sqrt()).abs() < 1e-12);
    assert_eq!(rated.texts("demand"), ["Z", "none"]);
}
