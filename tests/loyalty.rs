//! Surveys and loyalty: answers, listed values, and the rule kinds that read them.

use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::summary::sections;
use accolade_engine::{FileSystem, compile};

use crate::support::{RatedRules, accolade, file, rate};

/// A rule file about customers with a club.
fn clubs(column: &str, rules: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers:\n    file: customers.csv\n    key: id\n    columns:\n      \
         id: text\n      club: {column}\nprofile: {{qualitative: {{club_now: club}}}}\nrules:\n{rules}\n"
    )
}

/// Every finding of a rule file: code, message and help.
fn findings(rules: &str) -> Vec<String> {
    let file = file(rules);
    let compilation = compile(file.path(), &FileSystem, &accolade_engine::plugins());
    let shown = |d: &accolade_parser::Diagnostic| format!("{} {} [{}]", d.code, d.message, d.help.join(" "));
    compilation.diagnostics.iter().map(shown).collect()
}

#[test]
fn a_list_of_values_is_of_texts_that_differ() {
    let check = |column: &str, expected: &[&str]| assert_eq!(findings(&clubs(column, "  {}")), expected, "{column}");
    check("text in [gold, \"silver\"]", &[]);
    check("text? in [gold]", &[]);
    check("text in [gold, silver, gold]", &["E0106 the value is listed twice [leave one of the two out]"]);
    check(
        "text in [\"\", gold]",
        &["E0106 an empty text stands for a missing value [leave it out, and write `text?`]"],
    );
    check("text in [1, 2]", &["E0404 text cannot be written as `1` [write text in double quotes]"]);
    check(
        "integer in [1, 2]",
        &[
            "E0106 only a text column lists its values, not an integer [write a range, such as `integer 1..5`, or declare the column as text]",
        ],
    );
}

/// A matrix of clubs, by a field.
fn matrix(field: &str, cells: &str) -> String {
    format!(
        "  place: {{kind: matrix, rows: {{class: {field}}}, columns: {{class: half}}, cells: {{{cells}}}}}\n  \
         half: {{kind: segments, segments: {{known: club is not missing, unknown: rest}}}}"
    )
}

#[test]
fn listed_values_are_classes() {
    let cells = "gold: {known: g, unknown: none}, silver: {known: s, unknown: none}";
    for field in ["club", "club_now"] {
        assert_eq!(findings(&clubs("text? in [gold, silver]", &matrix(field, cells))), [""; 0]);
        let without = findings(&clubs("text? in [gold, silver]", &matrix(field, "gold: {known: g, unknown: none}")));
        assert_eq!(without, ["E0510 the cells of row `silver` are missing [add `silver: {…}`]"]);
        assert!(findings(&clubs("text?", &matrix(field, cells)))[0].contains("has no known classes"));
        let never = "  s: {kind: segments, segments: {a: FIELD = \"golf\", b: rest}}".replace("FIELD", field);
        let never = findings(&clubs("text? in [gold, silver]", &never));
        assert!(never.contains(&format!("E0301 `{field}` is never \"golf\" [did you mean `gold`?]")), "{never:?}");
    }
}

/// The output of the command line in a folder with these files.
fn said(arguments: &[&str], files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, &str)| std::fs::write(folder.path().join(name), text).unwrap();
    files.iter().for_each(write);
    accolade(&folder, arguments).output()
}

#[test]
fn the_data_of_a_test_has_listed_values_too() {
    let rules = clubs("text? in [gold, silver]", "  s: {kind: segments, segments: {a: club = \"gold\", b: rest}}");
    let tests = |club: &str| {
        let given = format!("given: {{customers: [{{id: x, club: {club}}}]}}, expect: {{customers: {{x: {{s: a}}}}}}");
        format!("cases:\n  one: {{{given}}}\n")
    };
    let said = |club: &str| said(&["test"], &[("rules.yaml", &rules), ("tests.yaml", &tests(club))]);
    assert!(said("gold").contains("1 passed, 0 failed"), "{}", said("gold"));
    let wrong = said("golf");
    assert!(wrong.contains("E0704") && wrong.contains("did you mean `gold`?"), "{wrong}");
}

