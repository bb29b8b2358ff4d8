//! The service, end to end: every address, the limits, the token, new rules while it runs, and its end.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::support::service::{HttpResponse, PATIENCE, Service, rule_set, wait_until, without_token};
use crate::support::{Cli, accolade, shop};

/// Rules that read figures alone.
const FIGURES: [&str; 8] =
    ["--rule", "customer_class", "--rule", "behaviour", "--rule", "account_rating", "--rule", "treatment"];

/// A record of the b2b accounts.
fn account() -> Json {
    json!({
        "customer_id": "K0010", "sector": "logistics", "cooperation": 7, "potential_revenue": "233000.00",
        "revenue": "27208.67", "margin": 6473.81, "order_count": 8, "days_since_order": 13,
    })
}

fn with(name: &str, value: Json) -> Json {
    let mut record = account();
    record[name] = value;
    record
}

#[test]
fn a_record_is_rated() {
    let service = Service::of("b2b-accounts", &FIGURES);
    let answer = service.post("/rate", &account());
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{answer:?}");
    let result = &answer.json()["result"];
    assert_eq!(result["customer_class"], "A");
    assert_eq!(result["account_rating.grade"], "core");
    // Decimals are as exact as they are in a file of results.
    assert!(answer.body.contains("\"revenue\":27208.67,"), "{}", answer.body);
    assert!(result.get("customer_class.rank").is_none());
}

#[test]
fn a_batch_keeps_its_order_and_its_sound_records() {
    let service = Service::of("b2b-accounts", &FIGURES);
    let bad = with("cooperation", json!(11));
    for batch in [json!([account(), bad, 7, account()]), json!({"records": [account(), bad, 7, account()]})] {
        let answer = service.post("/rate", &batch);
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        assert_eq!(body["failed"], 2);
        let results = body["results"].as_array().unwrap();
        assert_eq!(results.len(), 4);
        assert_eq!(results[0]["result"]["customer_id"], "K0010");
        assert_eq!((&results[1]["index"], &results[1]["error"]["errors"][0]["code"]), (&json!(1), &json!("E0704")));
        assert_eq!(results[2]["error"]["detail"], "the record is not an object");
        assert_eq!(results[3], results[0]);
    }
    let mut empty = service.post("/rate", &json!([])).json();
    for version in ["rules_version", "cut_offs_version"] {
        assert_eq!(empty.as_object_mut().unwrap().remove(version).unwrap().as_str().unwrap().len(), 16);
    }
    assert_eq!(empty, json!({"results": [], "failed": 0}));
}

/// Asserts the status and the detail of a request that is refused.
fn check(service: &Service, method: &str, path: &str, body: &str, status: u16, detail: &str) {
    let answer = service.send(method, path, &[("content-type", "application/json")], body);
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!((problem["status"].as_u64(), problem["detail"].as_str()), (Some(u64::from(status)), Some(detail)));
}

#[test]
fn what_cannot_be_answered_says_why() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--max-body", "600", "--max-batch", "3"]].concat());
    let one = account().to_string();
    check(&service, "POST", "/rate", "{", 400, "the body is not JSON: EOF while parsing an object at line 1 column 1");
    let twice = r#"{"customer_id": "K1", "cooperation": 1, "cooperation": 2}"#;
    let why = "the body is not JSON: the key `cooperation` is there twice at line 1 column 53";
    check(&service, "POST", "/rate", twice, 400, why);
    check(&service, "POST", "/rate", "7", 400, "the body must be a record, a list of records, or {\"records\": [..]}");
    check(&service, "POST", "/rate", &" ".repeat(601), 413, "a body has at most 600 bytes");
    check(&service, "POST", "/rate", "[{}, {}, {}, {}]", 413, "a batch has at most 3 records, this one has 4");
    check(&service, "POST", "/rate?explain=maybe", &one, 400, "`explain` is true or false, not `maybe`");
    check(&service, "POST", "/rate", &with("revenu", json!(1)).to_string(), 422, "there is no field `revenu`");
    check(&service, "GET", "/rates", "", 404, "there is nothing at this address; see /openapi.json");
    check(&service, "GET", "/rate", "", 405, "the address does not support this method");
    check(
        &service,
        "GET",
        "/explain?rule=tretment",
        "",
        400,
        "the rule set has no rule `tretment`; did you mean `treatment`?",
    );
    assert_eq!(service.get("/rate").header("allow"), Some("POST"));
    let text = service.send("POST", "/rate", &[("content-type", "text/csv")], "a,b");
    assert_eq!(text.status, 415, "{text:?}");
    // A body whose length nobody announces is cut off where it becomes too long.
    let mut stream = std::net::TcpStream::connect(&service.address).unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 400, " ".repeat(400));
    let head = "POST /rate HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    std::io::Write::write_all(&mut stream, format!("{head}{chunk}{chunk}0\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

