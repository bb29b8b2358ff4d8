//! Single records of a rule set that selects rows, computes keys and has a time zone.

use std::fmt::Write;
use std::sync::Arc;

use accolade_engine::{FileSystem, Inputs, Outcome, Rater, SavedCutOffs, Value, compile, frame, run, show};
use serde_json::{Value as Json, json};

use crate::support::shop::folder;

const RULES: &str = "accolade: 1
as_of: 2026-06-30
time_zone: America/New_York
sources:
  customers:
    file: customers.csv
    key: lower(trim(email))
    where: country = \"NL\"
    columns: {email: text, country: text}
  orders:
    file: orders.csv
    customer: lower(trim(buyer))
    date: at
    where: status = \"paid\" and buyer is not missing
    columns: {buyer: text?, at: date, status: text?, amount: money 0..1_000}
periods: {april: 2026-04-01 .. 2026-04-30}
profile:
  quantitative: {revenue: sum(orders.amount), in_april: sum(orders.amount in april), order_count: count(orders)}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 60%, B: rest}}
";

/// An order as it is written: buyer, instant, status, amount.
type Order = [String; 4];

/// Orders of forty customers, some of which the condition leaves out whatever they hold.
fn orders() -> Vec<Order> {
    let order = |n: usize| {
        let buyer = [format!("c{:02}@x.nl", n % 40), format!(" C{:02}@X.nl", n % 40)][n % 3 % 2].clone();
        let (status, wrong) = [("paid", false), ("paid", false), ("open", true), ("", true), ("paid", false)][n % 5];
        let at = format!("2026-{:02}-01T0{}:59:00Z", 4 + n % 2, n % 7);
        let (at, amount) =
            if wrong { ("soon".to_owned(), "-7".to_owned()) } else { (at, format!("{}.25", n * 7 % 900)) };
        [buyer, at, status.to_owned(), amount]
    };
    (0..400).map(order).collect()
}

/// A run over these orders, and the rater with its cut-offs.
fn rated(orders: &[Order]) -> (Outcome, Rater) {
    let mut customers = String::from("email,country\n");
    (0..40).for_each(|n| writeln!(customers, "C{n:02}@x.nl ,{}", if n % 9 == 8 { "BE" } else { "NL" }).unwrap());
    let rows: String = orders.iter().map(|order| order.join(",") + "\n").collect();
    let rows = format!("buyer,at,status,amount\n{rows}");
    let folder = folder(&[("r.yaml", RULES), ("customers.csv", &customers), ("orders.csv", &rows)]);
    let compilation = compile(&folder.path().join("r.yaml"), &FileSystem, &accolade_engine::plugins());
    let set = Arc::new(compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics)));
    let files = ["customers.csv", "orders.csv"].map(|name| folder.path().join(name).into());
    let inputs = Inputs::new(set.as_of.unwrap(), files.to_vec());
    let outcome = run(&set, &inputs, None).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let rater = Rater::new(&set, &SavedCutOffs::new(&set, &outcome), outcome.as_of).unwrap();
    (outcome, rater)
}

/// An order as an event. What is empty is left out.
fn event(order: &Order) -> Json {
    let cells = ["buyer", "at", "status", "amount"].into_iter().zip(order).filter(|(_, cell)| !cell.is_empty());
    cells.map(|(name, cell)| (name.to_owned(), json!(cell))).collect::<serde_json::Map<_, _>>().into()
}

/// The values of a record by name, or what is wrong with it.
fn rate<'a>(rater: &'a Rater, email: &str, events: &[Json]) -> Result<impl Fn(&str) -> Value + use<'a>, Vec<String>> {
    let object = json!({"email": email, "orders": events});
    let rated = rater.record_of(object.as_object().unwrap()).and_then(|record| rater.rate(&record));
    let rated = rated
        .map_err(|findings| findings.iter().map(|d| format!("{} {}", d.code.id(), d.message)).collect::<Vec<_>>())?;
    Ok(move |name: &str| rated.values[rater.set().slot(name).unwrap()].clone())
}

#[test]
fn records_are_rated_as_in_a_run() {
    let orders = orders();
    let (outcome, rater) = rated(&orders);
    assert_eq!(outcome.frame.rows, 36);
    let (mut counted, mut classes) = (0, std::collections::BTreeSet::new());
    for row in 0..outcome.frame.rows {
        let key = show::value(&frame::value_at(outcome.frame.column(0).unwrap(), row));
        let own = orders.iter().filter(|order| order[0].trim().to_lowercase() == key);
        let events: Vec<Json> = own.map(event).collect();
        let single =
            rate(&rater, &format!(" {}", key.to_uppercase()), &events).unwrap_or_else(|said| panic!("{said:?}"));
        for slot in rater.outputs() {
            let name = &rater.set().demand.slots[*slot].name;
            assert_eq!(single(name), frame::value_at(outcome.frame.column(*slot).unwrap(), row), "{name} of {key}");
        }
        counted += usize::from(single("in_april") != single("revenue"));
        classes.insert(show::value(&single("class")));
    }
    assert!(counted > 10 && classes.len() > 1, "{counted} {classes:?}");
}

#[test]
fn an_instant_falls_in_the_local_day() {
    let (_, rater) = rated(&orders());
    let of = |at: &str| {
        let event = json!({"at": at, "status": "paid", "amount": 10, "buyer": "c01@x.nl"});
        show::value(&rate(&rater, "c01@x.nl", &[event]).unwrap_or_else(|said| panic!("{said:?}"))("in_april"))
    };
    for (at, in_april) in [
        ("2026-05-01T03:59:00Z", "10.00"),
        ("2026-05-01T04:00:00Z", "0.00"),
        ("2026-04-01 03:59:59 +0000", "0.00"),
        ("2026-04-30T23:59:00-04:00", "10.00"),
        ("2026-04-30", "10.00"),
    ] {
        assert_eq!(of(at), in_april, "{at}");
    }
}

#[test]
fn an_event_that_the_condition_leaves_out_is_not_checked() {
    let (_, rater) = rated(&orders());
    let whole = json!({"buyer": " C01@X.nl", "at": "2026-05-02", "status": "paid", "amount": 10});
    let with = |change: Json| {
        let mut event = whole.clone();
        change.as_object().unwrap().iter().for_each(|(name, value)| event[name] = value.clone());
        let counted = rate(&rater, "c01@x.nl", &[event, whole.clone()])?;
        Ok::<String, Vec<String>>(show::value(&counted("order_count")))
    };
    let counted = |change: Json| with(change).unwrap_or_else(|said| panic!("{said:?}"));
    assert_eq!(counted(json!({})), "2");
    for left_out in [
        json!({"status": "open"}),
        json!({"status": null}),
        json!({"buyer": null}),
        json!({"status": "open", "at": "soon"}),
        json!({"status": "open", "amount": -5}),
        json!({"status": "open", "amount": null}),
        json!({"status": "open", "buyer": "other@x.nl"}),
    ] {
        assert_eq!(counted(left_out.clone()), "1", "{left_out}");
    }
    for (wrong, code) in [
        (json!({"at": "soon"}), "E0703"),
        (json!({"amount": -5}), "E0704"),
        (json!({"amount": null}), "E0705"),
        (json!({"buyer": "other@x.nl"}), "E0707"),
        // The condition must be able to read what it reads, and names are checked.
        (json!({"status": 5}), "E0703"),
        (json!({"status": "open", "amout": 1}), "E0708"),
    ] {
        let said = with(wrong.clone()).unwrap_err();
        assert!(said.len() == 1 && said[0].starts_with(code), "{wrong}: {said:?}");
    }
}
