//! `accolade compare`: who moved, the amounts that moved, and the causes.

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::support::{CommandOutput, accolade, shop};

const REST: &str = "\
periods: {year: last 12 months}
profile:
  quantitative:
    revenue: sum(orders.amount in year)
rules:
  class:
    kind: abc
    by: revenue
    classes: {A: '>= 1_000', B: '>= 100', C: rest}
  score:
    kind: rating
    scale: 0..10
    criteria:
      size: {weight: 50%, value: revenue, bands: {'< 500': 0, '>= 500': 10}}
      mood: {weight: 50%, value: mood}
    grades: {good: '>= 6', poor: rest}
  action:
    kind: segments
    segments: {call: mood < 4, visit: class = \"A\", wait: rest}
";

fn rules() -> String {
    shop::rules("name: tiny\n", "customer_id: text, mood: integer 0..10", REST)
}

struct CompareFolder(TempDir);

impl CompareFolder {
    /// Twenty customers, the n-th with revenue 100·n and mood n mod 11.
    fn new() -> CompareFolder {
        let folder = CompareFolder(tempfile::tempdir().unwrap());
        folder.write("old.yaml", &rules());
        let customers: String = (1..=20).map(|n| format!("K{n:02},{}\n", n % 11)).collect();
        folder.write("customers.csv", &format!("customer_id,mood\n{customers}"));
        let orders: String = (1..=20).map(|n| format!("K{n:02},2025-06-01,{}\n", 100 * n)).collect();
        folder.write("orders.csv", &format!("customer_id,day,amount\n{orders}"));
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> CommandOutput {
        accolade(&self.0, &[&["compare"], arguments].concat())
    }

    fn json(&self, arguments: &[&str]) -> Json {
        self.run(&[arguments, &["--format", "json"]].concat()).json()
    }
}

/// The old rules with some texts replaced.
fn changed(pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(rules(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

fn migration<'j>(document: &'j Json, field: &str) -> &'j Json {
    document["migrations"].as_array().unwrap().iter().find(|m| m["field"] == field).unwrap()
}

/// `customer old new cause` of every move.
fn moves(document: &Json, field: &str) -> Vec<String> {
    let text = |v: &Json| if v.is_object() { "absent".to_owned() } else { v.as_str().unwrap_or("(none)").to_owned() };
    let line = |m: &Json| {
        let causes: Vec<&str> = m["causes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        format!("{} {} {} by {}", text(&m["customer"]), text(&m["old"]), text(&m["new"]), causes.join(" & "))
    };
    migration(document, field)["moves"].as_array().unwrap().iter().map(line).collect()
}

/// The changes in words between the old rules and these.
#[track_caller]
fn words(pairs: &[(&str, &str)], expected: &[&str]) {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &changed(pairs));
    let document = folder.json(&["old.yaml", "new.yaml"]);
    assert_eq!(document["changes"], serde_json::json!(expected));
}

#[test]
fn differences_are_said_in_words() {
    words(&[], &[]);
    words(&[("'>= 1_000'", "'>= 2_000'")], &["rule `class`: class `A` >= 1_000 → >= 2_000"]);
    words(
        &[("size: {weight: 50%", "size: {weight: 60%"), ("mood: {weight: 50%", "mood: {weight: 40%")],
        &["rule `score`: criterion `size`: weight 50% → 60%", "rule `score`: criterion `mood`: weight 50% → 40%"],
    );
    words(
        &[("'< 500': 0, '>= 500': 10", "'< 700': 0, '>= 700': 10")],
        &["rule `score`: criterion `size`: bands {< 500: 0, >= 500: 10} → {< 700: 0, >= 700: 10}"],
    );
    words(&[("last 12 months", "last 6 months")], &["period `year`: last 12 months → last 6 months"]);
    words(
        &[("sum(orders.amount in year)", "sum(orders.amount in year where orders.amount > 0)")],
        &["metric `revenue`: sum(orders.amount in year) → sum(orders.amount in year where orders.amount > 0)"],
    );
    words(
        &[("call: mood < 4, visit: class = \"A\"", "visit: class = \"A\", call: mood < 5")],
        &["rule `action`: segment `call` mood < 4 → mood < 5; segments in another order: visit, call, wait"],
    );
    words(
        &[("rules:\n", "rules:\n  vip: {kind: segments, segments: {yes: mood = 10, no: rest}}\n")],
        &["rule `vip` added"],
    );
    words(&[("    segments: {call", "    hit: first\n    segments: {call")], &["rule `action`: hit first added"]);
}

#[test]
fn the_same_rules_move_nobody() {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &format!("# another comment\n{}", rules()));
    let document = folder.json(&["old.yaml", "new.yaml"]);
    for field in ["class", "score.grade", "action"] {
        assert_eq!(migration(&document, field)["moved"], 0, "{field}");
        assert_eq!(migration(&document, field)["customers"], 20, "{field}");
    }
    let text = folder.run(&["old.yaml", "new.yaml"]).out;
    assert!(text.contains("the rule files say the same") && text.contains("class: nobody moved"), "{text}");
}

#[test]
fn a_threshold_moves_those_between() {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &changed(&[("'>= 1_000'", "'>= 1_200'")]));
    let document = folder.json(&["old.yaml", "new.yaml"]);
    let cause = "rule `class`: class `A` >= 1_000 → >= 1_200";
    assert_eq!(moves(&document, "class"), [format!("K10 A B by {cause}"), format!("K11 A B by {cause}")]);
    assert_eq!(migration(&document, "class")["amount"].to_string(), "2100.00");
    // What follows from the class moves by the same cause; K11 is called anyway.
    assert_eq!(moves(&document, "action"), [format!("K10 visit wait by {cause}")]);
    let text = folder.run(&["old.yaml", "new.yaml"]).out;
    assert!(text.contains("2 of 20 customers moved (10.0%), 2,100 of revenue"), "{text}");
    assert!(text.contains("2 by change 1"), "{text}");
}

#[test]
fn each_move_names_the_change_that_made_it() {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &changed(&[("'>= 1_000'", "'>= 1_100'"), ("'>= 100'", "'>= 200'")]));
    let document = folder.json(&["old.yaml", "new.yaml"]);
    assert_eq!(
        moves(&document, "class"),
        [
            "K01 B C by rule `class`: class `B` >= 100 → >= 200",
            "K10 A B by rule `class`: class `A` >= 1_000 → >= 1_100"
        ]
    );
}