/// Rules that read neither the city of customers, nor the channel of orders, nor visits.
const FEWER: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: c.csv, key: id, columns: {id: text, city: text, size: integer}}
  orders: {file: o.csv, customer: id, date: day, columns: {id: text, day: date, amount: money, channel: text}}
  visits: {file: v.csv, customer: id, columns: {id: text, note: text}}
profile: {quantitative: {spent: sum(orders.amount), big: size * 2}}
rules:
  class: {kind: abc, by: spent, classes: {A: top 80%, B: rest}}
";

#[test]
fn what_no_rule_reads_any_more_is_ignored_with_a_warning() {
    let folder = shop::folder(&[
        ("rules.yaml", FEWER),
        ("c.csv", "id,city,size\na,Bern,1\n"),
        ("o.csv", "id,day,amount,channel\na,2025-05-01,10,web\n"),
        ("v.csv", "id,note\na,late\n"),
    ]);
    Cli::new(&folder).args(["calibrate", "rules.yaml", "-o", "cutoffs.yaml"]).run().exits(0);
    let service = Service::start(folder, &["--rule", "class"], &[]);
    let order = |channel: Json| json!({"day": "2025-06-01", "amount": 20, "channel": channel});
    // Ignored values are of any type, and a column that is not read may be left out.
    let record = json!({"id": "b", "city": 7, "big": "much", "visits": "none",
        "orders": [order(json!("web")), order(json!(null)), {"day": "2025-06-02", "amount": 1}]});
    let answer = service.post("/rate", &record);
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["result"]["spent"].to_string(), "41.00");
    let messages = |list: &Json| -> Vec<String> {
        let one = |w: &Json| format!("{} {}", w["code"].as_str().unwrap(), w["message"].as_str().unwrap());
        list.as_array().unwrap().iter().map(one).collect()
    };
    let ignored = ["`city`", "`big`", "`visits`", "`channel` of `orders`"];
    let ignored = ignored.map(|what| format!("W0725 {what} is ignored: no rule reads it"));
    let mut expected = ignored.to_vec();
    expected.sort();
    let sorted = |list: &Json| {
        let mut messages = messages(list);
        messages.sort();
        messages
    };
    assert_eq!(sorted(&body["warnings"]), expected);
    assert_eq!(sorted(&service.post("/explain", &record).json()["warnings"]), expected);
    // In a batch each record has its own.
    let plain = json!({"id": "b", "orders": []});
    let unknown = json!({"id": "b", "orders": [], "town": "Bern"});
    let wrong = json!({"id": "b", "orders": [{"day": "2025-06-01", "amount": 1, "chanel": "web"}]});
    let result = json!({"id": "b", "orders": [], "class": "A"});
    let batch = service.post("/rate", &json!([record, plain, unknown, wrong, result])).json();
    assert_eq!(batch["failed"], 3);
    assert_eq!(batch["results"][0]["warnings"], body["warnings"]);
    assert_eq!(batch["results"][1].get("warnings"), None);
    let refused = |at: usize| batch["results"][at]["error"]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert_eq!(refused(2), "there is no field `town`");
    assert_eq!(refused(3), "`orders` has no column `chanel`");
    assert_eq!(refused(4), "`class` is a result, not a field of a record");
    let api = service.get("/openapi.json").json();
    let properties = &api["components"]["schemas"]["Record"]["properties"];
    for name in ["city", "big", "visits"] {
        assert_eq!(properties[name]["deprecated"], json!(true), "{name} in {properties}");
    }
}

