//! Random rule sets and the data of random customers.

#![allow(dead_code)]

use std::io;
use std::path::Path;

use accolade_engine::frame::array_of;
use accolade_engine::model::Origin;
use accolade_engine::profile::CustomerBase;
use accolade_engine::rules::compile::{Compilation, compile};
use accolade_engine::run::{Outcome, Overrides, rate};
use accolade_engine::{Loader, RuleSet, Type, Value};
use accolade_parser::Diagnostics;
use proptest::prelude::*;

/// The values of each slot that data fills.
pub type SlotValues = Vec<(usize, Vec<Value>)>;

struct TextLoader(String);

impl Loader for TextLoader {
    fn load(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.clone().into_bytes())
    }

    fn is_below(&self, _: &Path, _: &Path) -> bool {
        true
    }
}

pub fn compiled(text: &str) -> Compilation {
    compile(Path::new("rules.yaml"), &TextLoader(text.to_owned()), &accolade_engine::plugins())
}

/// Literals near each other, so that boundaries are hit.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![(-3i64..12).prop_map(|n| n.to_string()), (-20i64..60).prop_map(|n| format!("{}", n as f64 / 4.0))]
}

/// A numeric expression that is not money.
fn numeric() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("n".to_owned()),
        Just("p".to_owned()),
        Just("orders_in_year".to_owned()),
        number()
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(x, op, y)| format!("({x} {op} {y})")),
            (condition_over(inner.clone()), inner.clone(), inner.clone())
                .prop_map(|(c, x, y)| format!("(if {c} then {x} else {y})")),
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} or else {y})")),
            inner.clone().prop_map(|x| format!("-({x})")),
            inner.prop_map(|x| format!("abs({x})")),
            Just("m / revenue".to_owned()),
            Just("days(d, as_of)".to_owned()),
            Just("wallet_allocation(a, orders_in_year)".to_owned()),
        ]
    })
    .boxed()
}

fn money() -> BoxedStrategy<String> {
    prop_oneof![
        Just("revenue".to_owned()),
        Just("m".to_owned()),
        Just("m + revenue".to_owned()),
        Just("(m - revenue) * 2".to_owned()),
        numeric().prop_map(|x| format!("m * ({x})")),
        numeric().prop_map(|x| format!("revenue / ({x})")),
        Just("m or else 5".to_owned()),
        Just("greatest(m, revenue, 2.5)".to_owned()),
        prop::sample::select(vec!["m", "revenue", "m - revenue"]).prop_map(|m| format!("clv({m}, clamp(p, 0, 1), n)")),
        Just("clv(m, p, 10%)".to_owned()),
        Just("lifetime_value(a, m - revenue, p, revenue)".to_owned()),
    ]
    .boxed()
}

fn condition_over(numeric: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let compare = prop::sample::select(vec!["<", "<=", "=", "!=", ">=", ">"]);
    let leaf = prop_oneof![
        (numeric.clone(), compare.clone(), numeric.clone()).prop_map(|(x, op, y)| format!("{x} {op} {y}")),
        (money_leaf(), compare.clone(), number()).prop_map(|(x, op, y)| format!("{x} {op} {y}")),
        (compare, prop::sample::select(vec!["x", "y", ""])).prop_map(|(op, t)| format!("t {op} \"{t}\"")),
        Just("t in [\"x\", \"y\"]".to_owned()),
        Just("a not in [1, 2, 3]".to_owned()),
        (0i64..5, 1i64..6).prop_map(|(x, y)| format!("a in {x} ..< {}", x + y)),
        Just("b".to_owned()),
        Just("d >= as_of - 6 months".to_owned()),
        Just("d is missing".to_owned()),
        numeric.prop_map(|x| format!("{x} is not missing")),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} and {y})")),
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} or {y})")),
            inner.prop_map(|x| format!("not ({x})")),
        ]
    })
    .boxed()
}

fn money_leaf() -> BoxedStrategy<String> {
    prop::sample::select(vec!["m".to_owned(), "revenue".to_owned()]).boxed()
}

fn abc() -> impl Strategy<Value = String> {
    let classes = prop::sample::select(vec![
        "{A: top 80%, B: next 15%, C: rest}",
        "{A: top 50%, B: own 30%, C: own 10%, D: rest}",
        "{A: top 20% of customers, B: next 30% of customers, C: rest}",
        "{A: top 2 customers, B: next 3 customers, C: rest}",
        "{A: '>= 5', B: '> 2.5', C: rest}",
        "{A: top 50%, B: '>= 2', C: rest}",
    ]);
    let by = prop::sample::select(vec!["x1", "x2", "revenue"]);
    (by, classes, prop::sample::select(vec!["include", "exclude"])).prop_map(|(by, classes, boundary)| {
        format!("{{kind: abc, by: {by}, classes: {classes}, boundary: {boundary}}}")
    })
}