#[test]
fn weights_count_together_and_so_do_changes_that_need_each_other() {
    let folder = CompareFolder::new();
    let weights = [("size: {weight: 50%", "size: {weight: 60%"), ("mood: {weight: 50%", "mood: {weight: 40%")];
    folder.write("new.yaml", &changed(&weights));
    let document = folder.json(&["old.yaml", "new.yaml"]);
    let cause = "rule `score`: criterion `size`: weight 50% → 60%; rule `score`: criterion `mood`: weight 50% → 40%";
    let expected: Vec<String> = ["K11", "K12"].map(|k| format!("{k} poor good by {cause}")).to_vec();
    assert_eq!(moves(&document, "score.grade")[..2], expected);
    // K01 gets 0.5 points; 5.5 with the new band, which is good with the new grade only.
    let both = [("'< 500': 0, '>= 500': 10", "'< 100': 0, '>= 100': 10"), ("'>= 6'", "'>= 5.5'")];
    folder.write("new.yaml", &changed(&both));
    let document = folder.json(&["old.yaml", "new.yaml"]);
    assert_eq!(moves(&document, "score.grade")[0], "K01 poor good by several changes together");
}

#[test]
fn one_file_at_two_dates() {
    let folder = CompareFolder::new();
    let document = folder.json(&["old.yaml", "--old-as-of", "2025-05-01"]);
    assert_eq!(document["old"]["as_of"], "2025-05-01");
    assert_eq!(migration(&document, "class")["moved"], 20);
    assert_eq!(moves(&document, "class")[0], "K01 none B by the date");
    assert_eq!(document["changes"], serde_json::json!([]));
}

#[test]
fn two_folders_of_data_and_customers_who_came_or_went() {
    let folder = CompareFolder::new();
    folder.write("before/customers.csv", "customer_id,mood\nK00,5\nK01,1\nK20,5\n");
    folder.write(
        "before/orders.csv",
        "customer_id,day,amount\nK00,2025-06-01,150\nK01,2025-06-01,100\nK20,2025-06-01,50\n",
    );
    let document = folder.json(&["old.yaml", "--old-data", "before"]);
    let class = migration(&document, "class");
    assert_eq!((class["customers"].as_u64(), class["moved"].as_u64()), (Some(2), Some(1)));
    let all = moves(&document, "class");
    assert_eq!(all[0], "K00 B absent by no longer a customer");
    assert_eq!(all[1], "K02 absent B by new customer");
    assert_eq!(all.last().unwrap(), "K20 C A by the data");
    let text = folder.run(&["old.yaml", "--old-data", "before"]).out;
    let row = text.lines().find(|l| l.trim_start().starts_with("absent")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["absent", "10", "8", "0", "0", "0"]);
}

