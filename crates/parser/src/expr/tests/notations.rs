use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::Spanned;
use crate::testing::{line, scalar};
use crate::yaml::node::Scalar;

type Parse<T> = fn(&Scalar, &mut Diagnostics) -> Option<Spanned<T>>;

/// The canonical form of each notation.
fn prints<T: std::fmt::Display>(parse: Parse<T>, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let mut out = Diagnostics::new();
        let value = parse(&scalar(text), &mut out).unwrap_or_else(|| panic!("{text}: {out:?}"));
        assert_eq!(value.value.to_string(), *expected, "{text}");
        // What is printed is read as the same.
        assert_eq!(parse(&scalar(expected), &mut out).unwrap().value.to_string(), *expected);
    }
}

fn fails<T>(parse: Parse<T>, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let mut out = Diagnostics::new();
        assert!(parse(&scalar(text), &mut out).is_none(), "{text}");
        assert_eq!(out.len(), 1, "{text}");
        assert_eq!(line(&out[0]), *expected, "{text}");
    }
}

#[test]
fn patterns() {
    prints(
        expr::pattern,
        &[
            ("< 1_000", "< 1000"),
            ("<=5", "<= 5"),
            ("> -5", "> -5"),
            (">= 90%", ">= 90%"),
            ("= 3", "3"),
            ("3", "3"),
            ("-2.5", "-2.5"),
            ("- 30 days", "-30 days"),
            ("\"gold\"", "\"gold\""),
            ("gold", "\"gold\""),
            ("New York", "\"New York\""),
            ("key-account", "\"key-account\""),
            ("true", "true"),
            ("2026-01-01", "2026-01-01"),
            ("1..5", "1..5"),
            ("1 .. 5", "1..5"),
            ("-5..-1", "-5..-1"),
            ("1_000 ..< 10_000", "1000 ..< 10_000"),
            ("0%..50%", "0%..50%"),
            ("2025-01-01 .. 2025-12-31", "2025-01-01..2025-12-31"),
            ("in [1, 2]", "in [1, 2]"),
            ("in [gold, \"silver\"]", "in [\"gold\", \"silver\"]"),
            ("missing", "missing"),
            ("rest", "rest"),
            ("restful", "\"restful\""),
        ],
    );
    fails(
        expr::pattern,
        &[
            ("", "E0201 0..0 expected a test, found nothing"),
            (">", "E0201 1..1 unexpected end, expected a value"),
            ("== 3", "E0201 0..2 unexpected `==`"),
            ("!= 3", "E0201 0..2 unexpected `!=`, expected a test"),
            ("rest 1", "E0201 5..6 unexpected `1`, expected the end"),
            ("1_000 to 5_000", "E0201 6..8 unexpected `to`, expected `..`, `..<` or the end"),
            ("10-20", "E0201 2..3 unexpected `-`, expected `..`, `..<` or the end"),
            ("in []", "E0201 4..5 unexpected `]`, expected a value"),
            ("> 2026-02-30", "E0202 2..12 `2026-02-30` is not a date"),
            ("where", "E0201 0..5 unexpected `where`, expected a test"),
        ],
    );
}

#[test]
fn class_cuts() {
    prints(
        expr::class_cut,
        &[
            ("top 80% of revenue", "top 80% of revenue"),
            ("top 80%", "top 80%"),
            ("next 12.5% of revenue", "next 12.5% of revenue"),
            ("own 20%", "own 20%"),
            ("top 20% of customers", "top 20% of customers"),
            ("next 30% of customers", "next 30% of customers"),
            ("top 50 customers", "top 50 customers"),
            ("next 10_000 customers", "next 10_000 customers"),
            (">= 100_000", ">= 100_000"),
            ("1_000 ..< 5_000", "1000 ..< 5000"),
            ("rest", "rest"),
        ],
    );
    fails(
        expr::class_cut,
        &[
            ("top 80", "E0201 6..6 unexpected end, expected `customers`"),
            ("top", "E0201 3..3 unexpected end, expected a number or a percentage"),
            ("top 80% off revenue", "E0201 8..11 unexpected `off`, expected `of` or the end"),
            ("first 80%", "E0201 0..5 unexpected `first`, expected a class"),
            ("own 5 customers", "E0201 0..15 `own` takes a share of a total, not a number of customers"),
            ("own 5% of customers", "E0201 0..19 `own` takes a share of a total, not of the customers"),
            ("top 2.5 customers", "E0202 4..7 expected a whole number, found `2.5`"),
            ("top 99999999999999999999 customers", "E0202 4..24 the number `99999999999999999999` is too large"),
        ],
    );
}

