//! Rule kinds of customer value on small customer bases: pyramid, wallet, concentration, loyalty, matrix with advice.

use accolade_engine::explain::{Explanation, NearestChange, Reach, Usage, explain};
use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::rules::set::Step;
use accolade_engine::summary::sections;
use accolade_engine::{FileSystem, SavedCutOffs, compile, show};

use crate::support::{RatedRules, file, rate};

/// Rules over customers named a, b, c, …, each given by a line `revenue,spend,relation,answer`.
fn text(customers: &[&str], rules: &str) -> (tempfile::NamedTempFile, String) {
    let name = |i: usize| format!("{}{}", char::from(b'a' + u8::try_from(i % 26).unwrap()), "'".repeat(i / 26));
    let lines: String = customers.iter().enumerate().map(|(i, line)| format!("{},{line}\n", name(i))).collect();
    let file = file(&format!("id,revenue,spend,relation,answer\n{lines}"));
    let text = format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers:\n    file: '{}'\n    key: id\n    \
         columns: {{id: text, revenue: 'money?', spend: 'money?', relation: 'text?', answer: 'integer? 1..5'}}\n\
         rules:\n{rules}\n",
        file.path().display()
    );
    (file, text)
}

fn base(customers: &[&str], rules: &str) -> RatedRules {
    let (_file, text) = text(customers, rules);
    rate(&text)
}

/// Customers with a revenue each.
fn revenues(values: &str, rules: &str) -> RatedRules {
    let line = |v: &str| format!("{},,,", if v == "-" { "" } else { v });
    let lines: Vec<String> = values.split_whitespace().map(line).collect();
    base(&lines.iter().map(String::as_str).collect::<Vec<_>>(), rules)
}

/// The codes and messages of what checking rules finds.
fn findings(rules: &str) -> Vec<String> {
    let (_file, text) = text(&[], rules);
    let file = file(&text);
    let compilation = compile(file.path(), &FileSystem, &accolade_engine::plugins());
    compilation.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect()
}

#[track_caller]
fn refused(rules: &str, expected: &str) {
    let found = findings(rules);
    assert!(found.iter().any(|f| f.contains(expected)), "{rules}\n{found:#?}");
}

fn warnings(rated: &RatedRules) -> Vec<String> {
    rated.outcome.findings.iter().map(|d| format!("{}: {}", d.code, d.message)).collect()
}

fn explained(rated: &RatedRules, row: usize) -> Explanation {
    let (rater, record) = (rated.outcome.rater(&rated.set), rated.outcome.frame.record(row));
    explain(&rater, &Usage::default(), &record, &[], &[]).unwrap()
}

/// `LABEL: FIELD=VALUE, …` for each label that a change of one field reaches.
fn alone(nearest: &[NearestChange]) -> Vec<String> {
    let of = |way: &NearestChange| match &way.reach {
        Reach::Alone(moves) => {
            let moves: Vec<String> = moves.iter().map(|m| format!("{}={}", m.field, show::value(&m.to))).collect();
            Some(format!("{}: {}", way.label, moves.join(", ")))
        }
        _ => None,
    };
    nearest.iter().filter_map(of).collect()
}

/// The cut-offs are the same once they were written and read.
#[track_caller]
fn cut_offs_read_back(rated: &RatedRules) {
    let written = SavedCutOffs::new(&rated.set, &rated.outcome).write().unwrap();
    let read = SavedCutOffs::read("cutoffs.yaml", &written).unwrap();
    assert_eq!(read.rules, rated.outcome.cut_offs, "{written}");
}

const USUAL: &str = "none: {inactive: 'relation = \"customer\"', prospect: 'relation = \"prospect\"', suspect: rest}";

