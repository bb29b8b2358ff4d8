//! Measures over a customer base of six, their groups, goals and programmes.

use accolade_engine::numbers::exact::{Exact, float};
use accolade_engine::rules::measures::group_text;
use accolade_engine::{FileSystem, compile};

use crate::support::{RatedRules, file, rate};

const CUSTOMERS: &str = "id,city,team,answer,mark,effort,spend\n\
    a,Utrecht,x,10,5,7,100\nb,Utrecht,x,9,4,1,200\nc,Breda,y,6,1,,\nd,Breda,y,8,,,50\ne,Breda,y,,,,0\nf,,x,0,3,4,10\n";

// The year is 2025-01-02 to 2026-01-01: a and f are kept, b is lost, c came back after a pause, d is new, e never
// bought.
const ORDERS: &str = "id,day,amount,margin\n\
    a,2024-05-01,100,10\na,2025-05-01,300,30\nb,2024-06-01,50,5\nc,2023-01-01,10,1\nc,2025-07-01,40,4\n\
    d,2025-02-01,60,6\nd,2025-03-01,60,6\nf,2024-07-01,20,2\nf,2025-08-01,30,3\n";

const SURVEYS: &str = "id,day,recommend\n\
    a,2025-01-02,0\na,2025-06-01,9\nb,2025-06-01,10\nb,2025-07-01,\nc,2025-06-01,7\nd,2024-06-01,10\nf,2025-06-01,6\n";

fn rules(sections: &str, customers: &str, orders: &str, surveys: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2026-01-01\ncurrency: EUR\nsources:\n  customers:\n    file: '{customers}'\n    key: id\n    columns: {{id: text, \
         city: text?, team: 'text in [y, x]', answer: integer?, mark: integer?, effort: integer?, spend: money?}}\n  \
         orders:\n    file: '{orders}'\n    customer: id\n    date: day\n    columns: {{id: text, day: date, amount: money, margin: money}}\n  \
         surveys:\n    file: '{surveys}'\n    customer: id\n    date: day\n    columns: {{id: text, day: date, recommend: integer?}}\n\
         periods: {{year: last 12 months, before: 12 months before year}}\n\
         profile: {{quantitative: {{revenue: sum(orders.amount in year), ratio: revenue / spend}}}}\n{sections}"
    )
}

fn base(sections: &str) -> RatedRules {
    let (customers, orders, surveys) = (file(CUSTOMERS), file(ORDERS), file(SURVEYS));
    let path = |file: &tempfile::NamedTempFile| file.path().display().to_string();
    rate(&rules(sections, &path(&customers), &path(&orders), &path(&surveys)))
}

fn text(value: Option<&Exact>) -> String {
    value.map_or_else(|| "no data".to_owned(), Exact::to_string)
}

/// The figure of everyone as an exact fraction, and what it is made of.
#[track_caller]
fn check(measure: &str, expected: &str) {
    let rated = base(&format!("measures:\n  it: '{measure}'\n"));
    let table = &rated.outcome.measures[0];
    let groups = table.rows.iter().map(|row| {
        let labels: Vec<String> = row.group.iter().map(group_text).collect();
        let name = if labels.is_empty() { String::new() } else { format!("{}: ", labels.join(", ")) };
        format!("{name}{} of {}", text(row.figure.value.as_ref()), row.figure.n)
    });
    assert_eq!(groups.collect::<Vec<_>>().join("; "), expected, "{measure}");
}

#[test]
fn customers_are_counted() {
    check("count(customers)", "6 of 6");
    check("count(city = \"Breda\")", "3 of 5");
    check("count(orders in year)", "5 of 6");
    check("count(customers where team = \"x\")", "3 of 3");
    check("share(city = \"Breda\")", "3/5 of 5");
    check("share(revenue > 0 where spend > 1_000)", "no data of 0");
}

#[test]
fn values_are_totalled_exactly() {
    check("sum(revenue)", "490 of 6");
    check("sum(orders.amount in year where team = \"x\")", "330 of 3");
    check("mean(revenue)", "245/3 of 6");
    check("mean(orders.amount in year)", "98 of 5");
    check("mean(spend)", "72 of 5");
    check("median(revenue)", "35 of 6");
    check("median(spend)", "50 of 5");
    check("min(revenue)", "0 of 6");
    check("max(revenue)", "300 of 6");
    // A ratio is a float; the shortest decimal of each is added, and a division by zero is missing.
    check("sum(ratio)", "42/5 of 4");
    check("sum(revenue where spend > 1_000)", "0 of 0");
    check("mean(revenue where spend > 1_000)", "no data of 0");
}