#[test]
fn a_record_is_explained() {
    let service = Service::of("b2b-accounts", &FIGURES);
    let posted = service.post("/explain?rule=treatment", &account());
    assert_eq!(posted.status, 200, "{posted:?}");
    let body = posted.json();
    assert_eq!(body["rules"][0]["rule"], "treatment");
    let grow = body["rules"][0]["nearest"].as_array().unwrap().iter().find(|n| n["label"] == "grow").unwrap();
    assert_eq!(grow["changes"][0], json!({"field": "cooperation", "from": 7, "to": 8}));
    let query: Vec<String> = account()
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let asked = service.get(&format!("/explain?rule=treatment&{}", query.join("&")));
    assert_eq!(asked.json(), body);
    let rated = service.post("/rate?explain=true", &account()).json();
    assert_eq!(rated["explanation"]["rules"].as_array().unwrap().len(), 4);
    assert_eq!(service.get("/explain?customer_id=K1").status, 422);
}

/// The rows of a data file by customer.
fn rows(service: &Service, file: &str, key: &str) -> BTreeMap<String, Vec<Map<String, Json>>> {
    let mut reader = csv::Reader::from_path(service.path(file)).unwrap();
    let mut by_customer: BTreeMap<String, Vec<Map<String, Json>>> = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
        let cells = row.iter().filter(|(_, cell)| !cell.is_empty());
        let object = cells.map(|(name, cell)| (name.clone(), json!(cell))).collect();
        by_customer.entry(row[key].clone()).or_default().push(object);
    }
    by_customer
}

#[test]
fn every_customer_is_rated_as_in_a_run() {
    let service = Service::of("webshop-rfm", &["--max-body", "4000000"]);
    let arguments = ["run", "rules.yaml", "--cutoffs", "cutoffs.yaml", "-o", "rated.ndjson"];
    accolade(&service.folder, &arguments).exits(0);
    let text = std::fs::read_to_string(service.path("rated.ndjson")).unwrap();
    let bulk: Vec<Map<String, Json>> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let customers = rows(&service, "customers.csv", "customer_id");
    let mut orders = rows(&service, "orders.csv", "customer_id");
    let record = |of_run: &Map<String, Json>| {
        let key = of_run["customer_id"].as_str().unwrap();
        let mut record = customers[key][0].clone();
        record.insert("orders".to_owned(), json!(orders.remove(key).unwrap_or_default()));
        record
    };
    let records: Vec<Map<String, Json>> = bulk.iter().map(record).collect();
    let answer = service.post("/rate", &json!(records)).json();
    assert_eq!((answer["failed"].as_u64(), bulk.len()), (Some(0), 400), "{answer}");
    for (of_run, answer) in bulk.iter().zip(answer["results"].as_array().unwrap()) {
        let result = answer["result"].as_object().unwrap();
        assert!(result.len() > 10);
        for (name, value) in result {
            assert_eq!(of_run[name], *value, "{name} of {of_run:?}");
        }
    }
}

#[test]
fn a_script_that_fails_fails_its_record_alone() {
    let folder = rule_set("b2b-accounts");
    let path = folder.path().join("scripts/strategic_fit.rhai");
    let script = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("if sector == \"space\" {{ throw \"no idea\"; }}\n{script}")).unwrap();
    let service = Service::start(folder, &FIGURES, &[]);
    let body = service.post("/rate", &json!([with("sector", json!("space")), account()])).json();
    let error = &body["results"][0]["error"]["errors"][0];
    assert_eq!((&error["code"], &error["place"]), (&json!("E0712"), &json!("strategic_fit.rhai:1")), "{body}");
    assert_eq!(body["results"][1]["result"]["account_rating.grade"], "core");
}