#[test]
fn a_pyramid_has_the_usual_layers() {
    let lines: Vec<String> = (1..=100).rev().map(|n| format!("{n},,,")).collect();
    let rated = base(&lines.iter().map(String::as_str).collect::<Vec<_>>(), "  layer: {kind: pyramid, by: revenue}");
    let layers = rated.texts("layer");
    let count = |label: &str| layers.iter().filter(|l| *l == label).count();
    assert_eq!(["top", "large", "medium", "small"].map(count), [1, 4, 15, 80]);
    cut_offs_read_back(&rated);
    // The default layers can be written in a rule file.
    let written = base(
        &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        "  layer: {kind: pyramid, by: revenue, layers: {top: top 1% of customers, large: next 4% of customers, medium: next 15% of customers, small: rest}}",
    );
    assert_eq!(written.texts("layer"), layers);
    assert_eq!(written.outcome.cut_offs, rated.outcome.cut_offs);
}

#[test]
fn a_layer_of_few_customers_is_rounded_up() {
    let layers = |values: &str| revenues(values, "  layer: {kind: pyramid, by: revenue}").texts("layer").join(" ");
    assert_eq!(layers("5 4 3"), "top small small");
    assert_eq!(layers("5"), "top");
    assert_eq!(layers("0 -"), "none none");
    assert_eq!(layers("10 9 8 7 6 5 4 3 2 1"), "top medium small small small small small small small small");
    // A layer is of those who are classed, which a negative revenue is too.
    assert_eq!(layers("5 4 0 - -3"), "top small none none small");
}

#[test]
fn customers_without_revenue_are_told_apart() {
    let customers = ["10,,,", "0,,customer,", ",,prospect,", "0,,,", "5,,prospect,"];
    let rated = base(&customers, &format!("  layer: {{kind: pyramid, by: revenue, {USUAL}}}"));
    assert_eq!(rated.texts("layer"), ["top", "inactive", "prospect", "suspect", "small"]);
    assert_eq!(rated.texts("layer.rank"), ["1", "", "", "", "2"]);
    // The conditions are evaluated only for customers without revenue.
    let unknown: Vec<String> = warnings(&rated).into_iter().filter(|w| w.starts_with("W0702")).collect();
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    assert!(unknown.iter().all(|w| w.contains("for 1 customer;")), "{unknown:?}");

    let explanation = explained(&rated, 2);
    let derivation = &explanation.rules[0].derivation;
    let reasons: Vec<String> =
        derivation.reasons.iter().map(|r| format!("{}: {} {:?}", r.subject, r.test.text, r.verdict)).collect();
    assert_eq!(
        reasons,
        [
            "revenue: revenue is zero or missing Holds",
            "inactive: relation = \"customer\" Fails",
            "prospect: relation = \"prospect\" Holds"
        ]
    );
    assert_eq!(derivation.decided_by.as_ref().unwrap().text, "relation = \"prospect\"");
    assert_eq!(alone(&explanation.rules[0].nearest), ["top: revenue=10.00", "small: revenue=0.0001"]);
    assert_eq!(alone(&explained(&rated, 4).rules[0].nearest), ["top: revenue=10.00", "prospect: revenue=0.00"]);
}

#[test]
fn what_is_asked_of_customers_without_revenue_is_proved() {
    let with = |none: &str| format!("  layer: {{kind: pyramid, by: revenue, none: {none}}}");
    refused(&with("{inactive: 'answer > 2', suspect: 'answer <= 2'}"), "E0507: the labels leave a gap");
    refused(&with("{inactive: 'answer > 2', never: 'answer > 3', suspect: rest}"), "W0501: the label `never`");
    refused(&with("{small: 'answer > 2', suspect: rest}"), "E0302: `small` is already a class");
    refused(&with("top"), "E0302: `top` is already a class");
    refused(&with("{}"), "E0507");
    refused("  layer: {kind: pyramid, by: revenue, classes: {A: rest}}", "E0101: unknown key `classes`");
    // ABC classes take such a list too.
    let rated = base(
        &["10,,,", "0,,,5", "0,,,1"],
        "  class: {kind: abc, by: revenue, classes: {A: top 80%, C: rest}, none: {pleased: 'answer >= 4', other: rest}}",
    );
    assert_eq!(rated.texts("class"), ["A", "pleased", "other"]);
}