#[test]
fn too_many_moves_can_be_an_error() {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &changed(&[("'>= 1_000'", "'>= 1_100'")]));
    let code = |limit: &str| folder.run(&["old.yaml", "new.yaml", "--fail-if-moved", limit]).code;
    // One of twenty is five percent.
    assert_eq!(code("5%"), Some(0));
    assert_eq!(code("4.99%"), Some(1));
    assert_eq!(code("0.05"), Some(0));
    assert_eq!(code("much"), Some(2));
}

#[test]
fn moves_can_be_written_to_a_file() {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &changed(&[("'>= 1_000'", "'>= 1_100'")]));
    folder.run(&["old.yaml", "new.yaml", "-o", "moved.csv"]).exits(0);
    let moved = std::fs::read_to_string(folder.0.path().join("moved.csv")).unwrap();
    assert!(moved.starts_with("rule,customer,from,to,revenue,by\nclass,K10,A,B,1000.00,"), "{moved}");
}

#[test]
fn mistakes_are_told() {
    let folder = CompareFolder::new();
    let said = |arguments: &[&str]| {
        let ran = folder.run(arguments);
        (ran.code, ran.err)
    };
    let (code, text) = said(&["old.yaml"]);
    assert!(code == Some(2) && text.contains("both sides are the same"), "{text}");
    let (code, text) = said(&["old.yaml", "nowhere.yaml"]);
    assert!(code == Some(1) && text.contains("E0701"), "{text}");
    folder.write("wrong.yaml", &changed(&[("by: revenue", "by: revenu")]));
    let (code, text) = said(&["old.yaml", "wrong.yaml"]);
    assert!(code == Some(1) && text.contains("did you mean `revenue`"), "{text}");
}

#[test]
fn measures_programmes_and_goals_are_compared_and_a_programme_moves_its_members() {
    let folder = CompareFolder::new();
    let sections = "measures: {total: sum(revenue)}\nprogrammes:\n  club: {members: mood > 7, period: year, before: before, \
                    margin: orders.amount, cost: {fixed: 10}}\ngoals: {pays: {measure: return_on(club), target: '> 0%'}}\n";
    let old =
        format!("{}{sections}", rules()).replace("last 12 months}", "last 12 months, before: 12 months before year}");
    let new = old
        .replace("sum(revenue)", "sum(revenue) by class")
        .replace("mood > 7", "mood > 8")
        .replace("cost: {fixed: 10}", "cost: {fixed: 10, per_member: 2}, by: class")
        .replace("'> 0%'", "'> 5%'");
    folder.write("old.yaml", &old);
    folder.write("new.yaml", &new);
    let document = folder.json(&["old.yaml", "new.yaml"]);
    let expected = [
        "measure `total`: sum(revenue) → sum(revenue) by class",
        "programme `club`: members mood > 7, year against before, margin orders.amount, fixed cost 10 → members mood > 8, \
             year against before, margin orders.amount, fixed cost 10, cost per member 2, by class",
        "goal `pays`: return_on(club) > 0% → return_on(club) > 5%",
    ];
    assert_eq!(document["changes"], serde_json::json!(expected));
    // Only the customers whose mood is 8 leave: the eighth and the nineteenth.
    let by = |customer: &str| format!("{customer} member other by {}", expected[1]);
    assert_eq!(moves(&document, "club"), [by("K08"), by("K19")]);
}