/// Customers a, b, c and d with an answer of their own, and what they answered in surveys.
fn survey_rules(customers: &str, surveys: &str, rules: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {{file: '{customers}', key: id, columns: {{id: text, own: 'integer?'}}}}\n  \
         surveys: {{file: '{surveys}', customer: id, date: day, columns: {{id: text, day: date, recommend: 'integer?', effort: integer 1..7}}}}\n\
         periods: {{year: last 12 months}}\nprofile: {{quantitative: {{latest: last(surveys.recommend)}}}}\nrules:\n  {rules}\n"
    )
}

fn surveyed(surveys: &str, rules: &str) -> RatedRules {
    let customers = file("id,own\na,10\nb,7\nc,6\nd,\n");
    let surveys = file(&format!("id,day,recommend,effort\n{surveys}"));
    let path = |file: &tempfile::NamedTempFile| file.path().display().to_string();
    rate(&survey_rules(&path(&customers), &path(&surveys), rules))
}

#[test]
fn nps_takes_the_latest_answer() {
    let surveys =
        "a,2025-03-01,3,1\na,2025-09-01,9,1\na,2024-12-01,7,1\nb,2025-05-01,8,1\nb,2025-06-01,,1\nc,2024-06-01,2,1\n";
    let rated = surveyed(surveys, "loyal: {kind: nps, answer: surveys.recommend}");
    assert_eq!(rated.texts("loyal"), ["promoter", "passive", "detractor", ""]);
    assert_eq!(rated.texts("loyal.score"), ["9", "8", "2", ""]);
    let rated = surveyed(surveys, "loyal: {kind: nps, answer: surveys.recommend, period: year}");
    // c answered before the year.
    assert_eq!(rated.texts("loyal"), ["promoter", "passive", "", ""]);
    let sections = sections(&rated.set, &rated.outcome);
    let rows: Vec<String> = sections[0].rows.iter().map(|row| format!("{:?} {:?}", row[0], row[1])).collect();
    assert_eq!(
        rows,
        [
            "Text(\"promoter\") Count(1)",
            "Text(\"passive\") Count(1)",
            "Text(\"detractor\") Count(0)",
            "Text(\"(none)\") Count(2)"
        ]
    );
}

#[test]
fn nps_takes_an_answer_of_the_record() {
    for answer in ["own", "customers.own"] {
        let rated = surveyed("", &format!("loyal: {{kind: nps, answer: {answer}}}"));
        assert_eq!(rated.texts("loyal"), ["promoter", "passive", "detractor", ""]);
    }
    let rated = surveyed("c,2025-03-01,9,1\n", "loyal: {kind: nps, answer: latest or else own}");
    assert_eq!(rated.texts("loyal"), ["promoter", "passive", "promoter", ""]);
}

#[test]
fn nps_knows_what_is_an_answer() {
    let check = |rule: &str, expected: &str| {
        let found = findings(&survey_rules("c.csv", "s.csv", &format!("loyal: {{kind: nps, {rule}}}")));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{rule}: {found:?}");
    };
    check("answer: surveys.effort + 1", "E0405 `surveys.effort` has many values");
    check("answer: sum(surveys.effort)", "E0508 `nps` needs answers from 0 to 10 [name a column");
    check("answer: mean(surveys.effort)", "E0406 `nps` needs answers from 0 to 10, not a number");
    check("answer: surveys.day", "E0406 `nps` needs answers from 0 to 10, not a date");
    check("answer: own, period: year", "E0106 `period` needs a column of events, and `own` is not one");
    check("answer: surveys.recommend, period: yaer", "E0304 unknown period `yaer` [did you mean `year`?]");
    check("period: year", "E0102 the key `answer` is missing");
    // Every answer from 1 to 7 is one from 0 to 10.
    let sound = findings(&survey_rules("c.csv", "s.csv", "loyal: {kind: nps, answer: surveys.effort}"));
    assert_eq!(sound, [""; 0]);
    let wide = survey_rules("c.csv", "s.csv", "loyal: {kind: nps, answer: surveys.effort}").replace("1..7", "0..100");
    let found = findings(&wide);
    assert!(
        found[0].starts_with("E0508 `nps` needs answers from 0 to 10, but `surveys.effort` holds 0..100"),
        "{found:?}"
    );
}

