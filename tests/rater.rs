//! One record at a time gives what a run gives: for every customer of every rule set, from events or from figures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_engine::model::{Origin, SourceRole};
use accolade_engine::output::json_value;
use accolade_engine::rater::Requirement;
use accolade_engine::{FileSystem, Inputs, Outcome, Rater, RuleSet, SavedCutOffs, Value, compile, frame, run};
use accolade_rhai::RhaiHost;
use serde_json::{Map, Value as Json, json};

fn rule_set(name: &str) -> (Arc<RuleSet>, PathBuf) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(name);
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let compilation = compile(&folder.join("rules.yaml"), &FileSystem, &plugins);
    (Arc::new(compilation.set.unwrap()), folder)
}

/// A run of a shipped rule set, and the rater with its cut-offs.
fn rated(name: &str) -> (Outcome, Rater, PathBuf) {
    let (set, folder) = rule_set(name);
    let inputs = Inputs::new(
        set.as_of.unwrap(),
        set.demand.sources.iter().map(|s| folder.join(s.file.as_deref().unwrap()).into()).collect(),
    );
    let outcome = run(&set, &inputs, None).unwrap();
    let text = SavedCutOffs::new(&set, &outcome).write().unwrap();
    let rater = Rater::new(&set, &SavedCutOffs::read("cutoffs.yaml", &text).unwrap(), outcome.as_of).unwrap();
    (outcome, rater, folder)
}

/// The rows of a data file by customer, each an object of texts; empty cells are left out.
fn rows(folder: &Path, set: &RuleSet, source: usize) -> BTreeMap<String, Vec<Map<String, Json>>> {
    let source = &set.demand.sources[source];
    let key = &source.columns[source.customer_column()].name;
    let mut reader = csv::Reader::from_path(folder.join(source.file.as_deref().unwrap())).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut by_customer: BTreeMap<String, Vec<Map<String, Json>>> = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let cells = header
            .iter()
            .zip(record.iter())
            .filter(|(name, cell)| !cell.is_empty() && source.columns.iter().any(|column| column.name == *name));
        let row: Map<String, Json> = cells.map(|(name, cell)| (name.to_owned(), json!(cell))).collect();
        by_customer.entry(row[key].as_str().unwrap().to_owned()).or_default().push(row);
    }
    by_customer
}

fn assert_equal(rater: &Rater, outcome: &Outcome, row: usize, object: &Map<String, Json>) {
    let record = rater.record_of(object).unwrap_or_else(|findings| panic!("{object:?}\n{findings:#?}"));
    let rated = rater.rate(&record).unwrap_or_else(|findings| panic!("{object:?}\n{findings:#?}"));
    for slot in rater.outputs() {
        let expected = frame::value_at(outcome.frame.column(*slot).unwrap(), row);
        assert_eq!(rated.values[*slot], expected, "{} of {object:?}", rater.set().demand.slots[*slot].name);
    }
}

fn customers_from_events(name: &str) {
    let (outcome, rater, folder) = rated(name);
    let set = rater.set();
    let tables: Vec<_> = (0..set.demand.sources.len()).map(|source| rows(&folder, set, source)).collect();
    assert!(outcome.frame.rows > 100, "{name}");
    for row in 0..outcome.frame.rows {
        let key = accolade_engine::show::value(&frame::value_at(outcome.frame.column(0).unwrap(), row));
        let mut object = Map::from_iter([(set.demand.slots[0].name.clone(), json!(key))]);
        for (source, table) in set.demand.sources.iter().zip(&tables) {
            let rows = table.get(&key).cloned().unwrap_or_default();
            match source.role {
                SourceRole::Customers { .. } => object.extend(rows.into_iter().next().unwrap_or_default()),
                SourceRole::Aliases { .. } => {}
                SourceRole::Events { .. } => {
                    object.insert(source.name.clone(), json!(rows));
                }
            }
        }
        assert_equal(&rater, &outcome, row, &object);
    }
}

#[test]
fn b2b_accounts_from_events() {
    customers_from_events("b2b-accounts");
}

#[test]
fn webshop_rfm_from_events() {
    customers_from_events("webshop-rfm");
}

#[test]
fn consultant_scorecard_from_events() {
    customers_from_events("consultant-scorecard");
}

#[test]
fn loyalty_programme_from_events() {
    customers_from_events("loyalty-programme");
}

/// The fields of a customer for a caller that keeps figures instead of events.
fn figures(rater: &Rater, outcome: &Outcome, row: usize) -> Map<String, Json> {
    let value = |slot: usize| json_value(&frame::value_at(outcome.frame.column(slot).unwrap(), row));
    rater.fields().iter().map(|field| (field.name.clone(), value(field.slot))).collect()
}

#[test]
fn rules_that_read_figures_need_no_events() {
    let (outcome, rater, _) = rated("b2b-accounts");
    let rules = ["customer_class", "behaviour", "account_rating", "treatment"].map(str::to_owned);
    let rater = rater.for_rules(&rules).unwrap();
    assert!(rater.set().demand.slots.iter().any(|slot| slot.name == "regularity"));
    assert!(rater.outputs().iter().all(|slot| rater.set().demand.slots[*slot].name != "regularity"));
    for row in 0..outcome.frame.rows {
        let object = figures(&rater, &outcome, row);
        assert_equal(&rater, &outcome, row, &object);
    }
}