#[test]
fn how_the_service_is() {
    let service = Service::of("b2b-accounts", &FIGURES);
    assert_eq!(service.get("/health").json(), json!({"status": "ok"}));
    let ready = service.get("/ready").json();
    assert_eq!((&ready["rule_set"], &ready["as_of"]), (&json!("b2b-accounts"), &json!("2026-01-01")));
    assert_eq!(ready["rules"], json!(["customer_class", "behaviour", "account_rating", "treatment"]));
    assert_eq!(ready["rules_version"].as_str().unwrap().len(), 16);
    service.post("/rate", &json!([account(), {}]));
    let metrics = service.get("/metrics").body;
    for line in [
        "accolade_records_total{outcome=\"rated\"} 1",
        "accolade_records_total{outcome=\"refused\"} 1",
        "accolade_requests_total{route=\"/rate\",status=\"200\"} 1",
        "accolade_request_seconds_count{route=\"/rate\"} 1",
        "accolade_requests_at_work 0",
        "accolade_last_reload_ok 1",
        "# EOF",
    ] {
        assert!(metrics.lines().any(|l| l == line), "{line}\n{metrics}");
    }
}

#[test]
fn the_service_describes_itself() {
    let service = Service::of("b2b-accounts", &[]);
    let document = service.get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Result"]["properties"]["account_rating.grade"]["enum"], json!(["key", "core", "basic", null]));
    let required = schemas["Record"]["required"].as_array().unwrap();
    assert!(required.contains(&json!("cooperation")) && !required.contains(&json!("satisfaction")), "{required:?}");
    // Schemas are those of JSON Schema 2020-12; a sound record passes and another does not.
    let of = |name: &str| {
        let mut schema = schemas[name].clone();
        schema["components"] = document["components"].clone();
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{name}");
        jsonschema::draft202012::new(&schema).unwrap()
    };
    for name in schemas.as_object().unwrap().keys() {
        of(name);
    }
    let mut record =
        with("orders", json!([{"order_id": "O1", "order_date": "2025-05-01", "amount": 5, "margin": "1.5"}]));
    record["surveys"] = json!([]);
    record["name"] = json!("Fazant");
    record["city"] = json!("Venlo");
    record["country"] = json!("NL");
    assert!(of("Record").is_valid(&record), "{:?}", of("Record").iter_errors(&record).collect::<Vec<_>>());
    let answer = service.post("/rate", &record);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(of("Rated").is_valid(&answer.json()), "{answer:?}");
    assert!(of("Batch").is_valid(&service.post("/rate", &json!([record, {}])).json()));
    record["cooperaton"] = json!(3);
    assert!(!of("Record").is_valid(&record));
    assert!(of("Problem").is_valid(&service.post("/rate", &record).json()));
}

#[test]
fn a_token_is_asked_for() {
    let folder = rule_set("webshop-rfm");
    std::fs::write(folder.path().join("token"), "correct horse\n").unwrap();
    let service = Service::start(folder, &["--token-file", "token", "--verbose"], &[]);
    let ready = |token: &str| service.send("GET", "/ready", &[("authorization", token)], "").status;
    assert_eq!((ready("Bearer correct horse"), ready("Bearer battery"), ready("correct horse")), (200, 401, 401));
    let refused = service.post("/rate", &json!({}));
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(service.get("/health").status, 200);
    let said = service.stderr();
    assert!(said.contains("GET /ready 200") && said.contains("GET /ready 401"), "{said}");
    assert!(!said.contains("horse"), "{said}");
    let by_variable = Service::start(rule_set("webshop-rfm"), &[], &[("ACCOLADE_TOKEN", "battery")]);
    assert_eq!(by_variable.get("/ready").status, 401);
}