#[test]
fn an_answer_beyond_the_scale_is_an_error_with_its_place() {
    let rules = survey_rules(
        "c.csv",
        "s.csv",
        "loyal: {kind: nps, answer: surveys.recommend}\n  own_loyal: {kind: nps, answer: own}",
    );
    let surveys = "id,day,recommend,effort\na,2025-03-01,10,1\nb,2025-03-01,11,1\n";
    let run = |arguments: &[&str], customers: &str| {
        said(arguments, &[("rules.yaml", &rules), ("c.csv", customers), ("s.csv", surveys)])
    };
    let out = run(&["run", "rules.yaml", "-o", "out.csv"], "id,own\na,\nb,3\n");
    let expected = "error[E0704]: 11 is outside 0..10\n--> s.csv:3\n = note: column `recommend`\n = help: `nps` needs answers from 0 to 10\n";
    assert!(out.contains(expected), "{out}");
    let out = run(&["run", "rules.yaml", "-o", "out.csv", "--bad-rows", "report"], "id,own\na,\nb,3\n");
    assert!(out.contains("1 row of `surveys` rejected"), "{out}");
    let out = run(&["run", "rules.yaml", "-o", "out.csv"], "id,own\na,-1\nb,3\n");
    assert!(out.contains("error[E0704]: -1 is outside 0..10\n--> c.csv:2\n = note: column `own`"), "{out}");
}

#[test]
fn a_test_can_give_surveys_and_answers() {
    let rules = survey_rules("c.csv", "s.csv", "loyal: {kind: nps, answer: surveys.recommend}");
    let case = |given: &str, expect: &str| {
        let tests = format!("cases:\n  it: {{given: {{{given}}}, expect: {{customers: {{x: {{{expect}}}}}}}}}\n");
        said(&["test"], &[("rules.yaml", &rules), ("tests.yaml", &tests)])
    };
    let out = case("surveys: [{id: x, day: 2025-01-01, recommend: 9}]", "loyal: promoter, loyal.score: 9");
    assert!(out.contains("1 passed, 0 failed"), "{out}");
    let out = case("surveys: [{id: x, day: 2025-01-01, recommend: 11}]", "loyal: promoter");
    assert!(out.contains("E0704") && out.contains("`nps` needs answers from 0 to 10"), "{out}");
    let out = case("profile: [{id: x, latest: 6}]", "loyal: detractor");
    assert!(out.contains("1 passed, 0 failed"), "{out}");
    // A field that is given is not read, so it is not checked: it gets no category.
    let out = case("profile: [{id: x, latest: 11}]", "loyal: missing");
    assert!(out.contains("1 passed, 0 failed"), "{out}");
}

#[test]
fn the_nearest_change_of_an_answer_is_named() {
    let rules = survey_rules("c.csv", "s.csv", "loyal: {kind: nps, answer: surveys.recommend, period: year}");
    let surveys = "id,day,recommend,effort\na,2025-03-01,4,1\n";
    let files = [("rules.yaml", rules.as_str()), ("c.csv", "id,own\na,\n"), ("s.csv", surveys)];
    let out = said(&["explain", "rules.yaml", "--customer", "a"], &files);
    assert!(out.contains("last(surveys.recommend in year)") && out.contains("detractor") && out.contains('9'), "{out}");
}

/// Orders of customers, one `customer date amount` a line, under rules about them; every customer is in the table.
fn ordered(customers: &str, orders: &str, rules: &str) -> RatedRules {
    let ids = customers.split_whitespace().map(|id| format!("{id}\n")).collect::<String>();
    let customers = file(&format!("id\n{ids}"));
    let lines =
        orders.split(',').map(|o| o.split_whitespace().collect::<Vec<_>>().join(",") + "\n").collect::<String>();
    let orders = file(&format!("id,day,amount\n{}", lines.trim_start()));
    rate(&order_rules(&customers.path().display().to_string(), &orders.path().display().to_string(), rules))
}

fn order_rules(customers: &str, orders: &str, rules: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2025-12-31\nsources:\n  customers: {{file: '{customers}', key: id, columns: {{id: text}}}}\n  \
         orders: {{file: '{orders}', customer: id, date: day, columns: {{id: text, day: date, amount: money}}}}\n\
         periods:\n  year: last 12 months\n  year_before: 12 months before year\n  half: last 6 months\n  early: 6 months before year\n  \
         odd: last 13 months\n  weeks: last 52 weeks\n  decade: last 11 years\n  mid_month: 2025-01-15 ..< 2025-04-15\n\
         profile: {{quantitative: {{revenue: sum(orders.amount)}}}}\nrules:\n  {rules}\n"
    )
}