#[test]
fn retention_is_measured_by_set_and_by_count() {
    check("retention(orders in before to year)", "2/3 of 3");
    check("churn(orders in before to year)", "1/3 of 3");
    check("retention_by_count(orders in before to year)", "1 of 3");
    check("retention(orders in before to year where team = \"y\")", "no data of 0");
    check("repeat_rate(orders)", "4/5 of 5");
    check("repeat_rate(orders in year)", "1/4 of 4");
    let rated = base("measures: {kept: retention_by_count(orders in before to year)}\n");
    let warning = &rated.outcome.findings.iter().find(|d| d.code.id() == "W0714").unwrap().message;
    assert!(warning.ends_with("the measure `retention` is 66.7%: 1 customer came back after a pause"), "{warning}");
    let rated = base("measures: {kept: 'retention_by_count(orders in before to year where team = \"x\")'}\n");
    assert!(rated.outcome.findings.iter().all(|d| d.code.id() != "W0714"));
}

#[test]
fn changes_and_wallets() {
    check("growth(orders.amount in before to year)", "32/17 of 6");
    check("extra(orders.amount in before to year)", "320 of 6");
    check("growth(orders.amount in before to year where team = \"y\")", "no data of 3");
    check("share_of_wallet(revenue, spend)", "5/4 of 4");
    check("share_of_wallet(revenue, spend where id = \"e\")", "no data of 0");
}

#[test]
fn answers_are_the_latest_of_each_customer() {
    // Latest in the year: a 9, b 10 (the later survey is empty), c 7, f 6.
    check("nps(surveys.recommend in year)", "25 of 4");
    check("nps(surveys.recommend)", "40 of 5");
    check("nps(answer)", "0 of 5");
    check("nps(answer where city = \"Breda\")", "-50 of 2");
    check("nps(answer where id = \"e\")", "no data of 0");
    check("csat(mark)", "1/2 of 4");
    check("ces(effort)", "4 of 3");
}

#[test]
fn concentration_is_that_of_customers_with_a_positive_value() {
    check("gini(revenue)", "89/196 of 4");
    check("hhi(revenue)", "1069/2401 of 4");
    check("top_share(revenue, 1)", "30/49 of 4");
    check("top_share(revenue, 20%)", "30/49 of 4");
    check("top_share(revenue, 2)", "6/7 of 4");
    check("gini(revenue where id = \"e\")", "no data of 0");
}

#[test]
fn measures_are_reckoned_with_and_named() {
    check("sum(revenue) / sum(spend)", "49/36 of 6");
    check("1 - churn(orders in before to year)", "2/3 of 3");
    check("2 * count(customers) - -1", "13 of 6");
    check("mean(revenue) * 2 - sum(revenue) / 10", "343/3 of 6");
    check("sum(revenue) / (count(customers) - 6)", "no data of 6");
    let rated = base("measures: {a: sum(revenue), b: a / count(customers)}\n");
    assert_eq!(text(rated.outcome.measures[1].rows[0].figure.value.as_ref()), "245/3");
}

#[test]
fn groups_have_one_or_two_levels() {
    // Listed texts come in the order they are declared in.
    check("sum(revenue) by team", "490 of 6; y: 160 of 3; x: 330 of 3");
    check("sum(revenue) by city", "490 of 6; Breda: 160 of 3; Utrecht: 300 of 2; (none): 30 of 1");
    check(
        "count(customers) by team, city",
        "6 of 6; y: 3 of 3; y, Breda: 3 of 3; x: 3 of 3; x, Utrecht: 2 of 2; x, (none): 1 of 1",
    );
    check(
        "count(customers) by answer",
        "6 of 6; 0: 1 of 1; 6: 1 of 1; 8: 1 of 1; 9: 1 of 1; 10: 1 of 1; (none): 1 of 1",
    );
}