#[test]
fn it_does_not_start_where_it_should_not() {
    let folder = rule_set("webshop-rfm");
    let said = |arguments: &[&str]| {
        let ran = without_token(folder.path(), arguments).run();
        (ran.code, ran.err)
    };
    let serve = ["serve", "rules.yaml", "--cutoffs", "cutoffs.yaml"];
    let (code, error) = said(&[&serve[..], &["--listen", "0.0.0.0:0"]].concat());
    assert_eq!(code, Some(2));
    assert_eq!(
        error,
        "error: `0.0.0.0:0` can be reached by others, so a token is needed: name its file with `--token-file`, or set ACCOLADE_TOKEN\n"
    );
    std::fs::write(folder.path().join("empty"), "\n").unwrap();
    let (code, error) = said(&[&serve[..], &["--token-file", "empty"]].concat());
    assert_eq!((code, error.as_str()), (Some(2), "error: the file `empty` holds no token\n"));
    let (code, error) = said(&["serve", "rules.yaml", "--cutoffs", "none.yaml"]);
    assert_eq!((code, error.as_str()), (Some(2), "error: `none.yaml` cannot be read: there is no such file\n"));
    let (code, error) = said(&[&serve[..], &["--rule", "campain"]].concat());
    assert!(code == Some(2) && error.contains("did you mean `campaign`?"), "{error}");
    std::fs::write(folder.path().join("rules.yaml"), "accolade: 1\nrules: {x: {kind: abd}}\n").unwrap();
    assert_eq!(said(&serve).0, Some(1));
}

/// Replaces a text in a file of the rule set.
fn edit(service: &Service, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(service.path(file)).unwrap();
    assert!(text.contains(from));
    std::fs::write(service.path(file), text.replace(from, to)).unwrap();
}

fn grade(service: &Service) -> Json {
    service.post("/rate", &account()).json()["result"]["account_rating.grade"].clone()
}

#[test]
fn new_rules_are_taken_while_it_runs_and_bad_ones_are_not() {
    let service = Service::of("b2b-accounts", &FIGURES);
    let version = || service.get("/ready").json()["rules_version"].clone();
    let first = version();
    assert_eq!(grade(&service), "core");
    edit(&service, "rules.yaml", "key: \">= 8\", core", "key: \">= 5.5\", core");
    wait_until("the new rules are not taken", || (grade(&service) == "key").then_some(()));
    let second = version();
    assert_ne!(first, second);

    edit(&service, "rules.yaml", "kind: rating", "kind: ratng");
    let refused = wait_until("the bad rules are not looked at", || {
        let ready = service.get("/ready").json();
        (ready["last_reload"]["status"] == "refused").then_some(ready)
    });
    assert!(refused["last_reload"]["findings"][0].as_str().unwrap().contains("ratng"), "{refused}");
    assert_eq!((grade(&service), version()), (json!("key"), second));
    let metrics = service.get("/metrics").body;
    assert!(metrics.contains("accolade_last_reload_ok 0\n"), "{metrics}");
    assert!(metrics.contains("accolade_reloads_total{outcome=\"refused\"} 1\n"), "{metrics}");
    assert!(service.stderr().contains("did you mean `rating`?"), "{}", service.stderr());
    assert!(service.stderr().contains("the previous rules and cut-offs stay in force"), "{}", service.stderr());

    edit(&service, "rules.yaml", "kind: ratng", "kind: rating");
    wait_until("the mended rules are not taken", || {
        (service.get("/ready").json()["last_reload"]["status"] == "ok").then_some(())
    });

    // A script belongs to the rules.
    edit(&service, "scripts/strategic_fit.rhai", "\"logistics\" | ", "");
    wait_until("the new script is not taken", || (grade(&service) == "core").then_some(()));

    // Cut-offs that do not fit are refused too.
    edit(&service, "cutoffs.yaml", "rule_set: b2b-accounts", "rule_set: other");
    wait_until("the bad cut-offs are not looked at", || {
        (service.get("/ready").json()["last_reload"]["status"] == "refused").then_some(())
    });
    assert_eq!(grade(&service), "core");
}

#[test]
fn a_signal_makes_it_look() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--look-every", "0"]].concat());
    assert_eq!(service.post("/rate", &account()).json()["result"]["customer_class"], "A");
    let text = std::fs::read_to_string(service.path("cutoffs.yaml")).unwrap();
    std::fs::write(service.path("cutoffs.yaml"), text.replacen("- '19075.72'", "- '30000'", 1)).unwrap();
    service.signal("HUP");
    wait_until("the new cut-offs are not taken", || {
        (service.post("/rate", &account()).json()["result"]["customer_class"] == "B").then_some(())
    });
}

