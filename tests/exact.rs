//! Figures that are right to the last digit: decided exactly, kept once, and shown as they were decided.

use crate::support::accolade;
use crate::support::shop::folder;

/// What `run -o -` gives for customers with these columns.
#[track_caller]
fn check(columns: &str, customers: &str, rules: &str, expected: &str) {
    let names: Vec<&str> = columns.split(", ").map(|column| column.split(':').next().unwrap_or_default()).collect();
    let text = format!(
        "accolade: 1\ncurrency: EUR\nas_of: 2026-01-01\nsources: {{customers: {{file: c.csv, key: id, columns: {{id: text, {columns}}}}}}}\n{rules}"
    );
    let folder = folder(&[("r.yaml", &text), ("c.csv", &format!("id,{}\n{customers}", names.join(",")))]);
    assert_eq!(accolade(&folder, &["run", "r.yaml", "-o", "-"]).exits(0).out, expected, "{text}");
}

const YES: &str = "{yes: COND, no: rest}";

/// Whether a condition over a customer's columns holds, as a segment and as a metric.
#[track_caller]
fn holds(columns: &str, customer: &str, condition: &str, expected: bool) {
    let rules = format!(
        "profile: {{quantitative: {{m: '{condition}'}}}}\nrules: {{s: {{kind: segments, segments: {}}}}}\n",
        YES.replace("COND", &format!("'{condition}'"))
    );
    let label = if expected { "yes" } else { "no" };
    check(columns, &format!("X,{customer}\n"), &rules, &format!("id,m,s\nX,{expected},{label}\n"));
}

#[test]
fn ratios_are_decided_as_fractions() {
    let amounts = "rev: money, before: money";
    for customer in ["120.00,100.00", "1200.00,1000.00"] {
        for condition in ["rev / before - 1 >= 20%", "(rev - before) / before >= 20%", "rev >= before * 1.2"] {
            holds(amounts, customer, condition, true);
            holds(amounts, customer, &condition.replace(">=", ">"), false);
        }
    }
    holds("share: percent", "90%", "1 - share >= 10%", true);
    holds("share: percent", "90%", "1 - share > 10%", false);
    holds("a: percent, b: percent", "10%,20%", "a + b <= 30%", true);
    holds("a: percent, b: percent", "10%,20%", "a + b in [30%]", true);
    holds("disc: percent", "7%", "disc * 100 <= 7", true);
    holds("a: number", "1", "a / 3 * 3 = 1", true);
    holds("a: number", "0.3", "between(a / 0.1, 3, 3)", true);
    holds("a: integer, b: integer", "1,49", "a / b * b >= 1", true);
}

#[test]
fn what_is_kept_is_the_nearest_value() {
    let profile = "profile: {quantitative: {growth: rev / before - 1, growth_alt: (rev - before) / before, \
                   margin_rate: 1 - cost_share, points: disc * 100}}\n\
                   rules:\n  growing: {kind: segments, segments: {yes_20: growth >= 20%, no: rest}}\n  \
                   growing_alt: {kind: segments, segments: {yes_20: growth_alt >= 20%, no: rest}}\n  \
                   margin: {kind: segments, segments: {ok: margin_rate >= 10%, too_thin: rest}}\n  \
                   disc_ok: {kind: segments, segments: {ok: points <= 7, too_much: rest}}\n";
    check(
        "rev: money, before: money, cost_share: percent, disc: percent",
        "X,120.00,100.00,90%,7%\nY,1200.00,1000.00,90%,7%\n",
        profile,
        "id,growth,growth_alt,margin_rate,points,growing,growing_alt,margin,disc_ok\n\
         X,0.2,0.2,0.1,7,yes_20,yes_20,ok,ok\nY,0.2,0.2,0.1,7,yes_20,yes_20,ok,ok\n",
    );
}

#[test]
fn money_is_rounded_once() {
    let profile = "profile: {quantitative: {per_day: a / 365, year: a / 365 * 365, y2: a * 365 / 365, \
                   tenth: a * 0.1 * 10, \
                   pmt: 'to_money(100_000) * 0.08 / 12 / (1 - power(1 + 0.08 / 12, -36))', \
                   pmt2: 'to_money(100_000 * 0.08 / 12 / (1 - power(1 + 0.08 / 12, -36)))'}}\n";
    check(
        "a: money",
        "K1,500\nK2,300.0001\n",
        profile,
        "id,per_day,year,y2,tenth,pmt,pmt2\n\
         K1,1.3699,500.00,500.00,500.00,3133.6365,3133.6365\nK2,0.8219,300.0001,300.0001,300.0001,3133.6365,3133.6365\n",
    );
}