const LIFE: &str = "\
    new 2025-03-01 1, new 2025-04-01 1, \
    active 2025-12-31 1, active 2024-01-01 1, active 2020-01-01 1, \
    won_back 2025-01-01 1, won_back 2023-12-31 1, \
    lapsed 2024-12-31 1, lapsed 2023-01-01 1, \
    inactive 2023-12-31 1, \
    future 2026-01-01 1";

#[test]
fn each_stage_of_a_lifecycle() {
    let rule = "stage: {kind: lifecycle, of: orders, before: year_before, now: year}";
    let rated = ordered("new active won_back lapsed inactive prospect future", LIFE, rule);
    let expected: Vec<String> =
        rated.texts("id").into_iter().map(|id| if id == "future" { "prospect".to_owned() } else { id }).collect();
    assert_eq!(rated.texts("stage"), expected);
    // With one table that has a date there is no need to name it.
    let short = ordered("new active", "new 2025-03-01 1", "stage: {kind: lifecycle, before: year_before, now: year}");
    assert_eq!(short.texts("stage"), ["prospect", "new"]);
}

#[test]
fn what_is_between_two_periods_is_in_neither() {
    let stages = |orders: &str| {
        ordered("a", orders, "stage: {kind: lifecycle, before: early, now: half}").texts("stage").join(" ")
    };
    // `early` is the second half of 2024 and `half` that of 2025.
    assert_eq!(stages("a 2025-12-01 1, a 2025-03-01 1"), "new");
    assert_eq!(stages("a 2025-03-01 1"), "inactive");
    assert_eq!(stages("a 2025-12-01 1, a 2024-06-30 1"), "won_back");
    assert_eq!(stages("a 2025-12-01 1, a 2024-07-01 1"), "active");
}

#[test]
fn only_events_that_count_make_a_stage() {
    let rule = "stage: {kind: lifecycle, before: year_before, now: year, where: orders.amount > 0}";
    let rated = ordered("a b", "a 2025-03-01 -5, a 2024-03-01 5, b 2024-03-01 0", rule);
    assert_eq!(rated.texts("stage"), ["lapsed", "prospect"]);
}

#[test]
fn a_lifecycle_says_what_it_needs() {
    let check = |rule: &str, expected: &str| {
        let found = findings(&order_rules("c.csv", "o.csv", &format!("stage: {{kind: lifecycle, {rule}}}")));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{rule}: {found:?}");
    };
    check("before: year_before", "E0102 the key `now` is missing");
    check(
        "before: year, now: year_before",
        "E0511 `year` does not end before `year_before` begins [`year` is 2025-01-01 to 2025-12-31, `year_before` is 2024-01-01 to 2024-12-31]",
    );
    check("before: half, now: year", "E0511 ");
    check("before: year, now: year", "E0511 ");
    check("before: year_before, now: yaer", "E0304 unknown period `yaer`");
    check("of: order, before: year_before, now: year", "E0301 unknown source `order` [did you mean `orders`?]");
    check(
        "of: customers, before: year_before, now: year",
        "E0405 `lifecycle` needs a table of events with a date, and `customers` has none [tables with a date are: orders]",
    );
    check("before: year_before, now: year, where: orders.amount", "E0403 ");
    let several = order_rules("c.csv", "o.csv", "stage: {kind: lifecycle, before: year_before, now: year}");
    let visits = "  visits: {customer: id, date: day, columns: {id: text, day: date}}\nperiods:";
    assert_eq!(
        findings(&several.replace("periods:", visits)),
        ["E0405 `lifecycle` needs `of`: orders, visits all have a date [add `of: orders`]"]
    );
    // Whether `late` is after the year depends on the date of the run.
    let late =
        several.replace("  half:", "  late: 2026-01-01 .. 2026-12-31\n  half:").replace("now: year}", "now: late}");
    assert_eq!(findings(&late), [""; 0]);
    let run = |as_of: &str| {
        let files = [("rules.yaml", late.as_str()), ("c.csv", "id\na\n"), ("o.csv", "id,day,amount\na,2025-03-01,1\n")];
        said(&["run", "rules.yaml", "-o", "out.csv", "--as-of", as_of], &files)
    };
    assert!(run("2026-12-31").contains("1 customer rated"), "{}", run("2026-12-31"));
    assert!(run("2027-06-30").contains("error[E0511]"), "{}", run("2027-06-30"));
}