#[test]
fn bins() {
    prints(
        expr::bins,
        &[("5 by value", "5 by value"), ("4 by rank nested", "4 by rank nested"), ("5 by r_package", "5 by r_package")],
    );
    fails(
        expr::bins,
        &[
            ("five by value", "E0201 0..4 unexpected `five`, expected a number"),
            ("5 by size", "E0201 5..9 unexpected `size`, expected `value`, `rank` or `r_package`"),
            ("5.5 by value", "E0202 0..3 expected a whole number, found `5.5`"),
            ("99999999999 by rank", "E0202 0..11 the number `99999999999` is too large"),
        ],
    );
}

#[test]
fn periods() {
    prints(
        expr::period,
        &[
            ("last 12 months", "last 12 months"),
            ("last 1 year", "last 1 year"),
            ("12 months before year", "12 months before year"),
            ("2025-01-01 .. 2025-12-31", "2025-01-01..2025-12-31"),
            ("2025-01-01 ..< 2026-01-01", "2025-01-01 ..< 2026-01-01"),
        ],
    );
    fails(
        expr::period,
        &[
            ("last year", "E0201 5..9 unexpected `year`, expected a number"),
            ("last 12 mnths", "E0201 8..13 unexpected `mnths`, expected a unit of time"),
            ("last 0 days", "E0202 5..11 a period has a length of at least one"),
            ("last 99_999 years", "E0202 5..17 `99_999 years` is too long"),
            ("12 months after year", "E0201 10..15 unexpected `after`, expected `before`"),
            ("12 months before where", "E0201 17..22 unexpected `where`, expected a name"),
            ("2025-12-31 .. 2025-01-01", "E0202 0..24 the period ends before it begins"),
            ("2025-01-01 ..< 2025-01-01", "E0202 0..25 the period ends before it begins"),
            ("2025-02-29 .. 2025-12-31", "E0202 0..10 `2025-02-29` is not a date"),
        ],
    );
}

#[test]
fn column_types() {
    prints(
        expr::column_type,
        &[
            ("text", "text"),
            ("integer? 1..5", "integer? 1..5"),
            ("integer ? -1 .. 5", "integer? -1..5"),
            ("money", "money"),
            ("percent 0%..100%", "percent 0%..100%"),
            ("date 2020-01-01..2030-12-31", "date 2020-01-01..2030-12-31"),
            ("datetime?", "datetime?"),
            ("text in [\"a\", \"b\"]", "text in [\"a\", \"b\"]"),
            ("text? in [gold, \"key-account\", New York]", "text? in [\"gold\", \"key-account\", \"New York\"]"),
            ("text?in[a]", "text? in [\"a\"]"),
            // Analysis checks whether a list fits the type.
            ("integer in [1, 2]", "integer in [1, 2]"),
        ],
    );
    fails(
        expr::column_type,
        &[
            ("strng", "E0106 0..5 unknown column type `strng`"),
            ("integer 1 ..< 5", "E0201 10..13 unexpected `..<`, expected `..`"),
            ("integer 1", "E0201 9..9 unexpected end, expected `..`"),
            ("integer! 1..5", "E0201 7..8 unexpected `!`, expected a value, `in`, `?` or the end"),
            ("text in []", "E0201 9..10 unexpected `]`, expected a value"),
            ("text in [a", "E0201 10..10 unexpected end, expected `,` or `]`"),
            ("text in [a] 1..5", "E0201 12..13 unexpected `1`, expected the end"),
            ("text [a, b]", "E0201 5..6 unexpected `[`, expected a value, `in`, `?` or the end"),
        ],
    );
    let mut out = Diagnostics::new();
    expr::column_type(&scalar("decimal"), &mut out);
    assert_eq!(out[0].help, ["did you mean `money`?"]);
}

#[test]
fn numbers() {
    let mut out = Diagnostics::new();
    for (text, expected) in [("10_000", "10000"), ("-2.5", "-2.5"), ("30%", "0.30"), ("- 1%", "-0.01"), ("-0", "0")] {
        assert_eq!(expr::number(&scalar(text), &mut out).unwrap().value.to_string(), expected);
    }
    assert_eq!(expr::share(&scalar("30%"), &mut out).unwrap().value.to_string(), "0.30");
    fails(expr::number, &[("ten", "E0201 0..3 unexpected `ten`, expected a number")]);
    fails(expr::share, &[("30", "E0201 0..2 unexpected `30`, expected a percentage")]);
    fails(
        expr::date,
        &[
            ("today", "E0201 0..5 unexpected `today`, expected a date"),
            ("2026-02-30", "E0202 0..10 `2026-02-30` is not a date"),
        ],
    );
    let (low, high) = expr::range(&scalar("-1 .. 50%"), &mut out).unwrap();
    assert_eq!((low.value.to_string(), high.value.to_string()), ("-1".to_owned(), "0.50".to_owned()));
    assert_eq!((low.span.start, low.span.end, high.span.start, high.span.end), (0, 2, 6, 9));
    assert!(expr::range(&scalar("0 ..< 10"), &mut out).is_none());
    assert_eq!(line(&out[0]), "E0201 2..5 unexpected `..<`, expected `..`");
}