#[test]
fn slots_as_a_run_has_them_give_what_it_gives() {
    for name in ["b2b-accounts", "webshop-rfm", "consultant-scorecard", "loyalty-programme"] {
        let (outcome, rater, _) = rated(name);
        for row in 0..outcome.frame.rows {
            let whole = outcome.frame.record(row);
            let told = |slot: usize| !matches!(rater.set().demand.slots[slot].origin, Origin::Step(_));
            let values = whole.iter().enumerate().map(|(i, v)| if told(i) { v.clone() } else { Value::Null }).collect();
            let rated = rater.rate_values(values, &[]).unwrap();
            for slot in rater.outputs() {
                assert_eq!(rated.values[*slot], whole[*slot], "{name} {}", rater.set().demand.slots[*slot].name);
            }
        }
    }
}

#[test]
fn what_needs_everybody_is_not_given() {
    let (_, rater, _) = rated("b2b-accounts");
    let names: Vec<&str> = rater.outputs().iter().map(|slot| rater.set().demand.slots[*slot].name.as_str()).collect();
    assert!(names.contains(&"customer_class") && names.contains(&"account_rating.grade"), "{names:?}");
    assert!(!names.contains(&"customer_class.rank") && !names.contains(&"customer_class.share"), "{names:?}");
}

/// The messages about a record of the rules above, with a few figures changed.
fn said(change: impl Fn(&mut Map<String, Json>)) -> Vec<String> {
    let (outcome, rater, _) = rated("b2b-accounts");
    let rules = ["customer_class", "account_rating"].map(str::to_owned);
    let rater = rater.for_rules(&rules).unwrap();
    let mut object = figures(&rater, &outcome, 0);
    change(&mut object);
    let told = rater.record_of(&object).and_then(|record| rater.rate(&record));
    told.unwrap_err().iter().map(|d| format!("{} {}; {}", d.code.id(), d.message, d.help.join("; "))).collect()
}

#[test]
fn a_record_that_cannot_be_rated_says_why() {
    let check = |change: &dyn Fn(&mut Map<String, Json>), expected: &[&str]| assert_eq!(said(change), expected);
    let put = |name: &'static str, value: Json| {
        move |object: &mut Map<String, Json>| {
            object.insert(name.to_owned(), value.clone());
        }
    };
    check(&put("revenu", json!(1)), &["E0708 there is no field `revenu`; did you mean `revenue`?"]);
    check(
        &put("customer_class", json!("A")),
        &["E0708 `customer_class` is a result, not a field of a record; leave it out: it is computed"],
    );
    check(&put("cooperation", json!(11)), &["E0704 `cooperation`: 11 is out of its range; it must lie in 1..10"]);
    check(&put("cooperation", json!("much")), &["E0703 `cooperation`: \"much\" is not an integer; "]);
    check(&put("cooperation", json!(null)), &["E0705 `cooperation` is missing; the rules need its value"]);
    check(&put("sector", json!(7)), &["E0703 `sector`: 7 is not text; "]);
    check(
        &put("revenue", json!(0.12345)),
        &["E0703 `revenue`: 0.12345 is not money; write an amount with at most four decimals, as a number or as text"],
    );
    let limit = "an amount must be below 1,000,000,000,000,000";
    check(&put("revenue", json!(1e15)), &[&format!("E0703 `revenue`: 1000000000000000.0 is not money; {limit}")]);
    check(
        &put("revenue", json!("99999999999999999999")),
        &[&format!("E0703 `revenue`: \"99999999999999999999\" is not money; {limit}")],
    );
    check(
        &put("orders", json!(3)),
        &["E0703 `orders` is not a list of events; write a list of objects, such as [{\"amount\": 12.50}]"],
    );
    let without = |object: &mut Map<String, Json>| {
        object.shift_remove("revenue");
    };
    check(
        &without,
        &[
            "E0705 `orders` is missing: `revenue` is computed from its events; give the events as a list, which may be empty, or `revenue` itself",
        ],
    );
}

#[test]
fn an_event_that_cannot_be_used_says_where() {
    let events = |events: Json| {
        said(move |object| {
            object.shift_remove("revenue");
            object.insert("orders".to_owned(), events.clone());
        })
    };
    let whole = json!({"order_id": "O1", "order_date": "2025-05-01", "amount": "12.50", "margin": 3});
    let with = |name: &str, value: Json| {
        let mut event = whole.clone();
        event[name] = value;
        events(json!([whole, event]))
    };
    assert_eq!(with("amount", json!(null)), ["E0705 `amount` is missing; every event must have it"]);
    assert_eq!(
        with("order_date", json!("1 May")),
        ["E0703 `order_date`: \"1 May\" is not a date; write it as \"2026-01-31\""]
    );
    assert_eq!(with("amout", json!(1)), ["E0708 `orders` has no column `amout`; did you mean `amount`?"]);
    assert_eq!(
        with("customer_id", json!("X")),
        ["E0707 the event is of customer \"X\"; the record is of customer \"K0001\""]
    );
}

