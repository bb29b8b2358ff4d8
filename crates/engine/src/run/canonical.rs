//! Texts of a rule file in one layout, so that they are equal if they mean the same.

use accolade_parser::expr::token::{Token, TokenKind, tokens};

/// The text with one layout: blanks where names and numbers would run together and around operators, numbers without
/// separators.
pub(super) fn canonical(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before: Option<Token> = None;
    for token in tokens(text) {
        if before.is_some_and(|before| is_apart(before, token)) {
            out.push(' ');
        }
        match token.kind {
            TokenKind::Number => out.extend(token.text.chars().filter(|c| *c != '_')),
            _ => out.push_str(token.text),
        }
        before = Some(token);
    }
    out
}

/// Whether a blank stands between two tokens.
fn is_apart(before: Token, after: Token) -> bool {
    const OPENS: &[&str] = &["(", "[", "{", ".", "..", "..<"];
    const CLOSES: &[&str] = &[")", "]", "}", ".", "..", "..<", ",", ":", "?"];
    let is = |token: Token, list: &[&str]| token.kind == TokenKind::Symbol && list.contains(&token.text);
    let calls = before.kind == TokenKind::Word && after.text == "(";
    !is(before, OPENS) && !is(after, CLOSES) && !calls
}

/// The names in a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).filter(|token| token.kind == TokenKind::Word).map(|token| token.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: &str) {
        for text in texts {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn layout_is_left_out() {
        check(&["sum(orders.amount)", " sum ( orders . amount )", "sum(\n  orders.amount\n)"], "sum(orders.amount)");
        check(&["a+10_000", "a + 10000"], "a + 10000");
        check(&["integer?  1..5", "integer? 1 .. 5"], "integer? 1..5");
        check(&["top 80% of revenue", "top  80%  of revenue"], "top 80% of revenue");
    }

    #[test]
    fn texts_in_quotes_stay() {
        check(&["c = \"a  b_1\"", "c=\"a  b_1\""], "c = \"a  b_1\"");
    }

    #[test]
    fn different_texts_stay_different() {
        for (one, other) in [("a - b", "a + b"), ("1..5", "1 ..< 5"), ("30 days", "30 months"), ("\"a b\"", "\"ab\"")] {
            assert_ne!(canonical(one), canonical(other));
        }
    }
}