#[test]
fn rules_are_needed() {
    let none = "accolade: 1\nas_of: 2026-01-01\nsources:\n  c: {file: c.csv, key: id, columns: {id: text}}\n";
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--look-every", "0"]].concat());
    std::fs::write(service.path("rules.yaml"), none).unwrap();
    service.signal("HUP");
    let refused = || service.stderr().contains("`rules.yaml` has no rules to rate by").then_some(());
    wait_until("the rules are not refused", refused);
    assert_eq!(service.post("/rate", &account()).json()["result"]["customer_class"], "A");
    without_token(service.folder.path(), &["serve", "rules.yaml", "--cutoffs", "cutoffs.yaml"])
        .run()
        .says(2, &["`rules.yaml` has no rules to rate by"]);
}

#[test]
fn more_than_it_can_do_is_turned_away() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--max-concurrency", "1"]].concat());
    let waiting = service.send_head("/rate", &account());
    let at_work = || service.get("/metrics").body.contains("accolade_requests_at_work 1\n").then_some(());
    wait_until("the request is not at work", at_work);
    let refused = service.post("/rate", &account());
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{refused:?}");
    assert_eq!(waiting.finish().0, 200);
    assert_eq!(service.post("/rate", &account()).status, 200);
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--timeout", "1"]].concat());
    let mut stream = std::net::TcpStream::connect(&service.address).unwrap();
    let head = "POST /rate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\nconnection: close\r\n\r\n";
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

/// Everything that the service sends on a connection on which `text` is sent, until it closes the connection.
fn sent_after(service: &Service, text: &str) -> String {
    let mut stream = std::net::TcpStream::connect(&service.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    std::io::Write::write_all(&mut stream, text.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    answer
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--timeout", "1", "--verbose"]].concat());
    let answer = sent_after(&service, "POST /rate HTTP/1.1\r\nhost: loc");
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.ends_with("\"detail\":\"the head of the request did not arrive in time\"}"), "{answer}");
    assert!(service.get("/metrics").body.contains("accolade_requests_total{route=\"other\",status=\"408\"} 1\n"));
    assert!(service.stderr().contains("(no head) 408 "), "{}", service.stderr());
}

#[test]
fn idle_connections_are_closed() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--timeout", "1"]].concat());
    assert_eq!(sent_after(&service, ""), "");
    let answer = sent_after(&service, "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("{\"status\":\"ok\"}"), "{answer}");
}

#[test]
fn connections_over_the_limit_wait() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--max-connections", "1"]].concat());
    let first = service.send_head("/rate", &account());
    let mut second = std::net::TcpStream::connect(&service.address).unwrap();
    let request = "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    std::io::Write::write_all(&mut second, request.as_bytes()).unwrap();
    second.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
    assert!(std::io::Read::read(&mut second, &mut [0]).is_err());
    assert_eq!(first.finish().0, 200);
    second.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut second, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[test]
fn an_answer_that_is_not_taken_is_given_up() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--max-connections", "1", "--timeout", "1"]].concat());
    let mut stream = std::net::TcpStream::connect(&service.address).unwrap();
    // More answers than the system keeps for a reader.
    let requests = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(4_000);
    let mut reading_end = stream.try_clone().unwrap();
    std::thread::spawn(move || std::io::Write::write_all(&mut stream, requests.as_bytes()));
    assert_eq!(service.get("/health").status, 200);
    // The connection was cut off, not served to its end.
    let mut answers = Vec::new();
    let _ = std::io::Read::read_to_end(&mut reading_end, &mut answers);
    let count = String::from_utf8_lossy(&answers).matches("HTTP/1.1 200 OK").count();
    assert!(count < 4_000, "{count}");
}