/// The first finding about sections of a rule file.
fn finding(sections: &str) -> String {
    let file = file(&rules(sections, "c.csv", "o.csv", "s.csv"));
    let compilation = compile(file.path(), &FileSystem, &accolade_engine::plugins());
    compilation.diagnostics.first().map_or_else(|| "nothing".to_owned(), |d| format!("{} {}", d.code, d.message))
}

#[track_caller]
fn refused(measure: &str, expected: &str) {
    assert_eq!(finding(&format!("measures:\n  it: '{measure}'\n")), expected, "{measure}");
}

#[test]
fn what_is_no_measure_is_refused() {
    refused("retantion(orders in before to year)", "E0303 unknown measure `retantion`");
    refused(
        "retention(before to year)",
        "E0405 `retention` needs one table of events, and `orders` and `surveys` all have a date",
    );
    refused("sum(orders.amount in before to year)", "E0402 `sum` takes no second period");
    refused("count(orders in before to year)", "E0402 `count` takes no second period");
    refused("repeat_rate(orders in before to year)", "E0402 `repeat_rate` takes no second period");
    refused("retention(orders in before)", "E0402 `retention` compares two periods");
    refused("retention(orders in befor to year)", "E0304 unknown period `befor`");
    refused("retention(order in before to year)", "E0301 unknown source `order`");
    refused("revenue", "E0301 there is no measure `revenue`");
    refused("1 + 1", "E0402 a measure needs at least one function over customers");
    refused("sum(revenue) > 5", "E0401 `>` does not fit measures of type money and integer");
    refused("sum(revenue) + 5", "E0401 `+` does not fit measures of type money and integer");
    refused("sum(city)", "E0406 `sum` needs an amount or a number, not text");
    refused("sum(revenue in year)", "E0402 `sum` takes a period only for a column of events");
    refused("nps(revenue)", "E0406 `nps` needs answers from 0 to 10, not money");
    refused("nps(answer + 1)", "E0508 `nps` needs answers from 0 to 10");
    refused("top_share(revenue, 0)", "E0402 `top_share` needs a number of customers or a share of them");
    refused("sum(revenue) by ratio", "E0406 customers can be grouped by text, integer or boolean, not by a number");
    refused("sum(revenue) by team, city, answer", "E0402 groups have at most two levels");
    refused("it", "E0504 definitions depend on each other: `it` → `it`");
    assert_eq!(finding("measures: {revenue: sum(revenue)}\n"), "E0302 `revenue` is defined twice");
    assert_eq!(
        finding("measures: {a: sum(revenue)}\ngoals: {a: {measure: sum(revenue), target: '> 1'}}\n"),
        "E0302 `a` is defined twice"
    );
}

#[test]
fn an_answer_off_the_scale_is_a_data_error() {
    let (customers, orders, surveys) = (file(CUSTOMERS), file(ORDERS), file(&format!("{SURVEYS}f,2025-07-01,11\n")));
    let path = |file: &tempfile::NamedTempFile| file.path().display().to_string();
    let rules = rules("measures: {it: nps(surveys.recommend)}\n", &path(&customers), &path(&orders), &path(&surveys));
    let file = file(&rules);
    let set = compile(file.path(), &FileSystem, &accolade_engine::plugins()).set.unwrap();
    let inputs = accolade_engine::Inputs::new(
        set.as_of.unwrap(),
        set.demand.sources.iter().map(|s| s.file.as_deref().unwrap().into()).collect(),
    );
    let findings = accolade_engine::run(&set, &inputs, None).unwrap_err();
    let place = findings[0].data.as_ref().unwrap();
    assert_eq!((findings[0].code.id(), place.row, place.column.as_deref()), ("E0704", Some(9), Some("recommend")));
}

/// Whether a goal is met, how far it is from its target, and the figure.
#[track_caller]
fn goal(measure: &str, target: &str, expected: &str) {
    let rated = base(&format!("goals:\n  it: {{measure: '{measure}', target: '{target}'}}\n"));
    let goal = &rated.outcome.goals[0];
    let met = goal.met.map_or("no data", |met| if met { "met" } else { "not met" });
    let found = format!("{met} {} {}", text(goal.figure.value.as_ref()), text(goal.distance.as_ref()));
    assert_eq!(found, expected, "{measure} {target}");
}

