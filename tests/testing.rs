//! `accolade test`: what passes, what fails and how it is reported.

use std::path::Path;

use tempfile::TempDir;

use crate::support::{Cli, CommandOutput, accolade, shop};

const REST: &str = "\
periods: {year: last 12 months}
profile:
  quantitative:
    revenue: sum(orders.amount in year)
    share_of_wallet: revenue / budget
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}, none: prospect}
  score:
    kind: rating
    scale: 0..10
    missing: renormalise
    criteria:
      size: {weight: 60%, value: revenue, bands: {'< 100': 0, '100 ..< 1_000': 5, '>= 1_000': 10}}
      mood: {weight: 40%, value: satisfaction, linear: 1..5}
    grades: {good: '>= 5', poor: rest}
  action:
    kind: segments
    segments: {call: class = \"A\" and score < 5, visit: class = \"A\", wait: rest}
goals:
  keep: {measure: retention(year to year), target: '>= 100%'}
";

fn rules() -> String {
    shop::rules("name: tiny\n", "customer_id: text, country: text, satisfaction: integer? 1..5, budget: money", REST)
}

struct TestFileFolder(TempDir);

impl TestFileFolder {
    /// A folder with the rules and a test file whose head is given.
    fn new(tests: &str) -> TestFileFolder {
        let folder = TestFileFolder(tempfile::tempdir().unwrap());
        folder.write("rules.yaml", &rules());
        folder.write("tests.yaml", tests);
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> CommandOutput {
        accolade(self.path(), arguments)
    }
}

/// Runs one case of this body. Returns the exit code and the output.
#[track_caller]
fn check(case: &str, code: i32, says: &[&str]) {
    let body: String = case.lines().map(|line| format!("    {line}\n")).collect();
    let folder = TestFileFolder::new(&format!("cases:\n  it:\n{body}"));
    folder.run(&["test"]).says(code, says);
}

#[test]
fn given_rows_can_be_maps_csv_or_files() {
    check(
        "given:\n  customers: [{customer_id: K1, budget: 1_000}]\n  orders: [{day: 2025-05-01, amount: 250}]\n\
         expect: {customers: {K1: {revenue: 250, share_of_wallet: 0.25, class: A, score: 5, action: visit}}}",
        0,
        &["1 passed, 0 failed"],
    );
    check(
        "given:\n  orders: |\n    customer_id, day, amount\n    K1, 2025-05-01, 250\n    K2, 2025-05-01, 1\n\
         expect: {customers: {K1: {class: A}, K2: {class: B}}, population: [count() = 2]}",
        0,
        &["3 values compared"],
    );
    let folder = TestFileFolder::new(
        "cases:\n  it:\n    given: {orders: own.csv}\n    expect: {customers: {K9: {revenue: 7.50}}}\n",
    );
    folder.write("own.csv", "customer_id,day,amount\nK9,2025-05-01,7.50\n");
    folder.run(&["test"]).exits(0);
}

#[test]
fn fields_can_be_given_instead_of_computed() {
    check(
        "given: {profile: [{customer_id: K1, class: A, score: 4.999999}, {customer_id: K2, class: A, score: 5}]}\n\
         expect: {customers: {K1: {action: call}, K2: {action: visit}}}",
        0,
        &[],
    );
}

#[test]
fn missing_tolerance_and_what_decided_can_be_expected() {
    check(
        "given: {profile: [{customer_id: K1, revenue: 500}]}\n\
         expect: {customers: {K1: {satisfaction: missing, score: 5.04 ± 0.05, \
         decided_by: {score.size: '100 ..< 1_000', score.mood: missing, score: '>= 5', action: visit}}}}",
        0,
        &["6 values compared"],
    );
}

#[test]
fn a_failure_shows_the_cell_and_why() {
    check(
        "given: {profile: [{customer_id: K1, revenue: 500}]}\n\
         expect: {customers: {K1: {action: wait, score: 5.2 ± 0.1, decided_by: {score.size: '< 100'}}}}",
        1,
        &[
            "FAIL  it",
            "customer  field                  expected   actual         why",
            "K1        action                 wait       visit          class = \"A\"",
            "K1        score                  5.2 ± 0.1  5.00           size 5.00 + mood missing",
            "K1        decided_by score.size  < 100      100 ..< 1_000",
            "0 passed, 1 failed",
        ],
    );
}

#[test]
fn the_population_is_held_to_expressions() {
    let given = "given: {profile: [{customer_id: K1, revenue: 800}, {customer_id: K2, revenue: 150}, {customer_id: K3, revenue: 50}]}\n";
    let expect = |list: &str| format!("{given}expect: {{population: [{list}]}}");
    check(
        &expect(
            "'count(class = \"A\") = 1', share of revenue in A = 80%, 'share(class = \"B\") > 66.6%', sum(revenue) = 1_000, \
             'mean(revenue where class = \"B\") = 100', min(revenue) >= 50, max(revenue) < 800.0001, 'count(class = \"A\" or revenue > 100) = 2'",
        ),
        0,
        &["8 values compared"],
    );
    check(&expect("share of revenue in A >= 80.000001%"), 1, &["share of revenue in A >= 80.000001%", "0.8"]);
    check(&expect("retention(year to year) = 100%"), 1, &["no data"]);
    check(&expect("count(clas = \"A\") = 1"), 1, &["E0301", "clas"]);
    check(&expect("sum(country) = 1"), 1, &["E0406"]);
    check(&expect("retention(year to year) / 2 = 0"), 1, &["no data"]);
    check(&expect("sum(revenue) + 1 = 0"), 1, &["E0401"]);
    check(&expect("share of revenue in X >= 1%"), 1, &["no rule gives the label `X`"]);
}

#[test]
fn measures_programmes_and_groups_of_goals_can_be_expected() {
    let more = "  wide: {measure: 'share(revenue > 100) by class', target: '>= 50%'}\n\
                measures: {spent: sum(revenue) by class, typical: median(revenue)}\n\
                programmes:\n  club:\n    members: country = \"NL\"\n    control: country = \"BE\"\n    period: year\n    \
                before: before\n    margin: orders.amount\n    cost: {per_member: 10}\n    by: class\n";
    let given = "    given:\n      customers: [{customer_id: K1, country: NL}, {customer_id: K2, country: BE}, {customer_id: K3, country: FR}]\n      \
                 orders: [{customer_id: K1, day: 2025-05-01, amount: 900}, {customer_id: K2, day: 2025-05-01, amount: 100}]\n";
    let run = |expect: &str| {
        let folder = TestFileFolder::new(&format!("cases:\n  it:\n{given}    expect: {expect}\n"));
        let rules = rules().replace("year: last 12 months}", "year: last 12 months, before: 12 months before year}");
        folder.write("rules.yaml", &format!("{rules}{more}"));
        let ran = folder.run(&["test"]);
        (ran.code, ran.output())
    };
    let (code, said) = run("{measures: {typical: 100, spent: {total: 1000, A: 900, B: 100, prospect: 0}}, \
         programmes: {club: {members: 1, uplift: 800, return: 7900%, kept: missing, A: {cost: 10, control: 0, uplift: missing}}}, \
         goals: {wide: {total: not met, A: met, B: 0%}}}");
    assert_eq!((code, said.contains("15 values compared")), (Some(0), true), "{said}");
    for (expect, says) in [
        ("{measures: {spent: {A: 301}}}", "spent A  301       900"),
        ("{measures: {spend: 1}}", "did you mean `spent`"),
        ("{measures: {spent: {C: 1}}}", "there is no group `C`"),
        ("{programmes: {club: {retrun: 1}}}", "did you mean `return`"),
        ("{programmes: {club: {Z: {return: 1}}}}", "there is no segment `Z`"),
        ("{programmes: {clubs: {return: 1}}}", "did you mean `club`"),
        ("{goals: {wide: {A: not met}}}", "wide A  not met   met"),
        ("{goals: {wide: {Z: met}}}", "there is no group `Z`"),
        ("{measures: {typical: met}}", "`met` is not a figure that can be compared"),
    ] {
        let (code, said) = run(expect);
        assert!(code != Some(0) && said.contains(says), "{expect}\n{said}");
    }
}

#[test]
fn goals_and_diagnostics_can_be_expected() {
    check("given: {orders: [{customer_id: K1, day: 2025-05-01, amount: 1}]}\nexpect: {goals: {keep: met}}", 0, &[]);
    check(
        "given: {orders: [{customer_id: K1, day: 2025-05-01, amount: 1}]}\nexpect: {goals: {keep: 90% ± 5%}}",
        1,
        &["90% ± 5%", "100%", "1 of 1"],
    );
    check("given: {customers: [{customer_id: K1}]}\nexpect: {goals: {keep: no data}}", 0, &[]);
    check("given: {customers: [{customer_id: K1, satisfaction: 9}]}\nexpect: {diagnostics: [E0704]}", 0, &[]);
    check("given: {customers: [{customer_id: K1, satisfaction: 5}]}\nexpect: {diagnostics: [E0704]}", 1, &["W0704"]);
    check("given: {customers: [{customer_id: K1, satisfaction: x}]}\nexpect: {diagnostics: [E0704]}", 1, &["E0703"]);
    check(
        "given: {profile: [{customer_id: K1, revenue: 0}]}\nexpect: {diagnostics: [W0704], customers: {K1: {class: prospect}}}",
        0,
        &[],
    );
}

#[test]
fn mistakes_have_a_place_and_a_hint() {
    check("expect: {customers: {K1: {class: A}}}", 1, &["E0802", "no customer `K1`"]);
    check(
        "given: {order: []}\nexpect: {population: [count() = 0]}",
        1,
        &["no source `order`", "did you mean `orders`?"],
    );
    check(
        "given: {customers: [{customer_id: K1, buget: 1}]}\nexpect: {population: [count() = 1]}",
        1,
        &["no column `buget`", "did you mean `budget`?", "tests.yaml:3"],
    );
    check("given: {profile: [{revenue: 1}]}\nexpect: {population: [count() = 1]}", 1, &["its customer is unknown"]);
    check(
        "given: {profile: [{customer_id: K1, revenue: much}]}\nexpect: {population: [count() = 1]}",
        1,
        &["type money"],
    );
    check("expects: {}", 1, &["E0101", "did you mean `expect`?"]);
    check("expect: {diagnostics: [E9999]}", 1, &["no diagnostic code `E9999`"]);
    let folder = TestFileFolder::new("rules: nowhere.yaml\ncases: {it: {expect: {population: [count() = 0]}}}\n");
    assert!(folder.run(&["test"]).output().contains("E0701"));
}

#[test]
fn a_table_is_a_file_of_customers_with_what_they_should_get() {
    let folder = TestFileFolder::new("cases:\n  it: {table: customers.csv}\n");
    let table = |action: &str| {
        format!(
            "customer_id,satisfaction,revenue,expect.class,expect.action\nK1,5,1000,A,visit\nK2,,0,prospect,{action}\nK3,,1,,\n"
        )
    };
    folder.write("customers.csv", &table("wait"));
    folder.run(&["test"]).says(0, &["4 values compared"]);
    folder.write("customers.csv", &table("call"));
    folder.run(&["test"]).exits(1);
    assert!(folder.run(&["test", "--update"]).output().contains("1 expected value updated"));
    assert_eq!(folder.read("customers.csv"), table("wait"));
}

#[test]
fn an_update_keeps_comments_and_layout() {
    let tests = |class: &str, score: &str| {
        format!(
            "# the head\ncases:\n  it:   # spaced\n    given: {{profile: [{{customer_id: K1, revenue: 500}}]}}\n    \
             expect:\n      customers:\n        K1: {{class: {class},   score: '{score}', revenue: {score} ± 0.5 }}   # why\n"
        )
    };
    let folder = TestFileFolder::new(&tests("B", "7"));
    folder.run(&["test"]).exits(1);
    let said = folder.run(&["test", "--update"]).output();
    assert!(said.contains("3 expected values updated"), "{said}");
    let updated = tests("A", "5.00").replace("revenue: 5.00 ±", "revenue: 500.00 ±");
    assert_eq!(folder.read("tests.yaml"), updated);
    folder.run(&["test"]).exits(0);
}

#[test]
fn changed_rule_sets_are_compared_case_by_case() {
    let folder = TestFileFolder::new(
        "rules: new.yaml\ncases:\n  it:\n    before: rules.yaml\n    given: {profile: [{customer_id: K1, revenue: 500}, {customer_id: K2, revenue: 1}]}\n    \
         expect: {customers: {K1: {score: 5 → 10, class: A → A}, K2: {score: 0}}}\n",
    );
    folder.write("new.yaml", &rules().replace("1_000", "500"));
    folder.run(&["test"]).exits(0);
    folder.write("new.yaml", &rules());
    assert!(folder.run(&["test"]).output().contains("5 → 10    5.00 → 5.00"));
}

#[test]
fn cut_offs_can_be_given_so_that_one_customer_can_be_tested() {
    let case = |revenue: &str, class: &str| {
        format!(
            "cutoffs: {{class: {{A: [100]}}}}\ngiven: {{profile: [{{customer_id: K1, revenue: {revenue}}}]}}\nexpect: {{customers: {{K1: {{class: {class}}}}}}}"
        )
    };
    check(&case("100", "A"), 0, &[]);
    check(&case("99.9999", "B"), 0, &[]);
}

#[test]
fn no_tests_are_an_error() {
    let folder = TestFileFolder::new("cases: {}\n");
    folder.run(&["test"]).says(1, &["E0801"]);
    let folder = TestFileFolder(tempfile::tempdir().unwrap());
    folder.run(&["test"]).says(2, &["there are no tests"]);
    folder.run(&["test", "nowhere"]).exits(2);
}

const TWO: &str = "cases:\n  one: {given: {profile: [{customer_id: K1, revenue: 500}]}, expect: {customers: {K1: {class: A}}}}\n  \
                   two: {given: {profile: [{customer_id: K1, revenue: 500}]}, expect: {customers: {K1: {class: B}}}}\n";

#[test]
fn cases_can_be_chosen_by_name() {
    let folder = TestFileFolder::new(TWO);
    folder.run(&["test", "--filter", "one"]).says(0, &["1 passed, 0 failed, 1 left out"]);
    folder.run(&["test", "--filter", "three"]).exits(2);
}

#[test]
fn results_come_as_json_and_junit_too() {
    let folder = TestFileFolder::new(TWO);
    let document = folder.run(&["test", "--format", "json"]).exits(1).json();
    assert_eq!(document["passed"], false);
    assert_eq!(document["suites"][0]["cases"][0]["passed"], true);
    assert_eq!(document["suites"][0]["cases"][1]["failures"][0]["actual"], "A");
    let xml = folder.run(&["test", "--format", "junit"]).output();
    assert!(xml.contains("<testcase name=\"one\"/>") && xml.contains("tests=\"2\" failures=\"1\""), "{xml}");
    assert!(xml.contains("revenue &gt;= 500.00"), "{xml}");
}

#[test]
fn coverage_counts_what_the_rules_say() {
    let folder = TestFileFolder::new(TWO);
    let covered = [
        "class: 1 of 3",
        "not reached: class B",
        "not reached: class prospect",
        "score: 3 of 7",
        "not reached: band size: < 100 (rules.yaml:26)",
        "not reached: criterion mood (rules.yaml:27)",
        "not reached: grade poor",
        "not reached: segment call",
        "not reached: goal met",
        "reached, less than 90%",
    ];
    folder.run(&["test", "--filter", "one", "--coverage", "--min-coverage", "90%"]).says(1, &covered);
    folder.run(&["test", "--filter", "one", "--min-coverage", "10%"]).exits(0);
}

const DATA: [(&str, &str); 2] = [
    ("customers.csv", "customer_id,country,satisfaction,budget\nK1,NL,3,1000\nK2,BE,4,1000\nK3,NL,5,500\n"),
    ("orders.csv", "customer_id,day,amount\nK1,2025-05-01,900\nK2,2025-05-01,300\nK3,2025-05-01,20\n"),
];

#[test]
fn suggested_cases_pass_and_stand_at_every_threshold() {
    let folder = TestFileFolder::new("cases: {it: {expect: {population: [count() = 0]}}}\n");
    DATA.iter().for_each(|(name, text)| folder.write(name, text));
    folder.run(&["test", "rules.yaml", "--suggest", "-o", "suggested.tests.yaml"]).exits(0);
    let text = folder.read("suggested.tests.yaml");
    for value in ["revenue: 99.9999", "revenue: 100.00", "revenue: 100.0001", "revenue: 999.9999", "revenue: 1000.00"] {
        assert!(text.contains(value), "{value} is not in\n{text}");
    }
    for case in ["shares of class, base 3", "target of keep, base 1", "cutoffs: computed"] {
        assert!(text.contains(case), "{case} is not in\n{text}");
    }
    assert!(text.contains("conditions of action") && text.contains("score: 4.999999999999999999"), "{text}");
    folder.run(&["test", "suggested.tests.yaml"]).exits(0);
}

#[test]
fn cases_are_suggested_without_a_table_of_customers() {
    let rules = "accolade: 1\nas_of: 2025-12-31\nsources:\n  orders: {file: o.csv, customer: customer, date: day, \
                 columns: {customer: text, day: date, amount: money}}\n\
                 profile: {quantitative: {revenue: sum(orders.amount), orders_placed: count(orders)}}\nrules:\n\
                 \x20 class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}\n\
                 \x20 size: {kind: segments, segments: {large: revenue >= 100, small: rest}}\n";
    let orders = "customer,day,amount\nA,2025-01-01,5\nB,2025-02-01,7\n";
    let folder = shop::folder(&[("p.yaml", rules), ("o.csv", orders)]);
    accolade(&folder, &["test", "p.yaml", "--suggest", "-o", "s.tests.yaml"]).exits(0);
    let text = std::fs::read_to_string(folder.path().join("s.tests.yaml")).unwrap();
    for value in ["thresholds of revenue", "revenue: 99.9999", "revenue: 100.00", "shares of class, base 1"] {
        assert!(text.contains(value), "{value} is not in\n{text}");
    }
    accolade(&folder, &["test", "s.tests.yaml"]).exits(0);
}

#[test]
fn changes_that_no_case_notices_are_listed() {
    let folder = TestFileFolder::new(
        "cases:\n  it:\n    given: {profile: [{customer_id: K1, revenue: 100}, {customer_id: K2, revenue: 999.99}]}\n    \
         expect: {customers: {K1: {score: 5}, K2: {score: 5}}}\n",
    );
    let said = folder.run(&["test", "--mutate"]).exits(1).output();
    assert!(said.contains("not noticed: class.classes.A: 80% → 72% (rules.yaml:20:"), "{said}");
    assert!(said.contains("not noticed: score.criteria.size.weight: 60% → 65%"), "{said}");
    assert!(!said.contains("not noticed: score.criteria.size.bands: 100 → 110"), "{said}");
    let failing = TestFileFolder::new(TWO);
    assert!(failing.run(&["test", "--mutate"]).output().contains("already fails"));
}

#[test]
fn a_watched_folder_is_tested_again_when_a_file_changes() {
    use std::io::{BufRead, BufReader};
    let folder = TestFileFolder::new(TWO);
    let mut child = Cli::new(folder.path())
        .args(["test", "--watch", "--filter", "two"])
        .command()
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("0 passed, 1 failed")));
    assert!(lines.any(|line| line.contains("waiting")));
    folder.write("tests.yaml", &TWO.replace("{class: B}", "{class: A}"));
    assert!(lines.any(|line| line.contains("1 passed, 0 failed")));
    child.kill().unwrap();
    child.wait().unwrap();
}