#[test]
fn a_stage_is_explained_by_its_counts_and_has_a_nearest_change() {
    let rules = order_rules("c.csv", "o.csv", "stage: {kind: lifecycle, before: year_before, now: year}");
    let orders = "id,day,amount\na,2024-03-01,1\na,2024-04-01,1\n";
    let files = [("rules.yaml", rules.as_str()), ("c.csv", "id\na\n"), ("o.csv", orders)];
    let out = said(&["explain", "rules.yaml", "--customer", "a"], &files);
    for part in [
        "stage: lapsed",
        "count(orders in year_before) 2",
        "decided by: not in year, in year_before",
        "active    count(orders in year) + 1 (0 → 1)",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
}

/// The rows of a summary's section, cells parted by spaces; shares in percent.
fn rows(section: &SummaryTable) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) if text.is_empty() => "-".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Count(n) => n.to_string(),
        Cell::Share(share) => format!("{:.0}%", share * 100.0),
        other => format!("{other:?}"),
    };
    section.rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn cohorts_are_by_first_purchase() {
    let orders = "a 2025-01-01 1, a 2025-01-31 1, a 2025-03-31 1, b 2025-01-15 1, c 2025-02-01 1, c 2025-03-01 1, \
                  d 2024-12-31 1, d 2025-03-01 1, f 2026-01-01 1";
    let rated = ordered("a b c d e f", orders, "since: {kind: cohort, period: year}");
    assert_eq!(rated.texts("since"), ["2025-01", "2025-01", "2025-02", "earlier", "", ""]);
    assert_eq!(rated.texts("since.active_periods"), ["2", "1", "2", "1", "0", "0"]);
    let sections = sections(&rated.set, &rated.outcome);
    let blank = " -".repeat(12);
    let zeros = |n: usize| " 0".repeat(n);
    assert_eq!(
        rows(&sections[0]),
        [
            format!("2025-01 2 2 0 1{}", zeros(9)),
            format!("2025-02 1 1 1{} -", zeros(9)),
            format!("earlier 1{blank}"),
            format!("(none) 2{blank}")
        ]
    );
    let none = |n: usize| " 0%".repeat(n);
    assert_eq!(
        rows(&sections[1]),
        [format!("2025-01 2 100% 0% 50%{}", none(9)), format!("2025-02 1 100% 100%{} -", none(9))]
    );
    assert_eq!(sections[0].columns[..4], ["since", "customers", "0", "1"]);
    assert_eq!(sections[1].title, "since: retention");
}

#[test]
fn cohorts_can_be_quarters_years_and_of_any_begin() {
    let orders = "a 2024-11-05 1, a 2025-05-01 -1, b 2025-02-14 1";
    let of = |parameters: &str| {
        ordered("a b", orders, &format!("since: {{kind: cohort, {parameters}}}")).texts("since").join(" ")
    };
    assert_eq!(of("of: orders, period: year, per: quarter"), "earlier 2025-Q1");
    assert_eq!(of("period: year, per: year"), "earlier 2025");
    assert_eq!(of("period: odd"), "earlier 2025-02");
    assert_eq!(of("period: mid_month"), "earlier 2025-01-15");
    assert_eq!(of("period: year, where: orders.amount < 0"), "2025-05 ");
}

#[test]
fn a_cohort_needs_whole_slices() {
    let check = |rule: &str, expected: &str| {
        let found = findings(&order_rules("c.csv", "o.csv", &format!("since: {{kind: cohort, {rule}}}")));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{rule}: {found:?}");
    };
    check(
        "period: odd, per: quarter",
        "E0508 the period is not whole quarters [use a period such as `last 12 months`]",
    );
    check("period: half, per: year", "E0508 the period is not whole years");
    check("period: weeks", "E0508 the period is not whole months");
    check("period: decade", "E0508 the period is 132 months long; at most 120 are possible");
    check("period: decade, per: week", "E0106 ");
    check("per: month", "E0102 the key `period` is missing");
}

#[test]
fn a_cohort_is_explained() {
    let rules = order_rules("c.csv", "o.csv", "since: {kind: cohort, period: half}");
    let orders = "id,day,amount\na,2025-09-03,1\nb,2025-06-30,1\n";
    let files = [("rules.yaml", rules.as_str()), ("c.csv", "id\na\nb\nc\n"), ("o.csv", orders)];
    for (customer, parts) in [
        ("a", &["since: 2025-09", "decided by: the first in slice 3 of 6 of half", "count(orders before half) 0"][..]),
        ("b", &["since: earlier", "decided by: any before half", "count(orders before half) 1"]),
        ("c", &["since: missing", "any in half"]),
    ] {
        let out = said(&["explain", "rules.yaml", "--customer", customer], &files);
        parts.iter().for_each(|part| assert!(out.contains(part), "{part}\n{out}"));
    }
}