#[test]
fn targets_are_decided_exactly() {
    goal("mean(orders.amount in year)", ">= 98", "met 98 0");
    goal("mean(orders.amount in year)", "> 98", "not met 98 0");
    goal("mean(orders.amount in year)", "> 97.9999", "met 98 1/10000");
    goal("churn(orders in before to year)", "< 33.3333%", "not met 1/3 -1/3000000");
    goal("churn(orders in before to year)", "<= 33.3334%", "met 1/3 1/1500000");
    goal("share(city = \"Breda\")", "60%", "met 3/5 0");
    goal("share(city = \"Breda\")", "20% ..< 60%", "not met 3/5 0");
    goal("share(city = \"Breda\")", "50%..65%", "met 3/5 1/20");
    goal("nps(answer where id = \"e\")", ">= 10", "no data no data no data");
}

#[test]
fn targets_that_cannot_be_meant_are_refused() {
    let refused = |measure: &str, target: &str, expected: &str| {
        let found = finding(&format!("goals:\n  it: {{measure: '{measure}', target: '{target}'}}\n"));
        assert_eq!(found, expected, "{measure} {target}");
    };
    refused("share(city = \"Breda\")", ">= 90", "E0508 a share is between 0% and 100%");
    refused(
        "growth(orders.amount in before to year)",
        ">= 5",
        "E0508 the measure is a percentage, and its target a number above one",
    );
    refused("nps(answer)", ">= 101", "E0508 the measure is between -100 and 100");
    refused("sum(revenue)", ">= 5%", "E0404 the measure is money, and its target a percentage");
    refused("sum(revenue)", "missing", "E0406 a target is a range of the measure");
    assert_eq!(
        finding("goals: {it: {measure: sum(revenue), target: '> 1', programme: x}}\n"),
        "E0301 there is no programme `x`"
    );
}

const CLUB: &str = "programmes:\n  club:\n    members: id in [\"a\", \"b\", \"d\"]\n    control: id in [\"c\", \"f\"]\n    period: year\n    \
    before: before\n    margin: orders.margin\n    cost: {fixed: 2, per_member: 1}\n    by: team\n";

#[test]
fn a_programme_is_weighed_against_its_control_group() {
    let rated = base(CLUB);
    assert_eq!(rated.texts("club").join(" "), "member member control member other control");
    let rows = &rated.outcome.programmes[0].rows;
    let figures = |row: usize| -> Vec<String> {
        let all = rows[row].effect.figures();
        all.iter().map(|(name, _, value)| format!("{name} {}", text(value.as_ref()))).collect()
    };
    // Margins: a 10 → 30, b 5 → 0, d 0 → 12, so +27 or 9 each; control c 0 → 4, f 2 → 3, so 5/2 each.
    assert_eq!(
        figures(0),
        [
            "members 3",
            "control 2",
            "cost 5",
            "uplift 13/2",
            "incremental_margin 39/2",
            "return 29/10",
            // Of a and b, active before, a is kept; of c and f only f was active before.
            "kept 1/2",
            "kept_control 1",
            "kept_difference -1/2",
            "kept_more -1",
            "margin_of_kept 30",
            "break_even 1",
        ]
    );
    // Team x: a and b against f. The fixed cost is shared by the head.
    assert_eq!(
        figures(2)[..6],
        ["members 2", "control 1", "cost 10/3", "uplift 13/2", "incremental_margin 13", "return 29/10"]
    );
    assert_eq!(
        figures(1)[..6],
        ["members 1", "control 1", "cost 5/3", "uplift 8", "incremental_margin 8", "return 19/5"]
    );
    let interval = rows[0].effect.uplift_interval.unwrap();
    // By hand: variances 157 and 9/2, so t with 2.16… degrees of freedom.
    let (u, v) = (157.0 / 3.0, 4.5 / 2.0);
    let freedom: f64 = (u + v) * (u + v) / (u * u / 2.0 + v * v / 1.0);
    assert!((2.0..2.3).contains(&freedom));
    assert!(interval.0 < -20.0 && interval.1 > 33.0, "{interval:?}");
    assert!(((interval.0 + interval.1) / 2.0 - 6.5).abs() < 1e-9);
}

