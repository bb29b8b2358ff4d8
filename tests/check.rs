//! What the checker finds, by code: many small rule files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use accolade_engine::{Loader, compile};

use crate::support::{accolade, shop};

struct MemoryFiles(BTreeMap<PathBuf, String>);

impl Loader for MemoryFiles {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).map(|t| t.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_below(&self, _: &Path, _: &Path) -> bool {
        true
    }
}

fn codes(files: &[(&str, &str)]) -> Vec<&'static str> {
    let loader = MemoryFiles(files.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect());
    let found = compile(Path::new("rules.yaml"), &loader, &accolade_engine::plugins());
    assert_eq!(found.set.is_none(), found.diagnostics.has_errors());
    found.diagnostics.iter().map(|d| d.code.id()).collect()
}

const BASE: &str = "accolade: 1
sources:
  customers: {key: id, columns: {id: text, city: text, size: 'integer? 1..9', since: date, vip: boolean}}
  orders: {customer: id, date: day, columns: {id: text, day: date, amount: money, pieces: integer}}
  visits: {customer: id, columns: {id: text}}
periods: {year: last 12 months}
";

/// The findings of a file that goes on with `rest`.
#[track_caller]
fn check(rest: &str, expected: &[&str]) {
    assert_eq!(codes(&[("rules.yaml", &format!("{BASE}{rest}"))]), expected, "{rest}");
}

#[track_caller]
fn metric(expression: &str, expected: &[&str]) {
    check(&format!("profile:\n  quantitative:\n    x: '{expression}'\n"), expected);
}

#[test]
fn units_of_meaning_are_kept_apart() {
    metric("sum(orders.amount in year) + 5", &[]);
    metric("sum(orders.amount) + count(orders)", &["E0401"]);
    metric("sum(orders.amount) * sum(orders.amount)", &["E0401"]);
    metric("sum(orders.amount) / count(orders)", &[]);
    metric("sum(orders.amount) > 30%", &["E0404"]);
    metric("sum(orders.amount) = \"a\"", &["E0401"]);
    metric("as_of - since > 30 days", &[]);
    metric("as_of - since > 6 months", &["E0404"]);
    metric("since < as_of - 6 months", &[]);
    metric("since + city", &["E0401"]);
    metric("-city", &["E0401"]);
    metric("vip < true", &["E0401"]);
    metric("if vip then 1 else \"a\"", &["E0401"]);
    metric("if size then 1 else 2", &["E0403"]);
    metric("sum(orders.amount) + 0.00001", &["E0404"]);
    metric("abs(2.5) + size", &[]);
}

#[test]
fn names_and_aggregates_are_resolved() {
    metric("citty", &["E0301"]);
    metric("orders.amount", &["E0405"]);
    metric("sum(sum(orders.amount))", &["E0405"]);
    metric("sum(orders.amuont)", &["E0305"]);
    metric("sum(order.amount)", &["E0301"]);
    metric("sum(orders.amount in yaer)", &["E0304"]);
    metric("count(visits in year)", &["E0102"]);
    metric("sum(orders.amount where city = \"a\")", &["E0306"]);
    metric("max(size, 3)", &["E0402"]);
    metric("dayz(since, as_of)", &["E0303"]);
    metric("days(since)", &["E0402"]);
    metric("year", &["E0306"]);
    metric("x + 1", &["E0504"]);
    check("profile: {quantitative: {days: count(orders)}}\n", &["E0302"]);
    check("profile: {qualitative: [sizes]}\n", &["E0301"]);
    check("profile: {administrative: [year]}\n", &["E0306"]);
    check(
        "rules:\n  c: {kind: abc, by: size, classes: {A: top 80%, B: rest}}\n  s: {kind: segments, segments: {x: c = \"D\", y: rest}}\n",
        &["W0501", "E0301"],
    );
}

#[test]
fn abc_classes_are_in_order() {
    let abc = |classes: &str, expected: &[&str]| {
        check(&format!("rules:\n  c: {{kind: abc, by: size, classes: {classes}}}\n"), expected)
    };
    abc("{A: top 80%, C: rest}", &[]);
    abc("{A: top 80% of size, C: rest}", &[]);
    abc("{A: top 80% of city, C: rest}", &["E0505"]);
    abc("{A: rest, B: top 80%}", &["E0505", "E0505"]);
    abc("{A: next 80%, C: rest}", &["E0505"]);
    abc("{A: top 80%, B: next 30%, C: rest}", &["E0505"]);
    abc("{A: '>= 5', B: '>= 7', C: rest}", &["E0505"]);
    abc("{A: '< 5', C: rest}", &["E0505"]);
    abc("{A: top 0 customers, C: rest}", &["E0508"]);
    abc("{none: top 80%, C: rest}", &["E0302"]);
}