const SHARES: &str = "  wallet: {kind: wallet, own: revenue, spend: spend, classes: {low: '< 30%', mid: '30% ..< 70%', high: rest}, none: unknown}";

#[test]
fn a_share_of_wallet_is_decided_exactly() {
    let rated = base(
        &["30,100,,", "29.9999,100,,", "0.3,1,,", "70,100,,", "69.9999,100,,", "300000000000.0003,1000000000000,,"],
        SHARES,
    );
    assert_eq!(rated.texts("wallet"), ["mid", "low", "mid", "high", "mid", "mid"]);
    // The share just above 30% is 0.3 as a float is; what is exact is the class.
    let rated = base(
        &["300000000000.0003,1000000000000,,", "300000000000,1000000000000,,"],
        "  wallet: {kind: wallet, own: revenue, spend: spend, classes: {low: '<= 30%', high: rest}}",
    );
    assert_eq!(rated.texts("wallet"), ["high", "low"]);
}

#[test]
fn what_is_left_to_win_is_what_others_sell() {
    let rated =
        base(&["30,100,,", "100,100,,", "120,100,,", "5,0,,", "5,,,", ",100,,", "-20,100,,", "0,100,,"], SHARES);
    assert_eq!(rated.texts("wallet"), ["mid", "high", "high", "unknown", "unknown", "unknown", "low", "low"]);
    assert_eq!(rated.texts("wallet.share"), ["0.3", "1", "1.2", "", "", "", "-0.2", "0"]);
    assert_eq!(rated.texts("wallet.gap"), ["70.00", "0.00", "0.00", "", "", "", "120.00", "100.00"]);
    assert_eq!(rated.texts("wallet.over"), ["false", "false", "true", "", "", "", "false", "false"]);
    assert_eq!(warnings(&rated), ["W0712: `wallet`: 1 customer buys more from us than its recorded spend: \"c\""]);
    let many = base(&["2,1,,"; 5], SHARES);
    let expected = "5 customers buy more from us than their recorded spend: \"a\", \"b\", \"c\" and 2 more";
    assert_eq!(warnings(&many), [format!("W0712: `wallet`: {expected}")]);
}

#[test]
fn a_share_of_wallet_is_explained_and_followed() {
    let rated = base(&["30,100,,", "5,,,"], SHARES);
    let explanation = explained(&rated, 0);
    let rule = &explanation.rules[0];
    assert_eq!(rule.derivation.decided_by.as_ref().unwrap().text, "30% ..< 70%");
    let subjects: Vec<&str> = rule.derivation.reasons.iter().map(|r| r.subject.as_str()).collect();
    assert_eq!(subjects, ["share of wallet", "low", "mid"]);
    assert_eq!(
        alone(&rule.nearest),
        [
            "low: revenue=29.9999, spend=100.0001",
            "high: revenue=70.00, spend=42.8571",
            // No spend, no share.
            "unknown: spend=0.00"
        ]
    );
    let rule = &explained(&rated, 1).rules[0];
    assert_eq!(
        rule.derivation.decided_by.as_ref().unwrap().text,
        "revenue or spend is missing, or spend is not above zero"
    );
    let sections = sections(&rated.set, &rated.outcome);
    assert_eq!(sections[0].columns, ["wallet", "customers", "share", "revenue", "spend", "wallet.gap"]);
}

