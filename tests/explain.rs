//! `accolade explain`: the derivation of a result, the nearest change, and reasons as a column.

use tempfile::TempDir;

use crate::support::{accolade, shop};

const REST: &str = "\
periods: {year: last 12 months}
profile:
  quantitative:
    revenue: sum(orders.amount in year)
    orders_in_year: count(orders in year)
    share_of_wallet: revenue / budget
rules:
  class:
    kind: abc
    by: revenue
    classes: {A: top 80%, B: rest}
    none: prospect
  score:
    kind: rating
    scale: 0..10
    missing: zero
    criteria:
      size: {weight: 60%, value: revenue, bands: {'< 100': 0, '100 ..< 1_000': 5, '>= 1_000': 10}}
      mood: {weight: 40%, value: cooperation}
    grades: {key: '>= 8', core: '>= 4', basic: rest}
  action:
    kind: segments
    segments:
      mail: opt_in and class = \"B\"
      call: share_of_wallet < 30% and score >= 5
      visit: class = \"A\" and score >= 8 and orders_in_year >= 10
      wait: rest
";

fn rules() -> String {
    shop::rules(
        "name: tiny\ncurrency: EUR\n",
        "customer_id: text, cooperation: integer? 1..10, opt_in: boolean, budget: money",
        REST,
    )
}

fn folder() -> TempDir {
    let customers = "customer_id,cooperation,opt_in,budget\nK1,6,false,10000\nK2,9,false,1000\nK3,,false,1000\n";
    let orders = "customer_id,day,amount\nK1,2025-02-01,700\nK1,2025-05-01,50\nK1,2024-05-01,9\nK2,2025-03-01,250\n";
    shop::folder(&[("rules.yaml", &rules()), ("customers.csv", customers), ("orders.csv", orders)])
}