fn map_rules(customers: &str, notes: &str, date: &str, rule: &str) -> String {
    format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {{file: '{customers}', key: id, columns: {{id: text, tier: 'text? in [top, base]', own: text}}}}\n  \
         notes: {{file: '{notes}', customer: id, {date}columns: {{id: text, day: date, about: 'text?', said: 'text?', stars: 'integer?'}}}}\n\
         periods: {{year: last 12 months}}\nprofile: {{quantitative: {{taken: count(notes)}}}}\nrules:\n  map: {{kind: empathy_map, {rule}}}\n"
    )
}

const NOTES: &str = "id,day,about,said,stars\n\
    a,2025-05-01,says,too slow,1\na,2025-03-02,says,zealous,\na,2025-03-02,says,a bargain,\na,2024-06-01,thinks,old,\n\
    b,2025-05-01,feels,calm,\nb,2025-05-01,,nowhere,\nb,2025-06-01,does,,\nd,2025-01-05,sees,\"a, b\",\n";

fn mapped(date: &str, rule: &str) -> RatedRules {
    let customers = file("id,tier,own\na,top,x\nb,base,x\nc,base,x\nd,,x\n");
    let notes = file(NOTES);
    let path = |file: &tempfile::NamedTempFile| file.path().display().to_string();
    let rated = rate(&map_rules(&path(&customers), &path(&notes), date, rule));
    // One record gives what the columns do.
    for row in 0..rated.customers() {
        let frame = &rated.outcome.frame;
        let mut record = frame.record(row);
        let expected = record.clone();
        for part in ["map", "map.sees", "map.says", "map.feels"] {
            record[rated.set.slot(part).unwrap()] = accolade_engine::Value::Null;
        }
        rated.outcome.rater(&rated.set).rate(&mut record, &[]).unwrap();
        assert_eq!(record, expected);
    }
    rated
}

const DATED: &str = "date: day, ";
const COLUMNS: &str = "quadrant: notes.about, text: notes.said";

#[test]
fn an_empathy_map_collects_notes_by_quadrant() {
    let rated = mapped(DATED, COLUMNS);
    assert_eq!(rated.texts("map"), ["2", "1", "0", "1"]);
    assert_eq!(rated.texts("map.says")[0], "2025-03-02: a bargain | 2025-03-02: zealous | 2025-05-01: too slow");
    assert_eq!(rated.texts("map.thinks"), ["2024-06-01: old", "", "", ""]);
    assert_eq!(rated.texts("map.feels"), ["", "2025-05-01: calm", "", ""]);
    assert_eq!(rated.texts("map.sees"), ["", "", "", "2025-01-05: a, b"]);
    assert_eq!(rated.texts("map.does"), [""; 4]);
    let warned: Vec<String> = rated.outcome.findings.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
    assert_eq!(warned, ["W0711 `map`: 2 notes have no quadrant or no text and have been left out"]);
    let year = mapped(DATED, &format!("{COLUMNS}, period: year"));
    assert_eq!(year.texts("map"), ["1", "1", "0", "1"]);
    let undated = mapped("", COLUMNS);
    assert_eq!(undated.texts("map.says")[0], "a bargain | too slow | zealous");
}

#[test]
fn an_empathy_map_is_summed_up_by_class() {
    let summed = |rule: &str| {
        let rated = mapped(DATED, rule);
        let section = sections(&rated.set, &rated.outcome).remove(0);
        (section.columns.join(" "), rows(&section))
    };
    let (heads, all) = summed(COLUMNS);
    assert_eq!(heads, " customers with notes sees says does hears thinks feels");
    assert_eq!(all, ["all 3 1 3 0 0 1 1"]);
    let (heads, by_tier) = summed(&format!("{COLUMNS}, by: tier"));
    assert_eq!(heads, "tier customers with notes sees says does hears thinks feels");
    assert_eq!(by_tier, ["top 1 0 3 0 0 1 0", "base 1 0 0 0 0 0 1", "(none) 1 1 0 0 0 0 0"]);
    let rated = mapped(DATED, &format!("{COLUMNS}, by: tier"));
    let latest = sections(&rated.set, &rated.outcome).remove(1);
    assert_eq!(latest.columns, ["tier", "quadrant", "note", "customer"]);
    // Two of the three that were said, the latest first.
    let expected = [
        "top says 2025-05-01: too slow a",
        "top says 2025-03-02: zealous a",
        "top thinks 2024-06-01: old a",
        "base feels 2025-05-01: calm b",
        "(none) sees 2025-01-05: a, b d",
    ];
    assert_eq!(rows(&latest), expected);
}