#[test]
fn segments_are_proved_with_true_geometry() {
    let segments = |list: &str, expected: &[&str]| {
        check(&format!("rules:\n  s: {{kind: segments, hit: unique, segments: {list}}}\n"), expected)
    };
    segments("{a: size >= 5, b: size < 5, c: size is missing}", &[]);
    segments("{a: size >= 5, b: size < 5}", &["E0507"]);
    // No integer lies between 5 and 6.
    segments("{a: size > 5, b: size < 6, c: size is missing}", &[]);
    segments("{a: size > 5, b: size < 7, c: rest}", &["E0506"]);
    segments("{a: size > 5, b: size <= 5, c: rest}", &[]);
    segments("{a: vip, b: not vip}", &[]);
    segments("{a: vip and size > 3, b: vip and size <= 3, c: not vip, d: rest}", &[]);
    segments("{a: vip and size > 3, b: size > 7, c: rest}", &["E0506"]);
    segments("{a: size > 9, b: rest}", &["W0501"]);
    segments("{a: 'city in [\"x\", \"y\"]', b: city = \"z\", c: rest}", &[]);
    segments("{a: 'city in [\"x\", \"y\"]', b: city = \"y\", c: rest}", &["E0506"]);
    let first = |list: &str, expected: &[&str]| {
        check(&format!("rules:\n  s: {{kind: segments, segments: {list}}}\n"), expected)
    };
    first("{a: size > 3, b: size > 5, c: rest}", &["W0501"]);
    first("{a: size > 3, b: rest, c: size > 5}", &["E0507"]);
}

#[test]
fn rfm_maps_cover_each_cell() {
    let rfm = |rest: &str, expected: &[&str]| {
        check(
            &format!("rules:\n  s: {{kind: rfm, recency: size, frequency: size, monetary: size, {rest}}}\n"),
            expected,
        )
    };
    rfm("bins: 5 by value, segments: standard", &[]);
    rfm("bins: 4 by value, segments: standard", &["E0508"]);
    rfm("bins: 10 by value", &["E0508"]);
    rfm("bins: 3 by value, segments: {a: r + f > 3, b: r + f <= 3}", &[]);
    rfm("bins: 3 by value, segments: {a: r >= 2, b: r = 1 and f >= 2}", &["E0507"]);
    rfm("bins: 3 by value, segments: {a: r >= 2, b: f >= 2, c: rest}", &["E0506"]);
    rfm("bins: 3 by value, segments: {a: r >= 2, b: city = \"x\", c: rest}", &["E0301"]);
    rfm("bins: {recency: [3, 1], frequency: [1], monetary: [1]}", &["E0508"]);
}

#[test]
fn counterexamples_are_readable() {
    let message = |columns: &str, rules: &str, expected: &str| {
        let text = format!(
            "accolade: 1\nsources:\n  customers: {{key: id, columns: {{id: text, {columns}}}}}\nrules:\n  s: {{{rules}}}\n"
        );
        let loader = MemoryFiles([(PathBuf::from("rules.yaml"), text)].into());
        let found = compile(Path::new("rules.yaml"), &loader, &accolade_engine::plugins()).diagnostics;
        let said: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(said, [expected], "{rules}");
    };
    let gap = |columns: &str, conditions: &str, expected: &str| {
        let message_of = format!("the segments leave a gap: none holds where {expected}");
        message(columns, &format!("kind: segments, segments: {{{conditions}}}"), &message_of);
    };
    gap("n: number", "a: n <= 0", "n = 1");
    gap("n: number", "a: n < 0.3, b: n >= 0.5", "n = 0.3");
    gap("n: number", "a: n <= 0.3, b: n >= 0.5", "n = 0.4");
    gap("p: percent 0%..100%", "a: p <= 50%", "p = 1");
    gap("t: text", "a: t = \"x\"", "t = \"…\"");
    gap("t: text", "a: t <= \"x\", b: t >= \"xa\"", "t = \"x0\"");
    let bands = |bands: &str, expected: &str| {
        let of = format!("kind: rating, scale: 0..10, criteria: {{c: {{weight: 100%, value: n, bands: {{{bands}}}}}}}");
        message("n: number", &of, expected);
    };
    bands("'<= 0': 1", "the bands leave a gap: 1 is in none");
    bands("'< 0': 1, '> 2.5': 2, '0..2': 3", "the bands leave a gap: 2.1 is in none");
}