#[test]
fn an_event_after_the_date_does_not_count() {
    let (outcome, rater, _) = rated("b2b-accounts");
    let rater = rater.for_rules(&["customer_class".to_owned()]).unwrap();
    let revenue = rater.set().slot("revenue").unwrap();
    let mut object = figures(&rater, &outcome, 0);
    object.shift_remove("revenue");
    let order = |day: &str| json!({"order_id": "O", "order_date": day, "amount": 100, "margin": 1});
    object.insert("orders".to_owned(), json!([order("2025-12-31"), order("2026-01-01"), order("2026-01-02")]));
    let rated = rater.rate(&rater.record_of(&object).unwrap()).unwrap();
    assert_eq!(rated.values[revenue], Value::Money(2_000_000));
    let later = rater.at_date(outcome.as_of + 1).unwrap();
    let rated = later.rate(&later.record_of(&object).unwrap()).unwrap();
    assert_eq!(rated.values[revenue], Value::Money(3_000_000));
}

#[test]
fn cut_offs_that_do_not_fit_are_refused_at_once() {
    let (set, _) = rule_set("b2b-accounts");
    let refused = |text: &str| {
        let saved = SavedCutOffs::read("cutoffs.yaml", text).unwrap();
        Rater::new(&set, &saved, 20_454).unwrap_err().iter().map(|d| d.message.clone()).collect::<Vec<_>>()
    };
    let head = "accolade_cut_offs: 2\nas_of: 2026-01-01\ncustomers: 1\n";
    assert_eq!(
        refused(&format!("{head}rule_set: other\nrules: {{}}\n")),
        ["the cut-offs were computed for `other`, not for `b2b-accounts`"]
    );
    let none = refused(&format!("{head}rule_set: b2b-accounts\nrules: {{customer_class: {{A: []}}}}\n"));
    assert_eq!(none, ["the cut-offs of the rule `customer_class` do not hold what they were computed from"]);
    let findings = refused(&format!("{head}rule_set: b2b-accounts\nrules: {{}}\n"));
    assert!(findings[0].starts_with("the cut-offs do not fit the rule `customer_class`"), "{findings:?}");
    assert!(findings.len() > 2, "{findings:?}");
}

#[test]
fn only_rules_that_are_there() {
    let (_, rater, _) = rated("webshop-rfm");
    let finding = rater.for_rules(&["campain".to_owned()]).unwrap_err();
    assert_eq!(finding[0].help, ["did you mean `campaign`?"]);
    let needed = |name: &str| rater.fields().iter().find(|f| f.name == name).map(|f| f.needed);
    assert_eq!(needed("city"), Some(Requirement::Optional));
    assert_eq!(needed("revenue"), Some(Requirement::UnlessComputed));
}

#[test]
fn texts_of_records_have_the_words_of_their_source() {
    let rules = "accolade: 1\nas_of: 2026-01-01\nsources:\n  people: {file: p.csv, key: id, values: {Actief: true, Uit: false}, \
                 columns: {id: text, is_active: boolean}}\n  calls: {file: c.csv, customer: id, values: {beantwoord: true}, \
                 columns: {id: text, answered: boolean}}\nprofile:\n  qualitative: {active: is_active}\n  quantitative:\n    \
                 answered: count(calls where calls.answered)\nrules:\n  call: {kind: segments, segments: {no: active and answered > 0, yes: rest}}\n";
    let folder = crate::support::shop::folder(&[
        ("r.yaml", rules),
        ("p.csv", "id,is_active\nA,Actief\n"),
        ("c.csv", "id,answered\n"),
    ]);
    let compilation = compile(&folder.path().join("r.yaml"), &FileSystem, &accolade_engine::plugins());
    let set = Arc::new(compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics)));
    let files = ["p.csv", "c.csv"].map(|name| folder.path().join(name).into());
    let outcome = run(&set, &Inputs::new(set.as_of.unwrap(), files.to_vec()), None).unwrap();
    let rater = Rater::new(&set, &SavedCutOffs::new(&set, &outcome), outcome.as_of).unwrap();
    let object = |active: &str, answered: &str| {
        json!({"id": "A", "active": active, "calls": [{"answered": answered}]}).as_object().unwrap().clone()
    };
    let rated = |active: &str, answered: &str| {
        let record = rater.record_of(&object(active, answered)).unwrap_or_else(|findings| panic!("{findings:#?}"));
        rater.rate(&record).unwrap().values[set.slot("call").unwrap()].clone()
    };
    assert_eq!(rated("actief", "Beantwoord"), Value::text("no"));
    assert_eq!(rated("Uit", "ja"), Value::text("yes"));
    // Each source has its own words.
    assert_eq!(rater.record_of(&object("beantwoord", "ja")).unwrap_err()[0].code.id(), "E0703");
}