#[test]
fn an_empathy_map_says_what_it_needs() {
    let check = |rule: &str, expected: &str| {
        let found = findings(&map_rules("c.csv", "n.csv", DATED, rule));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{rule}: {found:?}");
    };
    check("quadrant: notes.about", "E0102 the key `text` is missing");
    check("quadrant: notes.about, text: notes.stars", "E0406 a note is text, not an integer");
    check("quadrant: notes.stars, text: notes.said", "E0406 `empathy_map` needs one of sees, says,");
    check("quadrant: notes.abuot, text: notes.said", "E0305 ");
    check("quadrant: tier, text: notes.said", "E0405 `empathy_map` needs a column of an event table");
    check("quadrant: notes.about, text: 'lower(notes.said)'", "E0405 a column of events is needed here");
    check(&format!("{COLUMNS}, by: own"), "E0406 `own` has no known classes");
    check(&format!("{COLUMNS}, period: yaer"), "E0304 unknown period `yaer`");
    let other = map_rules("c.csv", "n.csv", DATED, "quadrant: notes.about, text: calls.said")
        .replace("periods:", "  calls: {customer: id, columns: {id: text, said: text}}\nperiods:");
    assert!(
        findings(&other)[0].starts_with("E0405 the quadrant and the text of a note must be columns of the same table")
    );
}

#[test]
fn an_unknown_quadrant_is_an_error_with_its_place() {
    let rules = map_rules("c.csv", "n.csv", DATED, COLUMNS);
    let notes = "id,day,about,said,stars\na,2025-05-01,says,x,\na,2025-05-02,Feel,y,\n";
    let files = [("rules.yaml", rules.as_str()), ("c.csv", "id,tier,own\na,top,x\n"), ("n.csv", notes)];
    let out = said(&["run", "rules.yaml", "-o", "out.csv"], &files);
    let expected = "error[E0704]: `Feel` is not one of the column's values\n--> n.csv:3\n = note: column `about`\n \
                    = help: did you mean `feels`? `empathy_map` needs one of sees, says, does, hears, thinks, feels\n";
    assert!(out.contains(expected), "{out}");
    let sound = notes.replace("Feel", "feels");
    let files = [("rules.yaml", rules.as_str()), ("c.csv", "id,tier,own\na,top,x\n"), ("n.csv", &sound)];
    let out = said(&["explain", "rules.yaml", "--customer", "a"], &files);
    assert!(out.contains("2025-05-01: x") && out.contains("2025-05-02: y"), "{out}");
}

#[test]
fn functions_take_and_give_listed_values() {
    let rules = clubs("text", "  s: {kind: segments, segments: {a: grade = \"high\", b: rest}}")
        .replace("{club_now: club}", "{club_now: club, grade: graded(club)}")
        .replace(
            "profile:",
            "functions:\n  graded:\n    script: graded.rhai\n    arguments: {club: 'text in [gold, silver, iron]'}\n    \
             returns: text in [high, low]\nprofile:",
        );
    let script =
        "fn graded(club) { if club == \"gold\" { \"high\" } else if club == \"iron\" { \"none\" } else { \"low\" } }";
    let run = |clubs: &str| {
        let customers = format!("id,club\n{clubs}");
        let files = [("rules.yaml", rules.as_str()), ("graded.rhai", script), ("customers.csv", &customers)];
        said(&["run", "rules.yaml", "-o", "out.csv"], &files)
    };
    assert!(run("a,gold\nb,silver\n").contains("2 customers rated"), "{}", run("a,gold\nb,silver\n"));
    let out = run("a,gold\nb,iron\n");
    assert!(out.contains("error[E0712]") && out.contains("it returned \"none\", which is out of range"), "{out}");
    let out = run("a,gold\nb,lead\n");
    assert!(
        out.contains("error[E0712]") && out.contains("the argument `club` is \"lead\", which is out of range"),
        "{out}"
    );
}