#[test]
fn ratings_are_proved() {
    let rating = |rest: &str, expected: &[&str]| {
        check(&format!("rules:\n  s: {{kind: rating, scale: 0..10, {rest}}}\n"), expected)
    };
    let one = |points: &str| format!("missing: zero, criteria: {{c: {{weight: 100%, value: size, {points}}}}}");
    rating(&one("linear: 1..9"), &[]);
    rating(&one("bands: {1..5: 3, 6..9: 7}"), &[]);
    rating(&one("bands: {1..5: 3, 7..9: 7}"), &["E0502"]);
    rating(&one("bands: {1..5: 3, 5..9: 7}"), &["E0503"]);
    rating(&one("bands: {'< 5': 3, '>= 5': 11}"), &["E0509"]);
    rating(&one("steps: {1: 3, 5: 7}"), &[]);
    rating(&one("steps: {2: 3, 5: 7}"), &["E0502"]);
    rating(&one("linear: 1..9, bands: {rest: 1}"), &["E0106"]);
    rating("criteria: {c: {weight: 100%, value: size, linear: 1..9}}", &["E0102"]);
    rating("missing: zero, criteria: {c: {weight: 30%, value: size}, d: {weight: 60%, value: size}}", &["E0501"]);
    rating(
        "missing: zero, weights: relative, criteria: {c: {weight: 3, value: size}, d: {weight: 6, value: size}}",
        &[],
    );
    rating("missing: zero, criteria: {c: {weight: 100%, value: sum(orders.amount)}}", &["E0406"]);
    rating(&format!("{}, grades: {{a: '>= 8', b: rest}}", one("bands: {'< 5': 1, '>= 5': 7}")), &["W0503", "W0502"]);
    rating(&format!("{}, grades: {{a: '>= 8'}}", one("linear: 1..9")), &["E0507"]);
    // The least points are 1, so no score is below it.
    check(
        "rules:\n  s: {kind: rating, scale: 1..5, missing: zero, criteria: {c: {weight: 100%, value: size, linear: 1..9}}, \
         grades: {a: '>= 1', b: rest}}\n",
        &["W0503", "W0502"],
    );
    rating("missing: zero, criteria: {c: {weight: 100%, script: s.rhai}}", &["E0602"]);
}

#[test]
fn matrices_name_every_cell() {
    let matrix = |rest: &str, expected: &[&str]| {
        check(
            &format!("rules:\n  s: {{kind: matrix, rows: {{value: size, cuts: [5], labels: [low, high]}}, {rest}}}\n"),
            expected,
        )
    };
    let columns = "columns: {value: size, cuts: [median], labels: [l, h]}";
    matrix(&format!("{columns}, cells: {{low: {{l: a, h: b}}, high: {{l: c, h: d}}}}"), &[]);
    matrix(&format!("{columns}, cells: {{low: {{l: a, h: b}}, high: {{l: c}}}}"), &["E0510"]);
    matrix(&format!("{columns}, cells: {{low: {{l: a, h: b, x: y}}, high: {{l: c, h: d}}}}"), &["E0510"]);
    matrix("columns: {value: size, cuts: [5, 3], labels: [l, m, h]}, cells: {low: {}, high: {}}", &["E0508"]);
    matrix("columns: {class: city}, cells: {low: {}, high: {}}", &["E0406"]);
}

#[test]
fn goals_are_shares() {
    let goal = |measure: &str, target: &str, expected: &[&str]| {
        check(&format!("goals:\n  g: {{measure: '{measure}', target: '{target}'}}\n"), expected);
    };
    goal("retention(year to year)", ">= 90%", &[]);
    goal("retention(year to year where vip)", "> 90", &["E0508"]);
    goal("retention(year)", ">= 90%", &["E0402"]);
    goal("loyalty(year to year)", ">= 90%", &["E0303"]);
}

