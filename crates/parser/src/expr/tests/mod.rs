//! Tests of the language.

mod calls;
mod errors;
mod literals;
mod notations;
mod places;
mod precedence;
mod robust;
mod round_trip;

use super::{expression_text, strip_spans};
use crate::testing::lines;

/// Asserts that both texts are the same expression.
fn same(text: &str, explicit: &str) {
    let parse = |text: &str| {
        let mut expr = expression_text(text).unwrap_or_else(|out| panic!("{text}: {:?}", lines(&out)));
        strip_spans(&mut expr);
        expr
    };
    assert_eq!(parse(text), parse(explicit), "{text}");
}

/// Asserts the canonical form of an expression.
fn prints(text: &str, expected: &str) {
    let expr = expression_text(text).unwrap_or_else(|out| panic!("{text}: {:?}", lines(&out)));
    assert_eq!(expr.to_string(), expected);
}
