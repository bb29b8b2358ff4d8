//! What files look like.

use super::{check, kinds};
use crate::format::format;
use crate::span::SourceId;
use crate::syntax::KEYS;
use crate::testing::lines;

#[test]
fn spaces() {
    check("name:   shop\nperiods: { year:   last 12 months }\n", "name: shop\nperiods: {year: last 12 months}\n");
    check("periods:\n      year: last 12 months\n", "periods:\n  year: last 12 months\n");
    check("include:\n- a.yaml\n-   b.yaml", "include:\n  - a.yaml\n  - b.yaml\n");
    check("\u{feff}name: shop\r\nas_of: 2026-01-01\r\n", "name: shop\nas_of: 2026-01-01\n");
    check("---\nname: shop\n...\n", "name: shop\n");
    check("{name: shop, currency: EUR}", "name: shop\ncurrency: EUR\n");
    check("", "");
}

#[test]
fn blank_lines() {
    check("\n\nname: a\n\n\n\ncurrency: EUR\n\n", "name: a\n\ncurrency: EUR\n");
    check(
        "periods:\n\n  year: last 1 year\n\n  # why\n\n  old: last 2 years\n",
        "periods:\n  year: last 1 year\n\n  # why\n\n  old: last 2 years\n",
    );
}

#[test]
fn numbers_that_may_be_thousands_stay() {
    check(
        "profile: {quantitative: {a: x > 1.000, b: x > 1.500}}\n",
        "profile: {quantitative: {a: x > 1.000, b: x > 1.5}}\n",
    );
}

#[test]
fn quotes() {
    check("name: 'shop'\ndescription: 'a b'\n", "name: shop\ndescription: \"a b\"\n");
    check("name: 'true'\ndescription: \"2026\"\n", "name: \"true\"\ndescription: \"2026\"\n");
    check("description: \"say \\\"a\\\"\"\n", "description: 'say \"a\"'\n");
    check("description: 'it''s'\n", "description: \"it's\"\n");
    check("profile: {quantitative: {a: \"x = 1\"}}\n", "profile: {quantitative: {a: x = 1}}\n");
    check("profile: {quantitative: {a: 'f(x,y)'}}\n", "profile: {quantitative: {a: \"f(x, y)\"}}\n");
    check("name: ~\ndescription:\n", "name: ~\ndescription:\n");
}

#[test]
fn notations() {
    check(
        "profile:\n  quantitative:\n    a: (x+1)*2\n    b: 12345 > y\n",
        "profile:\n  quantitative:\n    a: (x + 1) * 2\n    b: 12_345 > y\n",
    );
    check(
        "goals: {g: {measure: 'sum( x )', target: '>=1_000'}}\n",
        "goals: {g: {measure: sum(x), target: \">= 1_000\"}}\n",
    );
    check(
        "sources:\n  s:\n    columns: {a: 'text in [x,y]', b: 'text in [\"x\",y]', c: integer?  1..5}\n",
        "sources:\n  s:\n    columns: {a: \"text in [x, y]\", b: 'text in [\"x\", y]', c: integer? 1..5}\n",
    );
    check(
        "rules:\n  c:\n    kind: abc\n    by: a+b\n    classes: {A: top 80% of  x, B: '>=1'}\n    bands: {'<1_000': 1, 1_000..<5_000: 2, gold: 3}\n",
        "rules:\n  c:\n    kind: abc\n    by: a + b\n    classes: {A: top 80% of x, B: \">= 1\"}\n    bands: {\"< 1_000\": 1, \"1_000 ..< 5_000\": 2, gold: 3}\n",
    );
    // What the table of keys does not know stays as it is.
    check("rules: {c: {kind: other, by: a+b}}\n", "rules: {c: {kind: other, by: a+b}}\n");
}

#[test]
fn numbers() {
    let number = |text: &str, expected: &str| {
        let file = |number: &str| format!("profile: {{quantitative: {{a: x * {number}}}}}\n");
        check(&file(text), &file(expected));
    };
    number("1000", "1000");
    number("1_000", "1_000");
    number("100_0", "1000");
    number("12345.678", "12_345.678");
    number("2.50", "2.50");
    number("2.00", "2.00");
    number("2.500", "2.5");
    number("12.50%", "12.50%");
}

#[test]
fn comments() {
    check("# head\nname: a   # why\n# foot\n", "# head\nname: a  # why\n# foot\n");
    check(
        "periods:\n  a: last 1 year # one\n  bbbbb: last 2 years     # two\n  c: last 3 years\n",
        "periods:\n  a: last 1 year       # one\n  bbbbb: last 2 years  # two\n  c: last 3 years\n",
    );
    check(
        "periods: # all\n    # of a\n  a: last 1 year\n  # after a\n# after all\nname: x\n",
        "periods:  # all\n  # of a\n  a: last 1 year\n  # after a\n# after all\nname: x\n",
    );
    check("include: [a, # first\n  b]\n", "include:\n  - a  # first\n  - b\n");
    check("periods: {\n  a: last 1 year,\n  # none\n}\nname: x\n", "periods:\n  a: last 1 year\n  # none\nname: x\n");
    check("include:\n  - # first\n    a\n", "include:\n  # first\n  - a\n");
    check("name:\n  # why\n  a\n", "# why\nname: a\n");
    check("name: a\n... # end\n", "name: a\n# end\n");
}

#[test]
fn long_lines() {
    let name = "a".repeat(50);
    check(
        &format!("include: [{name}, {name}, c, d, {name}]\n"),
        &format!("include:\n  - {name}\n  - {name}\n  - c\n  - d\n  - {name}\n"),
    );
    let words = |count: usize| vec!["word"; count].join(" ");
    check(
        &format!("description: {}\n  {}\n", words(20), words(20)),
        &format!("description: {}\n  {}\n", words(21), words(19)),
    );
    check("description: a\n  b\n", "description: a b\n");
    // What is on one line is left there.
    check(&format!("description: {}\n", words(40)), &format!("description: {}\n", words(40)));
}

#[test]
fn blocks() {
    check(
        "description: >-  # why\n     long\n     text\n\n     more\n\n\nname: a\n",
        "description: >-  # why\n  long\n  text\n\n  more\n\nname: a\n",
    );
    check(
        "functions:\n    f:\n        script: |\n            fn f() {\n                1\n            }\n        returns: text\n",
        "functions:\n  f:\n    script: |\n      fn f() {\n          1\n      }\n    returns: text\n",
    );
    check("name: |\n  a", "name: |-\n  a\n");
    check("name: |+\n  a\n\n\ncurrency: EUR\n", "name: |+\n  a\n\n\ncurrency: EUR\n");
}

#[test]
fn errors() {
    let refused = |text: &str| lines(&format(SourceId(0), text, KEYS, &kinds).unwrap_err());
    assert_eq!(refused("name: a\nname: b\n"), ["E0002 8..12 the key `name` is written twice"]);
    assert_eq!(refused("profile: {quantitative: {a: x +}}\n").len(), 1);
}