fn pyramid() -> impl Strategy<Value = String> {
    let layers = prop::sample::select(vec![
        "",
        ", layers: {top: top 20% of customers, large: next 40% of customers, small: rest}",
        ", layers: {top: top 30%, large: '>= 2', small: rest}",
    ]);
    let none = prop_oneof![
        Just("prospect".to_owned()),
        condition_over(money_leaf()).prop_map(|x| format!("{{inactive: '{x}', prospect: 't = \"x\"', suspect: rest}}")),
        Just("{busy: 'orders_in_year > 2', idle: 'orders_in_year <= 2'}".to_owned()),
    ];
    (prop::sample::select(vec!["x1", "x2", "revenue", "m"]), layers, none)
        .prop_map(|(by, layers, none)| format!("{{kind: pyramid, by: {by}{layers}, none: {none}}}"))
}

fn wallet() -> impl Strategy<Value = String> {
    let amounts = prop::sample::select(vec![
        "own: m, spend: revenue",
        "own: x2, spend: m",
        "own: a, spend: orders_in_year",
        "own: n, spend: number",
    ]);
    let classes = prop::sample::select(vec![
        "{few: '< 30%', half: '30% ..< 70%', most: rest}",
        "{half: '= 50%', few: '<= 25%', most: '> 25%'}",
        "{over: '> 1', rest: rest}",
    ]);
    (amounts, classes).prop_map(|(amounts, classes)| format!("{{kind: wallet, {amounts}, classes: {classes}}}"))
}

fn concentration() -> impl Strategy<Value = String> {
    let of = prop::sample::select(vec!["x1", "x2", "revenue", "m", "a"]);
    let above = prop::sample::select(vec!["", ", warn_above: 25%", ", top: [1, 2, 30%], warn_above: 0%"]);
    (of, above).prop_map(|(of, above)| format!("{of}{above}"))
}

fn rfm() -> impl Strategy<Value = String> {
    let bins = prop::sample::select(vec![
        "5 by value",
        "3 by rank",
        "5 by r_package",
        "3 by value nested",
        "2 by rank nested",
        "{recency: [2, 4], frequency: [1, 3, 5], monetary: [2.5]}",
    ]);
    bins.prop_map(|bins| {
        format!("{{kind: rfm, recency: a, frequency: orders_in_year, monetary: revenue, bins: {bins}, hit: first, segments: {{good: r >= 2 and f > 1, odd: m = 1, other: rest}}}}")
    })
}

fn rating() -> impl Strategy<Value = String> {
    let missing = prop::sample::select(vec!["zero", "renormalise", "median"]);
    (missing, 1u32..99, any::<bool>(), -4i64..4).prop_map(|(missing, weight, lower, from)| {
        format!(
            "{{kind: rating, scale: 0..10, missing: {missing}, weights: relative, grades: {{key: '>= 7.5', core: '5 ..< 7.5', basic: rest}}, criteria: {{\
             one: {{weight: {weight}, value: x1, linear: {from}..9, lower_is_better: {lower}}}, \
             two: {{weight: 3, value: revenue, bands: {{'< 2': 1, '2 ..< 5.5': 4.25, '>= 5.5': 10}}}}, \
             three: {{weight: 2, value: t, bands: {{x: 3, missing: 0, rest: 9}}}}, \
             four: {{weight: 2.5, value: x2, percentile: true}}, \
             five: {{weight: 1, value: a}}}}}}"
        )
    })
}

fn segments() -> impl Strategy<Value = String> {
    (condition_over(numeric()), condition_over(numeric())).prop_map(|(x, y)| {
        format!("{{kind: segments, segments: {{one: '{x}', two: '{y}', graded: 'score.grade = \"key\" or class != \"C\"', other: rest}}}}")
    })
}

pub fn rule_file() -> impl Strategy<Value = String> {
    (numeric(), money(), condition_over(numeric()), abc(), rfm(), rating(), segments(), pyramid(), wallet(), concentration()).prop_map(
        |(x1, x2, x3, abc, rfm, rating, segments, pyramid, wallet, hangs)| {
            format!(
                "accolade: 1\nsources:\n  customers:\n    key: id\n    columns: {{id: text, a: 'integer?', n: 'number?', p: 'percent?', m: 'money?', t: 'text?', b: 'boolean?', d: 'date?', q: 'integer?'}}\n  \
                 orders:\n    customer: id\n    date: day\n    columns: {{id: text, day: date, amount: money}}\n\
                 periods: {{year: last 12 months, year_before: 12 months before year}}\n\
                 profile:\n  quantitative:\n    revenue: sum(orders.amount in year)\n    orders_in_year: count(orders in year)\n    x1: '{x1}'\n    x2: '{x2}'\n    x3: '{x3}'\n    number: '(n or else 2) + 0.5'\n\
                 rules:\n  class: {abc}\n  behaviour: {rfm}\n  score: {rating}\n  segment: {segments}\n  layer: {pyramid}\n  share: {wallet}\n  hang: {{kind: concentration, of: {hangs}}}\n  \
                 place: {{kind: matrix, rows: {{value: x1, cuts: [median], labels: [low, high]}}, columns: {{class: behaviour}}, cells: {{low: {{good: {{label: g, advice: grow}}, odd: o, other: {{label: o, advice: drop what they do not pay for}}}}, high: {{good: G, odd: o, other: Z}}}}}}\n  \
                 demand: {{kind: xyz, value: orders.amount, period: year, classes: {{X: '<= 50%', Y: '<= 100%', Z: rest}}}}\n  \
                 loyal: {{kind: nps, answer: q}}\n  stage: {{kind: lifecycle, before: year_before, now: year}}\n  since: {{kind: cohort, period: year, per: quarter}}\n"
            )
        },
    )
}