#[test]
fn wallets_that_cannot_be() {
    let with = |rest: &str| format!("  wallet: {{kind: wallet, {rest}}}");
    refused(&with("own: revenue, spend: answer, classes: {all: rest}"), "E0406: a share needs two amounts of one type");
    refused(&with("own: relation, spend: spend, classes: {all: rest}"), "E0406");
    refused(&with("own: revenue, spend: spend, classes: {low: '< 30%'}"), "E0507: a gap: a share of 0.30 has no class");
    refused(&with("own: revenue, spend: spend, classes: {low: rest}, none: low"), "E0302: `low` is already a class");
    refused(&with("own: revenue, classes: {low: rest}"), "E0102: the key `spend` is missing");
    // Integers have a share too.
    let rated = base(
        &["1,1,,4"],
        "  wallet: {kind: wallet, own: answer, spend: 'answer + 1', classes: {low: '< 80%', high: rest}}",
    );
    assert_eq!([rated.texts("wallet"), rated.texts("wallet.gap")].concat(), ["high", "1"]);
}

#[track_caller]
fn concentration(values: &str, parameters: &str, expected: &str) -> RatedRules {
    let rated = revenues(values, &format!("  hangs: {{kind: concentration, of: revenue{parameters}}}"));
    let short = |label: &String| match label.as_str() {
        "dependent_on" => "D",
        "spread" => "s",
        _ => "-",
    };
    let found: Vec<&str> = rated.texts("hangs").iter().map(short).collect();
    assert_eq!(found.join(" "), expected, "{values}{parameters}");
    cut_offs_read_back(&rated);
    rated
}

#[test]
fn we_depend_on_a_customer_above_a_share() {
    concentration("25 25 25 25", ", warn_above: 25%", "s s s s");
    concentration("25.0001 25 25 24.9999", ", warn_above: 25%", "D s s s");
    concentration("50 30 20", ", warn_above: 29.9%", "D D s");
    concentration("50 30 20", ", warn_above: 50%", "s s s");
    concentration("5 5 90", "", "s s D");
    concentration("10 10 10 10 10 10 10 10 10 10", "", "s s s s s s s s s s");
    // The share is of what is positive: 50 of 80.
    concentration("50 30 -20 0 -", ", warn_above: 50%", "D s s s -");
    concentration("7", "", "D");
    concentration("7 0 -1", ", warn_above: 0%", "D s s");
    let nobody = concentration("0 -1", "", "s s");
    assert_eq!(warnings(&nobody).len(), 1);
    assert!(warnings(&nobody)[0].starts_with("W0704"), "{:?}", warnings(&nobody));
}

#[test]
fn those_we_depend_on_are_named() {
    let rated = concentration("20 50 30 -", ", warn_above: 25%", "s D D -");
    assert_eq!(warnings(&rated), ["W0713: `hangs`: `b` alone brings 50.0% of revenue, `c` 30.0%"]);
    assert_eq!(rated.texts("hangs.rank"), ["3", "1", "2", ""]);
    assert_eq!(rated.texts("hangs.share"), ["0.2", "0.5", "0.3", ""]);
    // Equal customers are named in the order of their keys.
    let rated = concentration("1 1 1 1", ", warn_above: 20%", "D D D D");
    let expected = "W0713: `hangs`: `a` alone brings 25.0% of revenue, `b` 25.0%, `c` 25.0% and 1 more customers";
    assert_eq!(warnings(&rated), [expected]);
}

#[test]
fn dependency_is_explained_and_followed() {
    let rated = concentration("20 50 30 -", ", warn_above: 25%", "s D D -");
    let rule = &explained(&rated, 0).rules[0];
    let tests: Vec<String> =
        rule.derivation.reasons.iter().map(|r| format!("{}: {} {:?}", r.subject, r.test.text, r.verdict)).collect();
    assert_eq!(tests, ["dependent_on: revenue >= 25.0001 Fails", "spread: revenue < 25.0001 Holds"]);
    assert_eq!(alone(&rule.nearest), ["dependent_on: revenue=25.0001"]);
    assert_eq!(explained(&rated, 1).rules[0].derivation.decided_by.as_ref().unwrap().text, "above 25%");
    assert_eq!(explained(&rated, 3).rules[0].derivation.decided_by, None);
}