#[test]
fn without_a_control_group_every_change_counts() {
    let club = CLUB.replace("    control: id in [\"c\", \"f\"]\n", "");
    let rated = base(&club);
    let effect = &rated.outcome.programmes[0].rows[0].effect;
    assert_eq!(text(effect.uplift.as_ref()), "9");
    assert_eq!(text(effect.return_on_cost.as_ref()), "22/5");
    assert_eq!((effect.controls, effect.uplift_interval), (None, None));
    assert_eq!(rated.texts("club").join(" "), "member member other member other other");
}

#[test]
fn return_on_investment_as_published() {
    // Incremental profit 5 and cost 2 million: 1.5. A member brings 600 instead of 500 at a margin of 30%, and costs
    // 10: 2.
    let check = |members: &str, margin: &str, cost: &str, expected: &str| {
        let rated = base(&format!(
            "programmes:\n  club: {{members: '{members}', period: year, before: before, margin: {margin}, cost: {cost}}}\n"
        ));
        assert_eq!(text(rated.outcome.programmes[0].rows[0].effect.return_on_cost.as_ref()), expected);
    };
    check("id = \"a\"", "orders.amount * 25_000", "{fixed: 2_000_000}", "3/2");
    check("id = \"a\"", "orders.amount * 15%", "{per_member: 10}", "2");
    check("id = \"a\"", "orders.amount", "{per_member: 0}", "no data");
    check("id = \"z\"", "orders.amount", "{fixed: 10}", "no data");
}

#[test]
fn goals_of_a_programme_are_those_of_its_members() {
    let goals = "goals:\n  kept: {programme: club, measure: retention(orders in before to year), target: '>= 50%'}\n  \
                 pays: {measure: return_on(club), target: '> 0%'}\n  more: {measure: uplift(club), target: '>= 7'}\n";
    let rated = base(&format!("{CLUB}{goals}"));
    let [kept, pays, more] = rated.outcome.goals.as_slice() else { panic!() };
    assert_eq!((text(kept.figure.value.as_ref()).as_str(), kept.met), ("1/2", Some(true)));
    let control = kept.control.as_ref().unwrap();
    assert_eq!(
        (text(control.figure.value.as_ref()), text(control.uplift.as_ref())),
        ("1".to_owned(), "-1/2".to_owned())
    );
    assert!(control.interval.is_some_and(|(low, high)| low < -0.5 && high > -0.5));
    assert_eq!((text(pays.figure.value.as_ref()).as_str(), pays.met), ("29/10", Some(true)));
    assert_eq!((text(more.figure.value.as_ref()).as_str(), more.met), ("13/2", Some(false)));
}

#[test]
fn nobody_is_in_both_groups() {
    let overlap = CLUB.replace("id in [\"c\", \"f\"]", "id = \"a\"");
    assert_eq!(finding(&overlap), "E0506 the groups `member` and `control` overlap");
}

#[test]
fn programmes_say_what_they_lack() {
    let with = |from: &str, to: &str| finding(&CLUB.replace(from, to));
    assert_eq!(with("cost: {fixed: 2, per_member: 1}", "cost: {}"), "E0102 a programme without any cost has no return");
    assert_eq!(with("fixed: 2", "fixed: revenue"), "E0301 unknown name `revenue`");
    assert_eq!(with("fixed: 2", "fixed: 20%"), "E0404 money cannot be written as `20%`");
    assert_eq!(with("period: year", "period: yaer"), "E0304 unknown period `yaer`");
    assert_eq!(with("margin: orders.margin", "margin: revenue"), "E0405 `margin` needs a column of an event table");
    assert_eq!(with("margin: orders.margin", "margin: orders.id"), "E0402 `sum` does not take text");
    assert_eq!(
        with("by: team", "by: revenue"),
        "E0406 customers can be grouped by text, integer or boolean, not by money"
    );
    assert_eq!(with("before: before", "befor: before"), "E0102 the key `before` is missing in a programme");
}

#[test]
fn figures_are_floats_at_the_end_only() {
    let rated = base("measures: {it: sum(ratio)}\n");
    assert_eq!(float(rated.outcome.measures[0].rows[0].figure.value.as_ref().unwrap()), 8.4);
}

