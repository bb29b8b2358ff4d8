//! Help for the place where the grammar stopped.

use super::error::{OPERATOR, VALUE};
use super::grammar::{Rule, is_identifier, is_keyword};
use super::token::{Token, TokenKind};
use crate::suggest::suggest;

/// The name of what an entry of the grammar reads, with its article.
pub(super) fn name(entry: Rule) -> &'static str {
    match entry {
        Rule::pattern_entry => "a test",
        Rule::class_cut_entry => "a class",
        Rule::bins_entry => "bins",
        Rule::period_entry => "a period",
        Rule::column_type_entry => "a column type",
        Rule::measure_entry => "a measure",
        Rule::range_entry => "a range",
        Rule::number_entry => "a number",
        Rule::share_entry => "a percentage",
        Rule::date_entry => "a date",
        _ => "an expression",
    }
}

/// The forms an entry has, for notations small enough to list them.
pub(super) fn forms(entry: Rule) -> Option<&'static str> {
    Some(match entry {
        Rule::pattern_entry => {
            "write `< 10`, `>= 10`, `10 .. 20`, `10 ..< 20`, `in [\"a\", \"b\"]`, `\"text\"`, `missing` or `rest`"
        }
        Rule::class_cut_entry => {
            "write `top 80% of revenue`, `next 15%`, `own 20%`, `top 20% of customers`, `top 50 customers`, `>= 100` or `rest`"
        }
        Rule::bins_entry => "write `5 by value`, `5 by rank` or `5 by r_package`, and `nested` after it if wanted",
        Rule::period_entry => "write `last 12 months`, `12 months before year` or `2025-01-01 .. 2025-12-31`",
        Rule::column_type_entry => {
            "write a type, `?` if it may be missing, and a range or the values, as in `integer? 1..5` or `text in [a, b]`"
        }
        Rule::range_entry => "write two numbers, as in `0..10`",
        Rule::number_entry => "write a number such as `10_000`, `12.5` or `30%`",
        Rule::share_entry => "write a percentage such as `30%`",
        Rule::date_entry => "write a date such as `2026-01-09`",
        _ => return None,
    })
}

/// Help for the token at which the grammar stopped, given the words that it expected.
pub(super) fn hint(text: &str, token: Option<Token<'_>>, expected: &[&str]) -> Option<String> {
    let before = text[..token.map_or(text.len(), |token| token.start)].trim_end();
    let wants = |word: &str| expected.contains(&word);
    if wants("`customers`") && before.ends_with(|c: char| c.is_ascii_digit()) && token.is_none() {
        return Some(format!("write `{before}%` for a share, `{before} customers` for a number of them"));
    }
    let help = if wants("`..`") && after_in_name(before) {
        if before.contains(" where ") {
            "write the period before the condition, as in `count(orders in year where orders.amount > 0)`"
        } else {
            "a period is given within the brackets of a call, as in `sum(orders.amount in year)`; \
             a set is written `[1, 2]` and a range `1..5`"
        }
    } else if wants("`else`") || wants("`then`") {
        "a choice has three parts, as in `if c then x else y`"
    } else if token.is_none() && wants("`)`") {
        "close the bracket with `)`"
    } else if token.is_none() && wants("`]`") {
        "close the list with `]`"
    } else {
        hint_for_token(token?, before, expected)?
    };
    Some(help.to_owned())
}

/// The keyword that a misspelt word stands for.
pub(super) fn misspelt_keyword<'a>(token: Token<'_>, expected: &[&'a str]) -> Option<&'a str> {
    const OPERATORS: &[&str] = &["and", "or", "in", "is", "not"];
    let keywords = expected.iter().map(|word| word.trim_matches('`')).filter(|word| !word.contains([' ', '(', ')']));
    let operators = OPERATORS.iter().copied().filter(|_| expected.contains(&OPERATOR));
    // Two letters are too few to tell a misspelt keyword from a name.
    let long_enough = token.kind == TokenKind::Word && token.text.chars().count() > 2 && !is_keyword(token.text);
    suggest(token.text, keywords.chain(operators)).filter(|_| long_enough)
}

fn hint_for_token(token: Token<'_>, before: &str, expected: &[&str]) -> Option<&'static str> {
    let wants = |word: &str| expected.contains(&word);
    match token.kind {
        TokenKind::Word if (wants(VALUE) || wants("a name")) && is_keyword(token.text) => {
            Some("it is a word of the language and cannot be a name")
        }
        TokenKind::Word if wants("a unit of time") && wants(OPERATOR) => {
            Some("the units of time are `days`, `weeks`, `months`, `quarters` and `years`; all else needs an operator")
        }
        TokenKind::Symbol => hint_for_symbol(token.text, before),
        _ if wants(OPERATOR) => Some("put an operator such as `+`, `*`, `and` or `=` between the two"),
        _ => None,
    }
}

/// Whether `before` ends in `in NAME`.
fn after_in_name(before: &str) -> bool {
    let mut words = before.split(|c: char| !c.is_alphanumeric() && c != '_').rev().filter(|word| !word.is_empty());
    words.next().is_some_and(is_identifier) && words.next() == Some("in")
}

fn hint_for_symbol(symbol: &str, before: &str) -> Option<&'static str> {
    let count = |bracket: char| before.chars().filter(|c| *c == bracket).count();
    Some(match symbol {
        "," if before.ends_with(|c: char| c.is_ascii_digit()) => "write a number as in `10_000` or `12.5`",
        "%" => "write `%` right after a number, as in `30%`; there is no remainder operator",
        "\u{a0}" => "replace it with an ordinary space",
        ")" if count('(') <= count(')') => "there is no `(` for it",
        "]" if count('[') <= count(']') => "there is no `[` for it",
        ".." | "..<" => "a range is used with `in`, as in `age in 18..65`",
        ":" | "?" => "write `if c then x else y` for a choice",
        _ => return None,
    })
}