fn value(ty: Type, nullable: bool) -> BoxedStrategy<Value> {
    let present = match ty {
        Type::Integer | Type::Duration => (-2i64..8).prop_map(Value::Integer).boxed(),
        Type::Number | Type::Percent => (-8i64..32).prop_map(|n| Value::Number(n as f64 / 4.0)).boxed(),
        Type::Money => (-20_000i128..100_000).prop_map(|m| Value::Money(m / 2500 * 2500)).boxed(),
        Type::Score => Just(Value::Null).boxed(),
        Type::Text => prop::sample::select(vec!["x", "y", "", "z"]).prop_map(Value::text).boxed(),
        Type::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Type::Date => (19_900i32..20_500).prop_map(Value::Date).boxed(),
        Type::DateTime => (0i64..1_000_000).prop_map(Value::DateTime).boxed(),
        // No column or metric of a rule file has these.
        Type::Decimal | Type::Rows => Just(Value::Null).boxed(),
    };
    if nullable { prop_oneof![4 => present, 1 => Just(Value::Null)].boxed() } else { present }
}

/// Random values for the slots that data fills, of `rows` customers.
pub fn base(set: &RuleSet, rows: usize) -> BoxedStrategy<SlotValues> {
    let filled: Vec<(usize, Type, bool, Origin)> = set
        .demand
        .slots
        .iter()
        .enumerate()
        .filter(|(_, s)| !matches!(s.origin, Origin::Step(_)))
        .map(|(i, s)| (i, s.ty, s.nullable, s.origin))
        .collect();
    filled
        .into_iter()
        .map(|(slot, ty, nullable, origin)| match origin {
            Origin::Key => Just((slot, (0..rows).map(|i| Value::text(&format!("c{i:03}"))).collect())).boxed(),
            Origin::Aggregate(_) if ty == Type::Integer => {
                (Just(slot), prop::collection::vec((0i64..6).prop_map(Value::Integer), rows)).boxed()
            }
            Origin::Column(column) => {
                let range = set.customers().and_then(|(_, customers)| customers.columns[column].range.clone());
                let values = match range {
                    Some((Value::Integer(low), Value::Integer(high))) if nullable => {
                        prop::option::of(low..=high).prop_map(|v| v.map_or(Value::Null, Value::Integer)).boxed()
                    }
                    _ => value(ty, nullable),
                };
                (Just(slot), prop::collection::vec(values, rows)).boxed()
            }
            _ => (Just(slot), prop::collection::vec(value(ty, nullable), rows)).boxed(),
        })
        .collect::<Vec<_>>()
        .boxed()
}

pub const AS_OF: i32 = 20_454;

/// The run of a rule set over random customers.
pub fn rated(set: &RuleSet, columns: &SlotValues) -> Outcome {
    let arrays = columns
        .iter()
        .map(|(slot, values)| (*slot, array_of(set.demand.slots[*slot].ty, values.iter().cloned())))
        .collect();
    let (rows, findings) = (columns[0].1.len(), Diagnostics::new());
    let base =
        CustomerBase { rows, columns: arrays, findings, source_counts: Vec::new(), reservations: Default::default() };
    rate(set, base, AS_OF, 2, None, &Overrides::default()).expect("rated")
}

/// Sound rule sets with the data of `rows` customers.
pub fn rated_sets(
    rows: impl Strategy<Value = usize> + Clone + 'static,
) -> impl Strategy<Value = (String, std::sync::Arc<RuleSet>, SlotValues)> {
    let sound =
        rule_file().prop_filter_map("a rule file with errors", |file| compiled(&file).set.map(|set| (file, set)));
    sound.prop_flat_map(move |(file, set)| {
        let set = std::sync::Arc::new(set);
        (Just(file), Just(set.clone()), rows.clone().prop_flat_map(move |rows| base(&set, rows)))
    })
}