#[test]
fn a_cause_gives_the_new_class_by_itself() {
    let rules = |mid: &str| {
        format!(
            "accolade: 1\nas_of: 2025-12-31\nsources:\n  o: {{file: o.csv, customer: c, date: d, \
             columns: {{c: text, d: date, a: money}}}}\nprofile: {{quantitative: {{revenue: sum(o.a)}}}}\nrules:\n  \
             size: {{kind: segments, segments: {{large: revenue >= 100, mid: revenue >= {mid}, small: rest}}}}\n"
        )
    };
    let orders = "c,d,a\nK,2025-01-01,60\nK,2025-12-15,140\n";
    let shop = shop::folder(&[("a.yaml", &rules("50")), ("b.yaml", &rules("80")), ("o.csv", orders)]);
    let arguments = ["compare", "a.yaml", "b.yaml", "--old-as-of", "2025-11-30", "--as-of", "2025-12-31"];
    let page = accolade(&shop, &arguments).exits(0).out;
    assert!(page.contains("    1 by the date\n"), "{page}");
    let document = accolade(&shop, &[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(moves(&document, "size"), ["K mid large by the date"]);
}

#[test]
fn the_date_is_told_from_the_data() {
    let folder = CompareFolder::new();
    let customers = "customer_id,mood\nK01,5\nK02,5\nK03,5\n";
    let orders = |k1: &str, k3: &str| {
        format!("customer_id,day,amount\nK01,2025-06-01,{k1}\nK02,2025-11-01,500\nK03,2025-11-01,{k3}\n")
    };
    for (side, text) in [("before", orders("100", "100")), ("after", orders("5000", "5000"))] {
        folder.write(&format!("{side}/customers.csv"), customers);
        folder.write(&format!("{side}/orders.csv"), &text);
    }
    let sides = ["old.yaml", "--old-data", "before", "--data", "after", "--old-as-of", "2025-07-01"];
    let document = folder.json(&sides);
    assert_eq!(
        moves(&document, "class"),
        ["K01 B A by the data", "K02 none B by the date", "K03 none A by the date and the data",]
    );
}

#[test]
fn a_move_counts_once() {
    let folder = CompareFolder::new();
    folder.write("new.yaml", &changed(&[("'>= 1_000'", "'>= 1_100'"), ("last 12 months", "last 2 months")]));
    let text = folder.run(&["old.yaml", "new.yaml"]).out;
    let class = text.split("\nscore.grade").next().unwrap().split("\nclass\n").nth(1).unwrap();
    let counts: u32 = class
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.split_once(" by ")?.0.trim().parse::<u32>().ok())
        .sum();
    let moved: u32 =
        class.lines().find_map(|line| line.trim().split_once(" of 20 customers moved")?.0.parse().ok()).unwrap();
    assert_eq!(counts, moved, "{class}");
}

#[test]
fn the_causes_are_the_changes_that_give_the_new_class_alone() {
    let edits = [
        ("'>= 1_000'", "'>= 700'"),
        ("'>= 100'", "'>= 500'"),
        ("last 12 months", "last 8 months"),
        ("bands: {'< 500': 0, '>= 500': 10}", "bands: {'< 1_200': 0, '>= 1_200': 10}"),
        ("good: '>= 6'", "good: '>= 4'"),
        ("call: mood < 4", "call: mood < 6"),
    ];
    let folder = CompareFolder::new();
    let orders: String = (1..=20)
        .map(|n| format!("K{n:02},2025-{:02}-01,{}\nK{n:02},2025-12-01,{}\n", 1 + n % 12, 70 * n, 37 * (n % 5)))
        .collect();
    folder.write("orders.csv", &format!("customer_id,day,amount\n{orders}"));
    // The label that each customer has by the old rules with these edits, by field.
    let labels = |edits: &[(&str, &str)], name: &str| {
        folder.write(&format!("{name}.yaml"), &changed(edits));
        let rated = format!("{name}.csv");
        accolade(&folder.0, &["run", &format!("{name}.yaml"), "-o", &rated]).exits(0);
        let mut reader = csv::Reader::from_path(folder.0.path().join(rated)).unwrap();
        let head = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        move |customer: &str, field: &str| {
            let at = head.iter().position(|name| name == field).unwrap();
            rows.iter().find(|row| &row[0] == customer).unwrap()[at].to_owned()
        }
    };
    let alone: Vec<_> = edits.iter().enumerate().map(|(i, edit)| labels(&[*edit], &format!("one{i}"))).collect();
    folder.write("all.yaml", &changed(&edits));
    let document = folder.json(&["old.yaml", "all.yaml"]);
    let words: Vec<String> = edits
        .iter()
        .enumerate()
        .map(|(i, _)| folder.json(&["old.yaml", &format!("one{i}.yaml")])["changes"][0].as_str().unwrap().to_owned())
        .collect();
    let mut named = 0;
    for field in ["class", "score.grade", "action"] {
        for moved in migration(&document, field)["moves"].as_array().unwrap() {
            let (customer, new) = (moved["customer"].as_str().unwrap(), moved["new"].as_str().unwrap());
            let causes: Vec<&str> = moved["causes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
            let effects = words.iter().zip(&alone).filter(|(_, label)| label(customer, field) == new);
            let expected: Vec<&str> = effects.map(|(word, _)| word.as_str()).collect();
            let mut sorted = causes.clone();
            sorted.sort_by_key(|cause| words.iter().position(|word| word == cause));
            let expected = if expected.is_empty() { vec!["several changes together"] } else { expected };
            assert_eq!(sorted, expected, "{field}: {moved}");
            named += 1;
        }
    }
    assert!(named > 20, "only {named} moves");
}