#[test]
fn files_include_each_other_once_and_override_by_name() {
    let shared = format!("{BASE}rules:\n  c: {{kind: abc, by: size, classes: {{A: top 80%, B: rest}}}}\n");
    let own = "rules:\n  c: {kind: abc, by: size, classes: {A: top 50%, B: rest}}\n";
    let with = |head: &str, more: &[(&str, &str)]| {
        let rules = format!("accolade: 1\n{head}");
        let mut files = vec![("rules.yaml", rules.as_str()), ("shared.yaml", shared.as_str())];
        files.extend(more);
        codes(&files)
    };
    assert_eq!(with("include: shared.yaml\n", &[]), [""; 0]);
    assert_eq!(with(&format!("include: shared.yaml\n{own}"), &[]), ["E0302"]);
    assert_eq!(with(&format!("include: shared.yaml\noverride: [rules.c]\n{own}"), &[]), [""; 0]);
    assert_eq!(with("include: shared.yaml\noverride: [rules.d]\n", &[]), ["E0307"]);
    assert_eq!(with("include: nowhere.yaml\n", &[]), ["E0107"]);
    assert_eq!(with("include: a.yaml\n", &[("a.yaml", "accolade: 1\ninclude: rules.yaml\n")]), ["E0107"]);
    let by_two_routes =
        [("a.yaml", "accolade: 1\ninclude: shared.yaml\n"), ("b.yaml", "accolade: 1\ninclude: shared.yaml\n")];
    assert_eq!(with("include: [a.yaml, b.yaml]\n", &by_two_routes), [""; 0]);
}

const PART: &str = "accolade: 1\nprofile: {quantitative: {revenue: sum(orders.amount)}}\n";
const WHOLE: &str = "accolade: 1\ninclude: parts/profile.yaml\nsources:\n  orders: {file: orders.csv, customer: id, date: day, \
                     columns: {id: text, day: date, amount: money}}\n\
                     rules: {class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}}\n";

#[test]
fn a_folder_is_checked_with_its_fragments() {
    let folder = shop::folder(&[
        ("rules.yaml", WHOLE),
        ("parts/profile.yaml", PART),
        ("notes.yaml", "nothing: here\n"),
        ("tests.yaml", "accolade: 1\nrules: rules.yaml\ncases: {}\n"),
    ]);
    let ran = accolade(&folder, &["check", "."]).exits(0);
    assert_eq!(ran.output(), "./rules.yaml: ok, 1 rule\n./parts/profile.yaml: a fragment, checked in ./rules.yaml\n");
    // A fragment alone finds the rule file in the folder above.
    let of_part = ["check", "parts/profile.yaml"];
    accolade(&folder, &of_part)
        .says(0, &["rules.yaml: ok, 1 rule", "parts/profile.yaml: a fragment, checked in rules.yaml"]);
    std::fs::write(folder.path().join("parts/profile.yaml"), PART.replace("amount", "amonut")).unwrap();
    accolade(&folder, &of_part).says(1, &["parts/profile.yaml:2", "did you mean `amount`?"]);
    accolade(&folder, &["check", "parts"]).says(1, &["did you mean `amount`?"]);
}

#[test]
fn a_fragment_that_nothing_includes_is_checked_for_its_form() {
    let folder =
        shop::folder(&[("part.yaml", PART), ("wrong.yaml", "accolade: 1\nprofile: {quantitative: {x: 1 +}}\n")]);
    accolade(&folder, &["check", "part.yaml"]).says(0, &["warning[W0505]", "only its form was checked"]);
    accolade(&folder, &["check", "wrong.yaml"]).says(1, &["error[E0201]"]);
    let empty = tempfile::tempdir().unwrap();
    accolade(&empty, &["check", "."]).says(2, &["there is no rule file in `.`"]);
}

/// A function of values that are always there asks for a case of missing values only where it can be undefined.
#[test]
fn results_of_functions_are_missing_only_where_they_can_be() {
    let rules = |value: &str| {
        format!(
            "accolade: 1
as_of: 2026-01-01
sources: {{customers: {{file: c.csv, key: id, columns: {{id: text, n: integer, x: number, t: text, maybe: number?}}}}}}
profile: {{quantitative: {{value: '{value}'}}}}
rules: {{score: {{kind: rating, scale: 0..10, criteria: {{it: {{weight: 100%, value: value}}}}}}}}
"
        )
    };
    let check = |value: &str, may_miss: bool| {
        let shop = shop::folder(&[("r.yaml", &rules(value))]);
        let checked = accolade(&shop, &["check", "r.yaml"]);
        if may_miss {
            checked.says(1, &["E0102", "`it` may have no value"]);
        } else {
            checked.says(0, &["ok"]);
        }
    };
    for value in ["round(x, 1)", "abs(n)", "clamp(x, 0, 10)", "length(t)", "linear(x, 0, 100)", "band(x, 1, 5, 2)"] {
        check(value, false);
    }
    for value in ["ln(x)", "sqrt(x)", "power(x, x)", "x / n", "round(maybe)", "linear(x, n, 100)", "linear(x, 9, 1)"] {
        check(value, true);
    }
    check("round(maybe or else 1)", false);
}