/// A section as lines of text, shares in percent.
fn lines(section: &SummaryTable) -> Vec<String> {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Value(value) => show::value(value),
        Cell::Figure(figure, ..) => figure.to_string(),
        Cell::Share(share) | Cell::Bar(share) => format!("{:.1}%", share * 100.0),
        Cell::Verdict(met) => format!("{met:?}"),
    };
    section.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_summary_shows_the_largest_customers_and_the_figures_of_all() {
    let rated = concentration("10 40 30 20 -5 0", ", top: [2, 3, 50%], warn_above: 90%", "s s s s s s");
    let [largest, figures] = sections(&rated.set, &rated.outcome).try_into().unwrap();
    assert_eq!(largest.columns, ["largest", "customers", "revenue", "share"]);
    assert_eq!(
        lines(&largest),
        [
            "top 1% 1 40.00 40.0%",
            "top 5% 1 40.00 40.0%",
            "top 10% 1 40.00 40.0%",
            "top 20% 1 40.00 40.0%",
            "top 50% 2 70.00 70.0%",
            "top 2 2 70.00 70.0%",
            "top 3 3 90.00 90.0%",
            "top 100% 4 100.00 100.0%"
        ]
    );
    let figures = lines(&figures);
    assert_eq!(
        figures[..5],
        ["customers 4", "gini 0.25", "gini, unbiased 0.3333333333333333", "hhi 0.3", "hhi in points of 10,000 3000"]
    );
    let empty = concentration("0", "", "s");
    let [largest, figures] = sections(&empty.set, &empty.outcome).try_into().unwrap();
    assert_eq!(lines(&largest)[5], "top 100% 0 0.00 0.0%");
    assert_eq!(lines(&figures)[..2], ["customers 0", "gini "]);
}

#[test]
fn concentrations_that_cannot_be() {
    let with = |rest: &str| format!("  hangs: {{kind: concentration, of: revenue, {rest}}}");
    refused(&with("warn_above: 100%"), "E0508");
    refused(&with("warn_above: -1%"), "E0508");
    refused(&with("top: [0]"), "E0508: a number of customers");
    refused(&with("top: [1.5]"), "E0508: a number of customers");
    refused(&with("top: [120%]"), "E0508: a share of the customers");
    refused(&with("top: 5"), "E0103");
    refused("  hangs: {kind: concentration, of: relation}", "E0406");
}

fn loyalty(aspects: &str) -> String {
    format!(
        "  loyalty: {{kind: loyalty, scale: 1..5, missing: renormalise, aspects: {{{aspects}}}, \
         grades: {{loyal: '>= 4', content: '>= 3', at_risk: rest}}}}"
    )
}

const ASPECTS: &str = "quality: {value: answer, weight: 40%}, attention: {value: answer, weight: 30%, lower_is_better: true}, \
    information: {value: revenue, weight: 20%, bands: {'< 10': 1, '>= 10': 5}}, involvement: {value: spend, weight: 10%, linear: 0..100}";

#[test]
fn loyalty_is_a_rating_of_four_aspects() {
    let customers = ["10,100,,5", "10,50,,1", "5,,,", ",,,"];
    let loyal = base(&customers, &loyalty(ASPECTS));
    // 40% of 5, 30% of 1, 20% of 5 and 10% of 5 are 3.8; of the third customer only information is known.
    assert_eq!(loyal.texts("loyalty"), ["3.80", "3.20", "1.00", ""]);
    assert_eq!(loyal.texts("loyalty.grade"), ["content", "content", "at_risk", ""]);
    assert_eq!(loyal.texts("loyalty.coverage"), ["1", "1", "0.2", "0"]);
    let reasons = &explained(&loyal, 2).rules[0].derivation.reasons;
    assert_eq!(reasons[0].subject, "quality");
    assert_eq!(reasons[0].contribution.as_ref().unwrap().missing, Some("renormalise"));
    // A rating with these criteria gives the same.
    let rated =
        base(&customers, &loyalty(ASPECTS).replace("kind: loyalty", "kind: rating").replace("aspects:", "criteria:"));
    for name in ["loyalty", "loyalty.grade", "loyalty.coverage"] {
        assert_eq!(rated.texts(name), loyal.texts(name), "{name}");
    }
}

