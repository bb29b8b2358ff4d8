use super::*;
use crate::server::testing::marked;

fn check(text: &str, expected: &str) {
    let (text, offset) = marked(text);
    let shown = match cursor_context(&text, offset) {
        None => "none".to_owned(),
        Some(c) => format!("{} {} `{}`", c.path.join("/"), if c.key { "key" } else { "value" }, c.text),
    };
    assert_eq!(shown.trim_start(), expected, "{text}");
}

#[test]
fn block_style() {
    check("acc¦", "key `acc`");
    check("name: sh¦op", "name value `sh`");
    check("rules:\n  ¦", "rules key ``");
    check("rules:\n  a:\n    kind: ¦\n", "rules/a/kind value ``");
    check("rules:\n  a:\n    kind: abc\n    cl¦\n  b:\n", "rules/a key `cl`");
    check("rules:\n  a:\n    kind: abc\n\n    ¦", "rules/a key ``");
    check("rules:\n  a:\n    kind: abc\nme¦", "key `me`");
    check("a: b # no¦", "none");
    check("profile:\n  quantitative:\n    revenue: sum(or¦)", "profile/quantitative/revenue value `sum(or`");
    check("a:\n  b: \"x = \\\"A¦", "a/b value `x = \"A`");
}

#[test]
fn lists() {
    check("a:\n  - ¦", "a/- key ``");
    check("a:\n  - b¦", "a/- value `b`");
    check("a:\n- b: 1\n  c: ¦", "a/-/c value ``");
    check("a:\n  - b: 1\n    c¦", "a/- key `c`");
    check("a: [x, y¦", "a/- value `y`");
}

#[test]
fn flow_style() {
    check("a: {b: 1, c¦", "a key `c`");
    check("a: {b: 1, c: d¦}", "a/c value `d`");
    check("a: {b: {c: \"x, y¦", "a/b/c value `x, y`");
    check("a: {b: [{c: ¦", "a/b/-/c value ``");
    check("a:\n  - {b: ¦", "a/-/b value ``");
    check("a: {b: 1,\n    c: d¦", "a/c value `d`");
    check("a: {b: 1}\nc¦", "key `c`");
}

#[test]
fn texts_of_several_lines() {
    check("a:\n  b: >-\n    x and\n    y¦", "a/b value `x and y`");
    check("a:\n  b: >-\n    x\n  c¦", "a key `c`");
}

#[test]
fn siblings_are_those_of_the_same_mapping() {
    let (text, offset) = marked("r:\n  a:\n    kind: abc\n    ¦\n    by: x\n  b:\n    top: 1\n");
    let found = cursor_context(&text, offset).unwrap().siblings;
    assert_eq!(found, [("kind".to_owned(), "abc".to_owned()), ("by".to_owned(), "x".to_owned())]);
}