/// The explanation of a customer, with repeated blanks removed.
fn explained(arguments: &[&str]) -> String {
    let folder = folder();
    let all: Vec<&str> = ["explain", "rules.yaml"].iter().chain(arguments).copied().collect();
    let said = accolade(&folder, &all).output();
    said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

#[track_caller]
fn check(arguments: &[&str], expected: &[&str]) {
    let said = explained(arguments);
    for line in expected {
        assert!(said.lines().any(|l| l == *line), "`{line}` is not in\n{said}");
    }
}

#[test]
fn metrics_name_the_rows_they_are_made_of() {
    check(
        &["--customer", "K1"],
        &[
            "K1: tiny at 2026-01-01, amounts in EUR",
            "revenue 750.00 sum(orders.amount in year) 2 orders, 2025-02-01 to 2025-05-01",
            "orders_in_year 2 count(orders in year) 2 orders, 2025-02-01 to 2025-05-01",
            "share_of_wallet 0.075 revenue / budget",
        ],
    );
    check(&["--customer", "K2"], &["revenue 250.00 sum(orders.amount in year) 1 row of orders, 2025-03-01"]);
    check(&["--customer", "K3"], &["revenue 0.00 sum(orders.amount in year) 0 orders"]);
}

#[test]
fn a_class_shows_its_cut_off_rank_and_share() {
    check(
        &["--customer", "K2", "--rule", "class"],
        &[
            "class: A (rank 2, share 25%, cumulative_share 100%) rules.yaml:22",
            "A revenue >= 250.00 yes revenue 250.00 rules.yaml:25",
            "decided by: top 80% (rules.yaml:25)",
            "B revenue − 0.0001 (250.00 → 249.9999)",
            "prospect revenue − 250.00 (250.00 → 0.00)",
        ],
    );
}

#[test]
fn a_score_shows_weights_points_and_contributions() {
    check(
        &["--customer", "K1", "--rule", "score"],
        &[
            "score: 5.40 (grade core, coverage 100%) rules.yaml:27",
            "size 60% revenue 750.00 100 ..< 1_000 5.00 3.00 rules.yaml:32",
            "mood 40% cooperation 6 its value 6.00 2.40 rules.yaml:33",
            "key >= 8 no score 5.40 rules.yaml:34",
            "core >= 4 yes score 5.40 rules.yaml:34",
            "key revenue + 250.00 (750.00 → 1,000.00)",
            "basic revenue − 650.0001 (750.00 → 99.9999), or cooperation − 4 (6 → 2)",
        ],
    );
    check(
        &["--customer", "K3", "--rule", "score"],
        &[
            "mood 40% cooperation missing missing: zero 0.00 0.00",
            "score: 0.00 (grade basic, coverage 60%) rules.yaml:27",
        ],
    );
}

#[test]
fn a_segment_shows_each_row_that_failed_and_what_would_do() {
    check(
        &["--customer", "K2", "--rule", "action"],
        &[
            "mail opt_in and class = \"B\" no opt_in false, class A rules.yaml:38",
            "call share_of_wallet < 30% and score >= 5 yes share_of_wallet 0.25, score 6.60 rules.yaml:39",
            "decided by: share_of_wallet < 30% and score >= 5 (rules.yaml:39)",
            "mail no field alone; revenue − 0.0001 (250.00 → 249.9999) and opt_in false → true",
            "wait revenue + 50.00 (250.00 → 300.00), or budget − 166.6667 (1,000.00 → 833.3333), or cooperation − 5 (9 → 4)",
        ],
    );
}

#[test]
fn three_fields_where_two_do_not_do() {
    // K3 has no orders and does not cooperate: a visit needs revenue, cooperation and ten orders.
    let said = explained(&["--customer", "K3", "--rule", "action"]);
    let visit = said.lines().find(|line| line.starts_with("visit no field alone")).expect(&said);
    for part in ["revenue + 1,000.00 (0.00 → 1,000.00)", "orders_in_year + 10 (0 → 10)", "cooperation missing → "]
    {
        assert!(visit.contains(part), "{visit}");
    }
}

#[test]
fn saved_cut_offs_explain_a_customer_by_them() {
    let folder = folder();
    accolade(&folder, &["calibrate", "rules.yaml", "-o", "cutoffs.yaml"]).exits(0);
    let saved = std::fs::read_to_string(folder.path().join("cutoffs.yaml")).unwrap();
    std::fs::write(folder.path().join("cutoffs.yaml"), saved.replace("250", "700.50")).unwrap();
    let arguments = ["explain", "rules.yaml", "--customer", "K2", "--rule", "class", "--cutoffs", "cutoffs.yaml"];
    let said = accolade(&folder, &arguments).out;
    assert!(said.contains("revenue >= 700.50") && said.contains("class: B"), "{said}");
    assert!(said.contains("revenue + 450.50 (250.00 → 700.50)"), "{said}");
}

#[test]
fn several_customers_and_every_format() {
    let folder = folder();
    let arguments = ["explain", "rules.yaml", "--customer", "K1", "--customer", "K2", "--format", "json"];
    let document = accolade(&folder, &arguments).json();
    assert_eq!(document["customers"][1]["customer"], "K2");
    let score = &document["customers"][0]["rules"][1];
    assert_eq!(score["results"]["score.grade"], "core");
    assert_eq!(score["reasons"][0]["share"]["contribution"].to_string(), "3.00");
    assert_eq!(score["nearest"][0]["changes"][0]["to"].to_string(), "1000.00");
    let ran = accolade(&folder, &["explain", "rules.yaml", "--customer", "K1", "--format", "yaml"]);
    let yaml: serde_yaml::Value = serde_yaml::from_str(&ran.out).unwrap();
    assert_eq!(yaml["customers"][0]["rules"][0]["results"]["class"], "A");
    let page = accolade(&folder, &["explain", "rules.yaml", "--customer", "K1", "--format", "markdown"]).out;
    assert!(page.starts_with("# K1\n") && page.contains("## action: call"), "{page}");
}

#[test]
fn unknown_customers_and_rules_are_said() {
    check(&["--customer", "K7"], &["error: there is no customer `K7` in the data; did you mean `K1`?"]);
    check(&["--customer", "K1", "--rule", "scor"], &["error: the rule file has no rule `scor`; did you mean `score`?"]);
}

#[test]
fn asking_for_explanations_changes_no_result() {
    use accolade_engine::frame::value_at;
    use accolade_engine::{FileSystem, Inputs, RunOptions, compile, run, run_with};
    let folder = folder();
    let rules = folder.path().join("rules.yaml");
    let set = compile(&rules, &FileSystem, &accolade_engine::plugins()).set.unwrap();
    let files = set.demand.sources.iter().map(|s| folder.path().join(s.file.as_ref().unwrap()).into()).collect();
    let inputs = Inputs { threads: 2, ..Inputs::new(set.as_of.unwrap(), files) };
    let plain = run(&set, &inputs, None).unwrap();
    let slots = set.output.clone();
    let traced = run_with(&set, &inputs, None, RunOptions { reasons: true, rows_used: true }).unwrap();
    for slot in slots {
        for row in 0..plain.frame.rows {
            let [a, b] = [&plain, &traced].map(|o| value_at(o.frame.column(slot).unwrap(), row));
            assert_eq!(a, b, "{}", set.demand.slots[slot].name);
        }
    }
    assert_eq!(plain.cut_offs, traced.cut_offs);
}

#[test]
fn reasons_come_as_columns() {
    let folder = folder();
    let text = accolade(&folder, &["run", "rules.yaml", "--why", "-o", "-"]).out;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    for (column, expected) in [
        ("class.why", "revenue >= 250.00"),
        ("score.why", "size 3.00 + mood 2.40"),
        ("action.why", "share_of_wallet < 30% and score >= 5"),
    ] {
        let at = header.iter().position(|h| *h == column).unwrap();
        assert_eq!(lines.clone().next().unwrap().split(',').nth(at), Some(expected));
    }
}

#[test]
fn of_two_numbers_that_are_as_far_in_floats_the_first_is_nearer() {
    // From -0.25 both zero and the least float above it are 0.25 away, and the value is missing below zero.
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "rules.yaml",
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {file: c.csv, key: id, columns: {id: text, rate: number}}\n\
         profile: {quantitative: {worth: 'clv(100, 50%, rate)'}}\n\
         rules: {class: {kind: abc, by: worth, classes: {A: '>= 1_000', B: rest}}}\n",
    );
    write("c.csv", "id,rate\na,-0.25\n");
    let page = accolade(&folder, &["explain", "rules.yaml", "--customer", "a", "--format", "json"]).json();
    let ways = page["customers"][0]["rules"][0]["nearest"].as_array().unwrap();
    let way = ways.iter().find(|way| way["label"] == "B").unwrap();
    assert_eq!(way["changes"][0]["to"].as_f64(), Some(0.0), "{way}");
}

