//! Errors where the grammar does not match: what was found and what was expected.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::{Rule, is_keyword};
use super::token::{Token, TokenKind, token_at};
use super::{depth, hint, mistake};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::quote::quote;
use crate::span::Span;
use crate::yaml::node::Scalar;

/// The error for an empty text.
pub(super) fn empty(scalar: &Scalar, entry: Rule) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::E0201, format!("expected {}, found nothing", hint::name(entry)));
    with_help(diagnostic.at(scalar.span), hint::forms(entry).map(str::to_owned))
}

/// The error for a text that does not match `entry`.
pub(super) fn syntax(scalar: &Scalar, entry: Rule, error: &Error<Rule>) -> Diagnostic {
    let text = &scalar.text;
    if text.trim().is_empty() {
        return empty(scalar, entry);
    }
    let InputLocation::Pos(stop) = error.location else { return empty(scalar, entry) };
    let token = token_at(text, stop);
    let stop = token.map_or(text.len(), |token| token.start);
    if let Some(mistake) = mistake::first(text, stop, matches!(entry, Rule::expression_entry | Rule::measure_entry)) {
        let diagnostic = Diagnostic::new(Code::E0201, mistake.message).at(scalar.place(mistake.range));
        let place = diagnostic.labels.first().map(|label| label.span);
        let helped = diagnostic.help(mistake.help);
        return match (mistake.replacement, place) {
            (Some(instead), Some(place)) => helped.fix(place, instead),
            _ => helped,
        };
    }
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        // The grammar ran out of stack.
        return depth::error(place(scalar, token), depth::MAX_DEPTH);
    };
    let found = match token {
        Some(token) => format!("unexpected {}", quoted(token.text)),
        None => "unexpected end".to_owned(),
    };
    let expected = expected(positives, token);
    let message = if expected.is_empty() { found } else { format!("{found}, expected {}", list(&expected)) };
    let diagnostic = Diagnostic::new(Code::E0201, message).at(place(scalar, token));
    if let Some((token, keyword)) = token.and_then(|token| Some((token, hint::misspelt_keyword(token, &expected)?))) {
        return diagnostic.did_you_mean(scalar.place(token.range()), token.text, keyword);
    }
    let hint = hint::hint(text, token, &expected);
    with_help(diagnostic, hint.or_else(|| hint::forms(entry).map(str::to_owned)))
}

fn with_help(diagnostic: Diagnostic, help: Option<String>) -> Diagnostic {
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The place of a token, or the end of the text.
fn place(scalar: &Scalar, token: Option<Token<'_>>) -> Span {
    match token {
        Some(token) => scalar.place(token.range()),
        None => {
            // After the last character, which in a block scalar is not where the text ends.
            let length = scalar.text.trim_end().len();
            let last = scalar.place(length.saturating_sub(1)..length);
            Span { start: last.end, ..last }
        }
    }
}

/// A token in backticks, or its name where backticks would not show it.
fn quoted(token: &str) -> String {
    match token {
        "\u{a0}" => "no-break space".to_owned(),
        "`" => "backtick".to_owned(),
        _ => quote(token),
    }
}

/// The words for the rules that would have matched.
fn expected(rules: &[Rule], found: Option<Token<'_>>) -> Vec<&'static str> {
    // In the order of the table, so that the message does not depend on the grammar's order.
    let taken = WORDS.iter().filter(|(_, members)| rules.iter().any(|rule| members.contains(rule)));
    let mut words: Vec<&str> = taken.map(|(word, _)| *word).collect();
    let mut general = |word: &str, special: &[&str]| {
        if words.contains(&word) {
            words.retain(|word| !special.contains(word));
        }
    };
    general(VALUE, &["a number", "a percentage", "a date", "a name"]);
    general(OPERATOR, &["`(`"]);
    // After a period in a call.
    general("`where`", &["`..`", "`..<`", "`in`"]);
    // A unit may follow any number, but it is proposed only in place of a word.
    let word = found.is_some_and(|token| token.kind == TokenKind::Word && !is_keyword(token.text));
    if words.len() > 1 && !word {
        words.retain(|word| *word != "a unit of time");
    }
    words
}

/// "a, b or c"
fn list(words: &[&str]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

pub(super) const VALUE: &str = "a value";
pub(super) const OPERATOR: &str = "an operator";

use Rule as R;
const WORDS: &[(&str, &[Rule])] = &[
    (
        VALUE,
        &[
            R::expression,
            R::bound,
            R::conditional,
            R::kw_if,
            R::group,
            R::call,
            R::path,
            R::negate,
            R::value,
            R::text,
            R::boolean,
            R::datetime,
            R::list,
        ],
    ),
    ("a test", &[R::pattern]),
    ("a class", &[R::class_cut]),
    ("a period", &[R::period]),
    ("a range", &[R::range]),
    ("a number", &[R::bins, R::number, R::signed_number]),
    ("a percentage", &[R::percent]),
    ("a date", &[R::date]),
    ("a span of time", &[R::duration]),
    ("a unit of time", &[R::unit, R::day, R::week, R::month, R::quarter, R::year]),
    ("a name", &[R::identifier]),
    (
        OPERATOR,
        &[
            R::add,
            R::subtract,
            R::multiply,
            R::divide,
            R::or_else,
            R::equal,
            R::not_equal,
            R::less,
            R::less_equal,
            R::greater,
            R::greater_equal,
            R::and,
            R::or,
            R::is_missing,
            R::membership,
        ],
    ),
    ("`missing`", &[R::kw_missing]),
    ("`in`", &[R::kw_in]),
    ("a range or a list", &[R::interval]),
    ("`..`", &[R::closed]),
    ("`..<`", &[R::half_open]),
    ("`then`", &[R::kw_then]),
    ("`else`", &[R::kw_else]),
    ("`to`", &[R::kw_to, R::to_period]),
    ("`where`", &[R::kw_where, R::filter]),
    ("`of`", &[R::of]),
    ("`customers`", &[R::customers]),
    ("`top`", &[R::top]),
    ("`next`", &[R::next]),
    ("`own`", &[R::own]),
    ("`last`", &[R::last]),
    ("`before`", &[R::before]),
    ("`by`", &[R::by]),
    ("`value`", &[R::by_value]),
    ("`rank`", &[R::by_rank]),
    ("`r_package`", &[R::by_r_package]),
    ("`nested`", &[R::nested]),
    ("a type", &[R::base_type]),
    ("`?`", &[R::nullable]),
    ("`,`", &[R::comma]),
    ("`(`", &[R::open]),
    ("`)`", &[R::close]),
    ("`]`", &[R::close_list]),
    ("`rest`", &[R::kw_rest]),
    ("the end", &[R::EOI]),
];