#[test]
fn sums_of_numbers_add_decimals() {
    let rules = "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders: {file: o.csv, customer: id, columns: {id: text, share: percent}}\n\
                 profile: {quantitative: {all: sum(orders.share), each: mean(orders.share)}}\n\
                 rules: {s: {kind: segments, segments: {full: all <= 30%, over: rest}}}\n";
    let folder = folder(&[("r.yaml", rules), ("o.csv", "id,share\nA,10%\nA,20%\nB,10%\nB,10%\nB,10%\n")]);
    let out = accolade(&folder, &["run", "r.yaml", "-o", "-"]).exits(0).out;
    assert_eq!(out, "id,all,each,s\nA,0.3,0.15,full\nB,0.3,0.1,full\n");
}

#[test]
fn literals_stay_decimals() {
    // The literal lies above the float nearest to it, which is what the column holds.
    holds("a: number", "0.1", "a < 0.10000000000000000001", true);
    holds("a: number", "0.1", "a >= 0.10000000000000000001", false);
    holds("a: number", "0.1", "a = 0.10000000000000000001", false);
    holds("a: number", "0.1", "a in [0.10000000000000000001]", false);
    holds("a: number", "0.1", "a + 0.00000000000000000001 = 0.10000000000000000001", true);
}

#[test]
fn a_score_is_shown_on_the_side_where_it_was_decided() {
    let rules = "accolade: 1\ncurrency: EUR\nas_of: 2026-01-01\n\
        sources: {customers: {file: c.csv, key: id, columns: {id: text, x: money, y: money}}}\n\
        rules:\n  rat:\n    kind: rating\n    scale: 0..10\n    criteria:\n\
        \x20     a: {weight: 50%, value: x, linear: 0..10}\n      b: {weight: 50%, value: y, linear: 0..30_000}\n\
        \x20   grades: {key: '>= 8', core: rest}\n  seg: {kind: segments, segments: {top: rat >= 8, rest_: rest}}\n";
    let folder = folder(&[("r.yaml", rules), ("c.csv", "id,x,y\nA,8,23999.9970\nB,8,24000\n")]);
    for file in ["rated.csv", "rated.ndjson"] {
        accolade(&folder, &["run", "r.yaml", "-o", file]).exits(0);
    }
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
    assert_eq!(read("rated.csv"), "id,rat,rat.grade,rat.coverage,seg\nA,7.9999995,core,1,rest_\nB,8.00,key,1,top\n");
    assert!(read("rated.ndjson").contains("\"rat\":7.9999995,"), "{}", read("rated.ndjson"));
    let explained = accolade(&folder, &["explain", "r.yaml", "A"]).exits(0).out;
    assert!(explained.contains("score 7.9999995") && !explained.contains("score 8.00"), "{explained}");
    // A later run over the results selects the same customers.
    let next = "accolade: 1\nas_of: 2026-01-01\nsources: {customers: {file: rated.csv, key: id, columns: {id: text, rat: number}}}\n\
                rules: {s: {kind: segments, segments: {top: rat >= 8, other: rest}}}\n";
    std::fs::write(folder.path().join("next.yaml"), next).unwrap();
    let out = accolade(&folder, &["run", "next.yaml", "-o", "-"]).exits(0).out;
    assert_eq!(out, "id,s\nA,other\nB,top\n");
}

#[test]
fn a_goal_is_shown_on_the_side_where_it_stands() {
    let goal = |target: &str| {
        let rules = format!(
            "accolade: 1\ncurrency: EUR\nas_of: 2026-01-01\n\
             sources: {{customers: {{file: c.csv, key: id, columns: {{id: text, x: money}}}}}}\n\
             goals: {{g: {{measure: mean(x), target: '{target}'}}}}\n"
        );
        let folder = folder(&[("r.yaml", &rules), ("c.csv", "id,x\nA,0.45\nB,0.50\n")]);
        let out = accolade(&folder, &["run", "r.yaml"]).out;
        let line = out.lines().find(|line| line.trim_start().starts_with("g ")).unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(goal(">= 1").starts_with("g not met 0.48 >= 1 "), "{}", goal(">= 1"));
    assert!(goal(">= 0.48").starts_with("g not met 0.475 >= 0.48 "), "{}", goal(">= 0.48"));
    assert!(goal(">= 0.475").starts_with("g met 0.475 >= 0.475 "), "{}", goal(">= 0.475"));
}
