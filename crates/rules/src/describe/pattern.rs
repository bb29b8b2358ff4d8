//! Patterns in words.

use accolade_parser::expr;
use accolade_parser::expr::ast::{BinaryOp, Literal, Pattern};

use super::formula::{between, compared};
use super::text::{code, literal, one_of};

/// A pattern in words, after "is": `>= 8` is "at least 8".
pub fn pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Compare(BinaryOp::Equal, written) => literal(&written.value),
        Pattern::Compare(op, written) => {
            let dated = matches!(written.value, Literal::Date(_) | Literal::DateTime(_));
            format!("{}{}", compared(*op, dated), literal(&written.value))
        }
        Pattern::Range { low, high, closed } => between(&literal(&low.value), &literal(&high.value), *closed, false),
        Pattern::OneOf(list) => one_of(&list.iter().map(|l| literal(&l.value)).collect::<Vec<_>>()),
        Pattern::Missing => "missing".to_owned(),
        Pattern::Rest => "anything else".to_owned(),
    }
}

/// The text of a pattern in words; a text that cannot be parsed stays as it is.
pub fn pattern_text(text: &str) -> String {
    match expr::pattern_text(text) {
        Ok(written) => pattern(&written.value),
        Err(_) => code(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_read_after_is() {
        let check = |text: &str, expected: &str| assert_eq!(pattern_text(text), expected, "{text}");
        check("< 1_000", "less than 1,000");
        check(">= 4.5", "at least 4.5");
        check("1_000 ..< 10_000", "at least 1,000 and less than 10,000");
        check("1..5", "from 1 to 5");
        check("gold", "`gold`");
        check("in [\"a\", \"b\"]", "`a` or `b`");
        check("missing", "missing");
        check("rest", "anything else");
        check(">= 2026-01-01", "on or after 2026-01-01");
    }
}
