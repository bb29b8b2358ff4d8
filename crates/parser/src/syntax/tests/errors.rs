use super::parse_rule_file;
use crate::span::SourceId;
use crate::testing::quotes;

/// Asserts all errors of a file: the code, the text at the place, the message.
fn check(text: &str, expected: &[(&str, &str, &str)]) {
    let (_, out) = parse_rule_file(SourceId(0), text);
    let found = quotes(text, &out);
    let found: Vec<(&str, &str, &str)> =
        found.iter().map(|(code, at, message)| (*code, *at, message.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

/// The same below `accolade: 1`.
fn below(text: &str, expected: &[(&str, &str, &str)]) {
    check(&format!("accolade: 1\n{text}"), expected);
}

fn help(text: &str) -> String {
    parse_rule_file(SourceId(0), text).1[0].help.join("; ")
}

#[test]
fn six_mistakes_are_six_diagnostics() {
    let text = "\
accolade: 1
nmae: shop
as_of: 2026-02-30
periods:
  year: last 0 months
profile:
  quantitative:
    in: 1
    revenue: sum(orders.amount in year
rules:
  class: {by: revenue}
";
    check(
        text,
        &[
            ("E0101", "nmae", "unknown key `nmae` in a rule file"),
            ("E0202", "2026-02-30", "`2026-02-30` is not a date"),
            ("E0202", "0 months", "a period has a length of at least one"),
            ("E0105", "in", "`in` is a word of the language and cannot be a name"),
            ("E0201", "", "unexpected end, expected an operator, `to`, `where` or `)`"),
            ("E0102", "class", "the key `kind` is missing in the rule `class`"),
        ],
    );
    assert_eq!(help(text), "did you mean `name`?");
}

#[test]
fn a_file_without_a_head() {
    let missing = "the key `accolade` is missing in a rule file";
    check("", &[("E0102", "", missing)]);
    check("# nothing\n", &[("E0102", "", missing)]);
    check("name: x\n", &[("E0102", "", missing)]);
    check("text", &[("E0103", "text", "expected a mapping, found `text`")]);
    check("- a\n", &[("E0103", "- a", "expected a mapping, found a list")]);
    assert!(help("").contains("`accolade: 1`"));
}

#[test]
fn the_head() {
    check("accolade: 2\n", &[("E0104", "2", "unknown language version 2")]);
    check("accolade: -1\n", &[("E0104", "-1", "unknown language version -1")]);
    check("accolade: one\n", &[("E0103", "one", "expected a whole number, found `one`")]);
    check("accolade:\n", &[("E0103", "", "expected a whole number, found nothing")]);
    below("name: [a]\n", &[("E0103", "[a]", "expected a text, found a list")]);
    below("currency: euro\n", &[("E0106", "euro", "`euro` is not a currency")]);
    below("as_of: today\n", &[("E0201", "today", "unexpected `today`, expected a date")]);
    below("include: {a: b}\n", &[("E0103", "{a: b}", "expected a text, found a mapping")]);
    below("override: [a, [b], ]\n", &[("E0103", "[b]", "expected a text, found a list")]);
    below("sources:\n", &[("E0103", "", "expected a mapping, found nothing")]);
}

#[test]
fn yaml_errors_stand_alone() {
    check("name: 'x\n", &[("E0001", "'", "a quoted text is not closed")]);
    check("accolade: 1\naccolade: 1\n", &[("E0002", "accolade", "the key `accolade` is written twice")]);
}

#[test]
fn sources() {
    below("sources: {s: {file: a.csv}}\n", &[("E0102", "{file: a.csv}", "the key `columns` is missing in a source")]);
    below(
        "sources:\n  my-orders:\n    columns: {a: txt, 1b: text, c: [text]}\n    keys: a\n    format: cvs\n    delimiter: ;;\n    decimal: x\n",
        &[
            ("E0105", "my-orders", "`my-orders` is not a valid name"),
            ("E0106", "txt", "unknown column type `txt`"),
            ("E0105", "1b", "`1b` is not a valid name"),
            ("E0103", "[text]", "expected a text, found a list"),
            ("E0101", "keys", "unknown key `keys` in a source"),
            ("E0106", "cvs", "expected `csv`, `parquet`, `ndjson` or `json`, found `cvs`"),
            ("E0106", ";;", "expected one character or `tab`, found `;;`"),
            ("E0106", "x", "expected `.` or `,`, found `x`"),
        ],
    );
    below("sources: {s: {columns: {}, key: a b}}\n", &[("E0105", "a b", "`a b` is not a valid name")]);
    assert!(help("accolade: 1\nsources: {my-orders: {columns: {}}}\n").contains("as in `my_orders`"));
}

#[test]
fn headers_and_words_of_sources() {
    let source = |keys: &str| format!("sources: {{s: {{key: a, columns: {{a: text}}, {keys}}}}}\n");
    below(
        &source("headers: {a: [x, y, x], b: []}"),
        &[("E0106", "x", "the header is listed twice"), ("E0106", "[]", "`b` has no header")],
    );
    below(
        &source("missing: n.b., values: {Actief: true, ACTIEF: false, n.b.: true, '': false, uit: nee}"),
        &[
            ("E0106", "ACTIEF", "the word is listed twice; capitals make no difference"),
            ("E0106", "n.b.", "the word is also listed in `missing`"),
            ("E0106", "''", "an empty text stands for a missing value"),
            ("E0103", "nee", "expected `true` or `false`, found `nee`"),
        ],
    );
}

#[test]
fn profiles() {
    below(
        "profile:\n  quantitive: {a: 1}\n  administrative: [a, b c, a]\n  qualitative: x\n  quantitative: {a: 1 +, b: [1], c:}\n",
        &[
            ("E0101", "quantitive", "unknown key `quantitive` in the profile"),
            ("E0105", "b c", "`b c` is not a valid name"),
            ("E0302", "a", "`a` is listed twice"),
            ("E0103", "x", "expected a mapping, found `x`"),
            ("E0201", "", "unexpected end, expected a value"),
            ("E0103", "[1]", "expected a text, found a list"),
            ("E0103", "", "expected a text, found nothing"),
        ],
    );
    assert_eq!(help("accolade: 1\nprofile: {quantitive: {}}"), "did you mean `quantitative`?");
}

#[test]
fn rules_and_goals() {
    below("rules: {a: abc}\n", &[("E0103", "abc", "expected a mapping, found `abc`")]);
    below("rules: {a: {kind: [abc]}}\n", &[("E0103", "[abc]", "expected a text, found a list")]);
    below(
        "goals:\n  g: {mesure: 1}\n  h: {measure: a ==, target: \">\"}\n",
        &[
            ("E0102", "{mesure: 1}", "the key `measure` is missing in a goal"),
            ("E0102", "{mesure: 1}", "the key `target` is missing in a goal"),
            ("E0101", "mesure", "unknown key `mesure` in a goal"),
            ("E0201", "==", "unexpected `==`"),
            ("E0201", "", "unexpected end, expected a value"),
        ],
    );
}

#[test]
fn what_is_good_beside_an_error_is_kept() {
    let (file, out) = parse_rule_file(SourceId(0), "accolade: 1\nperiods: {a: last 1 day, b: x, c: last 2 days}\n");
    assert_eq!(out.len(), 1);
    assert_eq!(file.periods.keys().collect::<Vec<_>>(), ["a", "c"]);
}