/// Three customers with names, one of them with a key of zeros and digits.
fn named() -> TempDir {
    let rules = shop::rules(
        "name: tiny\n",
        "customer_id: text, company_name: text, city: text",
        "periods: {year: last 12 months}\nprofile: {administrative: [company_name, city], quantitative: {revenue: sum(orders.amount in year)}}\n\
         rules: {class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}}\n",
    );
    let customers =
        "customer_id,company_name,city\n000412,Smits Bouw BV,Gent\n000413,Smits Bakkerij,Gent\nK7,De Wit,Aalst\n";
    let orders = "customer_id,day,amount\n000412,2025-02-01,700\nK7,2025-03-01,250\n";
    shop::folder(&[("rules.yaml", &rules), ("customers.csv", customers), ("orders.csv", orders)])
}

#[test]
fn a_customer_is_found_by_key_or_name_where_that_is_unique() {
    let folder = named();
    for command in ["explain", "profile"] {
        let check = |asked: &str, key: &str| accolade(&folder, &[command, "rules.yaml", asked]).says(0, &[key]);
        check("000412", "000412");
        check("412", "000412");
        check("k7", "K7");
        check("Smits Bouw", "000412");
        check("smits bouw bv", "000412");
        check("wit", "K7");
        let refuse = |asked: &str, says: &str| accolade(&folder, &[command, "rules.yaml", asked]).says(2, &[says]);
        refuse("Smits", "could be 2 customers: 000412 (Smits Bouw BV), 000413 (Smits Bakkerij)");
        refuse("Smitz Bouw BV", "did you mean `Smits Bouw BV`?");
        refuse("K8", "there is no customer `K8` in the data; did you mean `K7`?");
        refuse("Gent", "there is no customer `Gent` in the data");
        accolade(&folder, &[command, "rules.yaml", "412", "De Wit"]).says(0, &["000412", "K7"]);
        accolade(&folder, &[command, "rules.yaml"]).says(2, &["<KEY>..."]);
    }
}

