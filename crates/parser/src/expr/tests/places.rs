//! Every place is one in the file, however YAML writes the scalar.

use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::expr::ast::{Expr, ExprKind};
use crate::testing::{document, quotes};
use crate::yaml::node::Node;

/// The text of the file at each name and operator of the expression under the key `x`.
fn places(file: &str) -> Vec<&str> {
    fn walk<'a>(file: &'a str, expr: &Expr, out: &mut Vec<&'a str>) {
        out.push(&file[expr.span.range()]);
        if let ExprKind::Binary(_, left, right) = &expr.kind {
            walk(file, left, out);
            walk(file, right, out);
        }
    }
    let node = document(file);
    let Node::Mapping(mapping) = &node else { panic!() };
    let Some(Node::Scalar(scalar)) = mapping.get("x") else { panic!() };
    let expr = expr::expression(scalar, &mut Diagnostics::new()).unwrap();
    let mut out = Vec::new();
    walk(file, &expr, &mut out);
    out
}

#[test]
fn in_every_style() {
    assert_eq!(places("x: a1 + bé\n"), ["a1 + bé", "a1", "bé"]);
    assert_eq!(places("x: 'a1 + b'"), ["a1 + b", "a1", "b"]);
    assert_eq!(places("x: \"a1 + b\""), ["a1 + b", "a1", "b"]);
    assert_eq!(places("x: (a1 + b)  * c # no"), ["(a1 + b)  * c", "(a1 + b)", "a1", "b", "c"]);
    assert_eq!(places("é: 1\nx: >\n  a1\n  + b\n"), ["a1\n  + b", "a1", "b"]);
    assert_eq!(places("x: |\n\n    a1\n      + b\n"), ["a1\n      + b", "a1", "b"]);
    assert_eq!(places("x: a1\r\n   + b\r\n"), ["a1\r\n   + b", "a1", "b"]);
    assert_eq!(places("x: 'a1\n\n  = b'"), ["a1\n\n  = b", "a1", "b"]);
    assert_eq!(places(r#"x: "a1 = \"\u00e9\" ""#), [r#"a1 = \"\u00e9\"#, "a1", r#"\"\u00e9\"#]);
}

#[test]
fn of_errors() {
    let error = |file: &'static str| {
        let node = document(file);
        let Node::Mapping(mapping) = &node else { panic!() };
        let mut out = Diagnostics::new();
        if let Some(Node::Scalar(scalar)) = mapping.get("x") {
            assert!(expr::expression(scalar, &mut out).is_none());
        }
        quotes(file, &out)[0].1
    };
    assert_eq!(error("x: a b"), "b");
    assert_eq!(error("x: >\n  a\n  é\n  == b"), "é");
    assert_eq!(error("x: >-\n  a\n  == b"), "==");
    assert_eq!(error("x: \"\\u00e9 && b\""), "&&");
    assert_eq!(error("x: 'a = ''gold'''"), "'");
    assert_eq!(error("x: |\r\n  a and\r\n  1e5\r\n"), "1e5");
}

#[test]
fn of_an_end_that_is_missing() {
    let file = "y: 1\nx: >\n  a\n  +\n\nz: 2";
    let node = document(file);
    let Node::Mapping(mapping) = &node else { panic!() };
    let Some(Node::Scalar(scalar)) = mapping.get("x") else { panic!() };
    let mut out = Diagnostics::new();
    assert!(expr::expression(scalar, &mut out).is_none());
    assert_eq!(out[0].labels[0].span.range(), 17..17);
    assert_eq!(&file[..17], "y: 1\nx: >\n  a\n  +");
}
