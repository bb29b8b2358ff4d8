//! No text makes the parser panic, and all places are within it.

use proptest::prelude::*;

use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::testing::scalar;

const WORDS: &[&str] = &[
    "a",
    "é",
    "orders.amount",
    "and",
    "or",
    "or else",
    "not",
    "in",
    "is",
    "missing",
    "if",
    "then",
    "else",
    "where",
    "to",
    "rest",
    "true",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "..",
    "..<",
    "+",
    "-",
    "*",
    "/",
    "=",
    "!=",
    "<",
    "<=",
    "==",
    "&&",
    "!",
    "'",
    "\"",
    "\"t\"",
    "\"\\d\"",
    "1",
    "10_000",
    "1.5",
    "30%",
    "30 days",
    "2026-01-01",
    "2026-02-30",
    "2026-1-1",
    "2026-01-01T12:30",
    "99999999999999999999999999999999",
    "f(",
    "top",
    "next",
    "own",
    "of",
    "customers",
    "by",
    "value",
    "last",
    "before",
    "nested",
    "integer",
    "?",
    " ",
    "\n",
    "\u{a0}",
    "€",
    "\\",
    "1e5",
    "#",
    ":",
];

fn read_all(text: &str) {
    let scalar = scalar(text);
    let mut out = Diagnostics::new();
    if let Some(expr) = expr::expression(&scalar, &mut out) {
        assert!(text.get(expr.span.range()).is_some());
        assert!(expr::expression_text(&expr.to_string()).is_ok(), "{text:?} prints as {expr}");
    }
    expr::pattern(&scalar, &mut out);
    expr::class_cut(&scalar, &mut out);
    expr::bins(&scalar, &mut out);
    expr::period(&scalar, &mut out);
    expr::column_type(&scalar, &mut out);
    expr::range(&scalar, &mut out);
    expr::number(&scalar, &mut out);
    expr::share(&scalar, &mut out);
    expr::date(&scalar, &mut out);
    for diagnostic in &out {
        for label in &diagnostic.labels {
            assert!(text.get(label.span.range()).is_some(), "{text:?}: {diagnostic:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_text(text in "\\PC*|[ -~\\n\\té€]{0,40}") {
        read_all(&text);
    }

    #[test]
    fn any_words(words in prop::collection::vec(prop::sample::select(WORDS), 0..20), gap in "| ") {
        read_all(&words.join(&gap));
    }
}

#[test]
fn any_depth() {
    for piece in [
        "(",
        "[",
        "f(",
        "a in [",
        "a in (",
        "not ",
        "-",
        "if ",
        "if a then ",
        "if a then b else ",
        "a + ",
        "a or else ",
        "a in b..",
        "f(a where ",
        "- (",
        "not a = (",
        "\"",
        ".",
        "1",
        "a.",
        "a=",
        "))((",
        "-f(-",
        "a or b and c = d or else e + f * (",
        "not a or b and not c = d or else e + f * -(",
        "if a in 1 + (a..b) then x or else f(a, ",
    ] {
        for count in [25, 50, 51, 99, 100, 101, 200, 5000] {
            read_all(&piece.repeat(count));
            read_all(&format!("{}a", piece.repeat(count)));
            let close = ")".repeat(count);
            read_all(&format!("{}a{close}", piece.repeat(count)));
        }
    }
}