/// A rule set over texts: one with listed values, one of any.
const TEXTS: &str = "\
accolade: 1
as_of: 2026-01-01
sources:
  c:
    file: c.csv
    key: id
    columns: {id: text, industry: 'text in [saas, retail, food]', ok: boolean, town: text}
rules:
  t: {kind: segments, segments: {high: 'industry = \"saas\"', low: rest}}
  m: {kind: segments, segments: {high: 'industry = \"saas\" and ok', low: rest}}
  u: {kind: segments, segments: {sold: 'industry in [\"retail\", \"food\"]', none: rest}}
  f: {kind: segments, segments: {north: 'town = \"Assen\"', south: rest}}
  g: {kind: segments, segments: {north: 'town = \"Assen\" and ok', south: rest}}
  s:
    kind: rating
    scale: 0..10
    missing: error
    criteria:
      i: {weight: 50%, value: industry, bands: {saas: 10, retail: 2, food: 2}}
      o: {weight: 50%, value: ok, bands: {\"true\": 10, \"false\": 2}}
    grades: {good: \">= 9\", fair: \">= 6\", bad: rest}
";

#[test]
fn listed_texts_are_changed_and_others_are_named() {
    let customers = "id,industry,ok,town\nK1,retail,false,Leek\nK2,saas,true,Assen\n";
    let folder = shop::folder(&[("rules.yaml", TEXTS), ("c.csv", customers)]);
    let said = |customer: &str, rule: &str| {
        let said = accolade(&folder, &["explain", "rules.yaml", "--customer", customer, "--rule", rule]).output();
        let (_, nearest) = said.split_once("nearest change\n").unwrap();
        nearest.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("; ")
    };
    let check = |customer: &str, rule: &str, expected: &str| {
        assert_eq!(said(customer, rule).trim_end_matches("; "), expected, "{rule} of {customer}");
    };
    check("K1", "t", "high industry retail → saas");
    check("K2", "t", "low industry saas → retail");
    check("K1", "m", "high no field alone; industry retail → saas and ok false → true");
    check("K2", "u", "sold industry saas → retail");
    check("K1", "f", "north single fields cannot change it (not followed: town)");
    check("K1", "g", "north no change of up to 4 fields (not followed: town)");
    check("K2", "g", "south ok true → false (not followed: town)");
    check(
        "K1",
        "s",
        "good no field alone; industry retail → saas and ok false → true; \
        fair industry retail → saas, or ok false → true",
    );
    let json = accolade(&folder, &["explain", "rules.yaml", "--customer", "K1", "--format", "json"]).json();
    let nearest = |rule: usize| json["customers"][0]["rules"][rule]["nearest"][0].clone();
    assert_eq!(nearest(0)["changes"][0]["to"], "saas", "{json}");
    assert_eq!(nearest(3)["not_followed"][0], "town", "{json}");
    accolade(&folder, &["profile", "rules.yaml", "K1"]).says(0, &["industry retail → saas"]);
}