#[test]
fn answers_name_the_versions_and_the_request() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--verbose"]].concat());
    let ready = service.get("/ready").json();
    let names = |answer: &HttpResponse| {
        ["accolade-rules-version", "accolade-cut-offs-version"].map(|name| json!(answer.header(name)))
    };
    let in_force = [ready["rules_version"].clone(), ready["cut_offs_version"].clone()];
    for answer in [
        service.post("/rate", &account()),
        service.post("/rate", &json!([account(), {}])),
        service.post("/rate", &json!({})),
        service.post("/explain", &account()),
        service.get("/openapi.json"),
    ] {
        assert_eq!(names(&answer), in_force, "{answer:?}");
    }
    let body = service.post("/rate", &account()).json();
    assert_eq!([body["rules_version"].clone(), body["cut_offs_version"].clone()], in_force);
    // The same files have the same versions, wherever and whenever they are loaded.
    let again = Service::of("b2b-accounts", &FIGURES);
    assert_eq!(names(&again.post("/rate", &account())), in_force);
    assert_eq!(names(&service.get("/health")), [Json::Null, Json::Null]);

    let id = |sent: &str| {
        let answer = service.send("GET", "/no", &[("x-request-id", sent)], "");
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(id("order-17/3"), "order-17/3");
    for unusable in ["", "two words", &"x".repeat(129)] {
        assert_eq!((id(unusable).len(), id(unusable) == id(unusable)), (36, false), "{unusable}");
    }
    assert!(service.stderr().lines().any(|line| line.ends_with(" order-17/3")), "{}", service.stderr());
}

#[test]
fn pages_of_the_web_are_not_answered_without_a_token() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--allow-host", "crm.example"]].concat());
    let record = account().to_string();
    let refused = |name: &str, value: &str| {
        let answer = service.send("POST", "/rate", &[("content-type", "application/json"), (name, value)], &record);
        (answer.status, answer.json()["detail"].as_str().map(str::to_owned))
    };
    let host =
        "requests for the host `evil.example:8080` are not answered; use `localhost`, or allow it with `--allow-host`";
    assert_eq!(refused("host", "evil.example:8080"), (403, Some(host.to_owned())));
    let origin = "requests from pages of `https://evil.example` are not answered; allow its host with `--allow-host`";
    assert_eq!(refused("origin", "https://evil.example"), (403, Some(origin.to_owned())));
    assert_eq!(refused("origin", "null").0, 403);
    assert_eq!(refused("host", "crm.example").0, 200);
    assert_eq!(refused("origin", "http://localhost:3000").0, 200);
    assert!(sent_after(&service, "GET /ready HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 403 "));
    // Whoever knows the token may be sent there by any name.
    let folder = rule_set("webshop-rfm");
    std::fs::write(folder.path().join("token"), "correct horse\n").unwrap();
    let with_token = Service::start(folder, &["--token-file", "token"], &[]);
    let headers = [("authorization", "Bearer correct horse"), ("host", "rates.example")];
    assert_eq!(with_token.send("GET", "/ready", &headers, "").status, 200);
    without_token(service.folder.path(), &["serve", "rules.yaml", "--cutoffs", "cutoffs.yaml", "--allow-host", "a:1"])
        .run()
        .says(2, &["write a name or an address without a port, such as `crm.example`"]);
}

#[test]
fn it_finishes_what_is_under_way_when_it_ends() {
    let service = Service::of("b2b-accounts", &FIGURES);
    let under_way = service.send_head("/rate", &account());
    wait_until("the request is not at work", || {
        service.get("/metrics").body.contains("accolade_requests_at_work 1\n").then_some(())
    });
    service.signal("TERM");
    wait_until("it still takes requests", || std::net::TcpStream::connect(&service.address).is_err().then_some(()));
    let (status, body) = under_way.finish();
    assert!(status == 200 && body.contains("\"customer_class\":\"A\""), "{status} {body}");
    let (status, _) = service.ended();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn it_does_not_wait_for_ever() {
    let service = Service::of("b2b-accounts", &[&FIGURES[..], &["--grace", "0", "--timeout", "3600"]].concat());
    let _under_way = service.send_head("/rate", &account());
    wait_until("the request is not at work", || {
        service.get("/metrics").body.contains("accolade_requests_at_work 1\n").then_some(())
    });
    service.signal("INT");
    let (status, folder) = service.ended();
    assert_eq!(status.code(), Some(0));
    let said = std::fs::read_to_string(folder.path().join("stderr")).unwrap();
    assert!(said.contains("requests still in progress were cut off"), "{said}");
}
