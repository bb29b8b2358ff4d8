//! Names, numbers and values within a sentence.

use accolade_core::model::Value;
use accolade_core::show;
use accolade_parser::expr::ast::Literal;

pub use crate::present::cell::grouped_decimal as grouped;
use crate::thresholds::cutoffs::{Bound, Edge};

/// A name, a label or code between backticks.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// `a`, `b` and `c`
pub fn all_of(texts: &[String]) -> String {
    joined(texts, "and")
}

/// `a`, `b` or `c`
pub fn one_of(texts: &[String]) -> String {
    joined(texts, "or")
}

fn joined(texts: &[String], last: &str) -> String {
    match texts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}

/// Names between backticks: `a`, `b` and `c`.
pub fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    all_of(&names.into_iter().map(code).collect::<Vec<_>>())
}

/// A whole number with thousands separators.
pub fn count(n: impl ToString) -> String {
    grouped(&n.to_string())
}

/// A literal as a reader writes it.
pub fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Number(number) => grouped(&number.normalize().to_string()),
        Literal::Percent(share) => {
            format!("{}%", grouped(&(share * rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string()))
        }
        Literal::Text(text) => code(text),
        Literal::Boolean(truth) => truth.to_string(),
        other => other.to_string(),
    }
}

/// A value as a reader writes it.
pub fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => code(text),
        Value::Integer(_) | Value::Money(_) | Value::Number(_) | Value::Score(_) | Value::Decimal(_) => {
            grouped(&show::value(value))
        }
        other => show::value(other),
    }
}

/// A share in units of 10^-places, in percent.
pub fn percent(unscaled: i128, places: i8) -> String {
    format!("{}%", grouped(&show::decimal(unscaled * 100, places, 0)))
}

/// The value at which a class or bin begins or ends.
pub fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Exact { numerator, denominator } => {
            let text = bound.to_string();
            match text.contains('/') {
                true => format!("{} ({text})", grouped(&format!("{:.4}", *numerator as f64 / *denominator as f64))),
                false => grouped(&text),
            }
        }
        Bound::Float(float) => grouped(&float.to_string()),
    }
}

/// The values of some edges.
pub fn edges(edges: &[Edge]) -> Vec<String> {
    edges.iter().map(|edge| bound(edge.bound())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let check = |decimal: &str, expected: &str| assert_eq!(grouped(decimal), expected);
        check("0", "0");
        check("999", "999");
        check("1000", "1,000");
        check("-1234567.5", "-1,234,567.5");
        assert_eq!(percent(12_500_000, 8), "12.5%");
        assert_eq!(bound(&Bound::ratio(892, 3)), "297.3333 (892/3)");
        assert_eq!(bound(&Bound::ratio(1_907_572, 100)), "19,075.72");
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(names([]), "");
        assert_eq!(names(["a"]), "`a`");
        assert_eq!(names(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(one_of(&["a", "b"].map(str::to_owned)), "a or b");
    }
}