/// Some customers and orders without any pattern, the same each time.
fn scattered() -> (Vec<String>, Vec<(usize, i32, i64)>) {
    let mut state = 7u64;
    let mut next = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let customers = (0..60).map(|i| {
        let (team, answer) = (["x", "y"][next(2) as usize], next(14));
        let answer = if answer > 10 { String::new() } else { answer.to_string() };
        format!("c{i:02},,{team},{answer},,,\n")
    });
    let customers: Vec<String> = customers.collect();
    let orders = (0..150).map(|_| (next(60) as usize, next(900) as i32, next(50_000) as i64)).collect();
    (customers, orders)
}

/// Every figure of every group, as text.
fn all_figures(rated: &RatedRules) -> Vec<String> {
    let tables = rated.outcome.measures.iter();
    tables.flat_map(|t| t.rows.iter().map(|r| format!("{} {:?} {:?}", t.name, r.group, r.figure))).collect()
}

#[test]
fn figures_are_those_of_plain_loops_in_any_order_of_rows() {
    let (customers, orders) = scattered();
    // 2026-01-01 is day 20454; the year begins 365 days before, the year before that 366 days earlier.
    let (today, year, before) = (20_454, 20_454 - 365 + 1, 20_454 - 365 - 366 + 1);
    let lines: Vec<String> = orders
        .iter()
        .map(|(c, ago, cents)| {
            let day = accolade_engine::show::date(today - ago);
            format!("c{c:02},{day},{}.{:02},0\n", cents / 100, cents.abs() % 100)
        })
        .collect();
    let measures = "measures:\n  kept: retention(orders in before to year) by team\n  count: retention_by_count(orders in before to year) by team\n  \
                    score: nps(answer) by team\n  total: sum(orders.amount in year) by team\n  again: repeat_rate(orders) by team\n";
    let run = |customers: String, orders: String| {
        let head = "id,city,team,answer,mark,effort,spend\n".to_owned();
        let files = (
            file(&(head + customers.as_str())),
            file(&("id,day,amount,margin\n".to_owned() + orders.as_str())),
            file("id,day,recommend\n"),
        );
        let path = |file: &tempfile::NamedTempFile| file.path().display().to_string();
        rate(&rules(measures, &path(&files.0), &path(&files.1), &path(&files.2)))
    };
    let rated = run(customers.concat(), lines.concat());
    let turned = run(customers.iter().rev().cloned().collect(), lines.iter().rev().cloned().collect());
    assert_eq!(all_figures(&rated), all_figures(&turned));

    let figure = |name: &str, team: &str| {
        let table = rated.outcome.measures.iter().find(|t| t.name == name).unwrap();
        let row = table.rows.iter().find(|r| r.group.iter().map(group_text).eq([team])).unwrap();
        text(row.figure.value.as_ref())
    };
    for team in ["x", "y"] {
        let members: Vec<usize> = (0..60).filter(|c| customers[*c].split(',').nth(2) == Some(team)).collect();
        let days = |c: usize| orders.iter().filter(move |o| o.0 == c).map(|o| today - o.1);
        let was = |c: usize| days(c).any(|d| (before..year).contains(&d));
        let is = |c: usize| days(c).any(|d| d >= year);
        let count = |of: &dyn Fn(usize) -> bool| members.iter().filter(|c| of(**c)).count() as i64;
        let fraction = |a: i64, b: i64| text(Some(&Exact::new(a.into(), b.into())));
        assert_eq!(figure("kept", team), fraction(count(&|c| was(c) && is(c)), count(&was)));
        let old = count(&|c| is(c) && days(c).any(|d| d < year));
        assert_eq!(figure("count", team), fraction(old, count(&was)));
        assert_eq!(figure("again", team), fraction(count(&|c| days(c).count() > 1), count(&|c| days(c).count() > 0)));
        let answers: Vec<i64> = members.iter().filter_map(|c| customers[*c].split(',').nth(3)?.parse().ok()).collect();
        let (promoters, detractors) =
            (answers.iter().filter(|a| **a > 8).count(), answers.iter().filter(|a| **a < 7).count());
        assert_eq!(figure("score", team), fraction(100 * (promoters as i64 - detractors as i64), answers.len() as i64));
        let cents: i64 = orders.iter().filter(|o| members.contains(&o.0) && today - o.1 >= year).map(|o| o.2).sum();
        assert_eq!(figure("total", team), fraction(cents, 100));
    }
}
