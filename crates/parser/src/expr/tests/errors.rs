use crate::expr::expression_text;
use crate::testing::line;

/// Asserts the one error of an expression and a part of its help.
fn check(text: &str, expected: &str, help: &str) {
    let out = expression_text(text).unwrap_err();
    assert_eq!(out.len(), 1);
    assert_eq!(line(&out[0]), expected, "{text}");
    let given = out[0].help.join("; ");
    assert!(given.contains(help) && given.is_empty() == help.is_empty(), "{text}: {given}");
}

#[test]
fn operators_of_other_languages() {
    check("a == b", "E0201 2..4 unexpected `==`", "write `=`");
    check("a && b", "E0201 2..4 unexpected `&&`", "write `and`");
    check("a || b", "E0201 2..4 unexpected `||`", "write `or`");
    check("a <> b", "E0201 2..4 unexpected `<>`", "write `!=`");
    check("a => b", "E0201 2..4 unexpected `=>`", "`>=`");
    check("a and !b", "E0201 6..7 unexpected `!`", "write `not`");
    check("a = 'gold'", "E0201 4..5 unexpected `'`", "double quotes");
    check("a = “gold”", "E0201 4..7 unexpected `“`", "double quotes");
    check("a ≥ 3", "E0201 2..5 unexpected `≥`", "write `>=`");
    check("a ?? 0", "E0201 2..4 unexpected `??`", "`or else`");
    check("a ^ 2", "E0201 2..3 unexpected `^`", "no power operator");
    check("a in {1}", "E0201 5..6 unexpected `{`", "square brackets");
    check("a in 1..=5", "E0201 6..9 unexpected `..=`", "includes both ends");
    check("a AND b", "E0201 2..5 unexpected `AND`", "small letters");
    check("a ? b : c", "E0201 2..3 unexpected `?`, expected an operator or the end", "if c then x else y");
    check("a % b", "E0201 2..3 unexpected `%`, expected an operator or the end", "no remainder");
    check("€5", "E0201 0..3 unexpected `€`", "currency");
}

#[test]
fn numbers_and_dates() {
    check(".5", "E0201 0..1 a number cannot start with `.`", "`0.5`");
    check("a + .5", "E0201 4..5 a number cannot start with `.`", "`0.5`");
    check("10k", "E0201 0..3 `10k` is not a number", "digits");
    check("1e6", "E0201 0..3 `1e6` is not a number", "digits");
    check("30days", "E0201 0..6 `30days` is not a number", "space before a unit");
    check("10,000", "E0201 2..3 unexpected `,`, expected an operator or the end", "10_000");
    check("30 dayz", "E0201 3..7 unexpected `dayz`, expected a unit of time, an operator or the end", "`days`");
    check("1.5 months", "E0202 0..3 expected a whole number, found `1.5`", "");
    check("1_000_000 years", "E0202 0..15 `1_000_000 years` is too long", "10_000 years");
    check(
        "99999999999999999999999999999999 days",
        "E0202 0..32 the number `99999999999999999999999999999999` has too many digits",
        "28",
    );
    check(
        "0.00000000000000000000000000001",
        "E0202 0..31 the number `0.00000000000000000000000000001` has too many digits",
        "28",
    );
    check("1 + 2026-02-30", "E0202 4..14 `2026-02-30` is not a date", "no such day");
    check("2026-1-1", "E0202 0..8 `2026-1-1` is not a date", "`2026-01-09`");
    check("2026-01-01T24:00", "E0202 0..16 `2026-01-01T24:00` is not a date", "23:59:59");
}