#[test]
fn loyalty_has_its_four_aspects_and_no_others() {
    let with = |from: &str, to: &str| loyalty(&ASPECTS.replace(from, to));
    assert_eq!(findings(&loyalty(ASPECTS)), [""; 0]);
    refused(&with("attention", "attenton"), "E0101: unknown key `attenton` in the aspects of `loyalty`");
    refused(&with("attention", "attenton"), "E0102: the key `attention` is missing in the aspects of `loyalty`");
    refused(&loyalty(&format!("{ASPECTS}, price: {{value: answer, weight: 10%}}")), "E0101: unknown key `price`");
    refused(&with("weight: 40%", "weight: 50%"), "E0501");
    refused(
        &loyalty(ASPECTS).replace("missing: renormalise, ", ""),
        "E0102: `quality` may have no value, but the loyalty",
    );
    refused(&loyalty(ASPECTS).replace("aspects:", "criteria:"), "E0101: unknown key `criteria`");
}

fn matrix(cells: &str) -> String {
    format!(
        "  place: {{kind: matrix, rows: {{value: answer, cuts: [4], labels: [low, high]}}, \
         columns: {{value: revenue, cuts: [100], labels: [small, big]}}, cells: {{{cells}}}}}"
    )
}

#[test]
fn a_cell_may_advise() {
    let cells = "low: {small: leave, big: {label: keep, advice: Ask what went wrong.}}, \
                 high: {small: {label: grow}, big: {label: keep, advice: Invite to the reference programme.}}";
    let rated = base(&["10,,,1", "200,,,1", "10,,,5", "200,,,5", "200,,,"], &matrix(cells));
    assert_eq!(rated.texts("place"), ["leave", "keep", "grow", "keep", ""]);
    // Cells of one label may advise different things.
    let advice = ["", "Ask what went wrong.", "", "Invite to the reference programme.", ""];
    assert_eq!(rated.texts("place.advice"), advice);
    let rule = &explained(&rated, 3).rules[0];
    assert_eq!(rule.results[3].name, "place.advice");
    assert_eq!(show::value(&rule.results[3].value), advice[3]);
    assert_eq!(rule.derivation.decided_by.as_ref().unwrap().text, "high × big");
    assert_eq!(alone(&rule.nearest), ["grow: revenue=99.9999"]);
}

#[test]
fn cells_without_advice_give_none() {
    let rated = base(&["10,,,1"], &matrix("low: {small: leave, big: {label: keep}}, high: {small: grow, big: keep}"));
    assert_eq!(rated.texts("place"), ["leave"]);
    assert_eq!(rated.set.slot("place.advice"), None);
    refused(
        &matrix("low: {small: leave, big: {advice: Call.}}, high: {small: grow, big: keep}"),
        "E0102: the key `label`",
    );
    refused(&matrix("low: {small: leave, big: {label: a, advise: b}}, high: {small: grow, big: keep}"), "E0101");
    refused(&matrix("low: {small: leave, big: [a]}, high: {small: grow, big: keep}"), "E0103");
}

#[test]
fn equal_expressions_are_computed_once() {
    let rules = "  a: {kind: pyramid, by: spend - revenue}\n  b: {kind: pyramid, by: spend  -  revenue}\n  \
                 c: {kind: pyramid, by: revenue - spend}";
    let rated = base(&["10,30,,", "20,25,,"], rules);
    let computed = rated.set.steps.iter().filter(|step| matches!(step, Step::Metric { .. }));
    assert_eq!(computed.map(|step| step.name(&rated.set)).collect::<Vec<_>>(), ["spend - revenue", "revenue - spend"]);
}