#[test]
fn texts() {
    check("\"ab", "E0201 0..1 the text is not closed", "end it");
    check("a = \"b\nc\"", "E0201 4..5 the text is not closed", "line break");
    check(r#""a\d""#, "E0201 2..4 unknown escape `\\d`", "escapes are");
}

#[test]
fn missing_parts() {
    check("", "E0201 0..0 expected an expression, found nothing", "");
    check("1 +", "E0201 3..3 unexpected end, expected a value", "");
    check("* 2", "E0201 0..1 unexpected `*`, expected a value", "");
    check("(a", "E0201 2..2 unexpected end, expected an operator or `)`", "close the bracket");
    check("a)", "E0201 1..2 unexpected `)`, expected an operator or the end", "no `(`");
    check("a b", "E0201 2..3 unexpected `b`, expected an operator or the end", "put an operator");
    check("a.", "E0201 2..2 unexpected end, expected a name", "");
    check("if a then b", "E0201 11..11 unexpected end, expected an operator or `else`", "three parts");
    check("x is", "E0201 4..4 unexpected end, expected `missing`", "");
    check("x is null", "E0201 5..9 unexpected `null`, expected `missing`", "");
    check("x not 5", "E0201 6..7 unexpected `5`, expected `in`", "");
    check("x in [1, 2", "E0201 10..10 unexpected end, expected an operator, `,` or `]`", "close the list");
    check("f(a,)", "E0201 4..5 unexpected `)`, expected a value", "");
    check("a..b", "E0201 1..3 unexpected `..`, expected an operator or the end", "`age in 18..65`");
    check("a\u{a0}b", "E0201 1..3 unexpected no-break space, expected an operator or the end", "ordinary space");
}

#[test]
fn chains() {
    check("a < b < c", "E0201 6..7 comparisons cannot be chained", "x in low..high");
    check("a = b = c", "E0201 6..7 comparisons cannot be chained", "`and`");
    check("a in [1] = true", "E0201 9..10 comparisons cannot be chained", "brackets");
    check("a = b is missing", "E0201 6..8 comparisons cannot be chained", "brackets");
    check("a is missing in [true]", "E0201 13..15 comparisons cannot be chained", "brackets");
    check("a = b not in [1]", "E0201 6..9 comparisons cannot be chained", "brackets");
}

#[test]
fn keywords_are_no_names() {
    check("rest + 1", "E0201 0..4 unexpected `rest`, expected a value", "cannot be a name");
    check("a.in", "E0201 2..4 unexpected `in`, expected a name", "cannot be a name");
    check("1 + where", "E0201 4..9 unexpected `where`, expected a value", "cannot be a name");
}

#[test]
fn periods() {
    check(
        "x in year",
        "E0201 9..9 unexpected end, expected an operator, `..` or `..<`",
        "within the brackets of a call",
    );
    check(
        "count(orders where x > 1 in year)",
        "E0201 32..33 unexpected `)`, expected an operator, `..` or `..<`",
        "period before the condition",
    );
    check(
        "sum(a in yer whre x)",
        "E0201 13..17 unexpected `whre`, expected an operator, `to`, `where` or `)`",
        "did you mean `where`?",
    );
    check("f(1 to b)", "E0201 4..8 expected the name of a period before `to`", "two periods");
}

#[test]
fn the_first_mistake_counts() {
    check("a b == c", "E0201 2..3 unexpected `b`, expected an operator or the end", "put an operator");
    check("a == b && c", "E0201 2..4 unexpected `==`", "write `=`");
    // A name that looks like a keyword in capitals is no mistake.
    check("Or + Or +", "E0201 9..9 unexpected end, expected a value", "");
}

#[test]
fn nesting_is_limited() {
    let deep = |open: &str, close: &str| format!("{}a{}", open.repeat(120), close.repeat(120));
    let check = |text: &str, place: &str, levels: usize| {
        check(
            text,
            &format!("E0203 {place} the expression is nested more than {levels} levels deep"),
            "a name of its own",
        );
    };
    check(&deep("(", ")"), "50..51", 50);
    check(&deep("f(", ")"), "101..102", 50);
    check(&deep("if a then b else ", ""), "850..852", 50);
    check(&deep("a + (", ")"), "252..253", 100);
    check(&deep("not ", ""), "400..403", 100);
    check(&deep("-", ""), "100..101", 100);
    check(&deep("a or b = c + (", ")"), "352..354", 100);
    check(&deep("a in [", "]"), "302..304", 100);
    // A chain is as deep as it is long.
    check(&vec!["a"; 102].join(" + "), "0..405", 100);
    assert!(expression_text(&vec!["a"; 101].join(" + ")).is_ok());
    assert!(expression_text(&format!("{}a{}", "(".repeat(50), ")".repeat(50))).is_ok());
    assert!(expression_text(&format!("a in [{}]", vec!["-1"; 1000].join(", "))).is_ok());
}
