//! Expressions in words.

use accolade_core::functions;
use accolade_parser::expr;
use accolade_parser::expr::ast::{BinaryOp, Call, Expr, ExprKind, Literal, UnaryOp};

use super::text::{all_of, code, literal, one_of};

/// The precedence of a phrase, the loosest first; a phrase gets brackets within a tighter one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Choice,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Operand,
}

/// A phrase and its precedence.
type Phrase = (String, Level);

/// An expression in words: `revenue / potential_revenue` is "`revenue` divided by `potential_revenue`".
pub fn formula(expr: &Expr) -> String {
    value(expr).0
}

/// A condition in words: `not email_opt_in` is "`email_opt_in` is false".
pub fn condition(expr: &Expr) -> String {
    truth(expr).0
}

/// The text of a condition in words; a text that cannot be parsed stays as it is.
pub fn condition_text(text: &str) -> String {
    match expr::expression_text(text) {
        Ok(expr) => condition(&expr),
        Err(_) => code(text),
    }
}

fn within(phrase: Phrase, least: Level) -> String {
    if phrase.1 < least { format!("({})", phrase.0) } else { phrase.0 }
}

/// A boolean expression in words.
fn truth(expr: &Expr) -> Phrase {
    match &expr.kind {
        ExprKind::Path(_) | ExprKind::Call(_) => (format!("{} is true", operand(expr)), Level::Comparison),
        ExprKind::Unary(UnaryOp::Not, inner) => match &inner.kind {
            ExprKind::Path(_) | ExprKind::Call(_) => (format!("{} is false", operand(inner)), Level::Comparison),
            _ => (format!("it is not so that {}", within(truth(inner), Level::Comparison)), Level::Comparison),
        },
        ExprKind::Binary(BinaryOp::And, a, b) => {
            (format!("{} and {}", within(truth(a), Level::And), within(truth(b), Level::And)), Level::And)
        }
        ExprKind::Binary(BinaryOp::Or, a, b) => {
            (format!("{} or {}", within(truth(a), Level::Or), within(truth(b), Level::Or)), Level::Or)
        }
        _ => value(expr),
    }
}

fn operand(expr: &Expr) -> String {
    within(value(expr), Level::Operand)
}

fn value(expr: &Expr) -> Phrase {
    match &expr.kind {
        ExprKind::Literal(written) => (literal(written), Level::Operand),
        ExprKind::Path(path) if path.len() == 1 && path[0].value == "as_of" => {
            ("the date of the run".to_owned(), Level::Operand)
        }
        ExprKind::Unary(UnaryOp::Negate, inner) => (format!("minus {}", operand(inner)), Level::Product),
        ExprKind::Binary(op, a, b) => binary(*op, a, b),
        ExprKind::InList { value, list, negated } => {
            let list: Vec<String> = list.iter().map(operand).collect();
            let is = if *negated { "is not" } else { "is" };
            (format!("{} {is} {}", within(self::value(value), Level::Sum), one_of(&list)), Level::Comparison)
        }
        ExprKind::InRange { value, low, high, closed, negated } => {
            let (low, high) = (within(self::value(low), Level::Sum), within(self::value(high), Level::Sum));
            let stretch = between(&low, &high, *closed, *negated);
            (format!("{} is {stretch}", within(self::value(value), Level::Sum)), Level::Comparison)
        }
        ExprKind::If { condition, then, otherwise } => {
            let [then, otherwise] = [then, otherwise].map(|branch| within(value(branch), Level::Or));
            (format!("{then} if {}, otherwise {otherwise}", within(truth(condition), Level::Or)), Level::Choice)
        }
        ExprKind::IsMissing { value, negated } => {
            let is = if *negated { "is known" } else { "is missing" };
            (format!("{} {is}", operand(value)), Level::Comparison)
        }
        ExprKind::OrElse(a, b) => {
            let [a, b] = [a, b].map(|side| within(value(side), Level::Sum));
            (format!("{a}, or {b} where that is missing"), Level::Choice)
        }
        ExprKind::Call(call) => self::call(call),
        ExprKind::Unary(UnaryOp::Not, _) => truth(expr),
        _ => (code(&expr.to_string()), Level::Operand),
    }
}

/// A range of values in words, after "is".
pub fn between(low: &str, high: &str, closed: bool, negated: bool) -> String {
    match (closed, negated) {
        (true, false) if low == high => low.to_owned(),
        (true, false) => format!("from {low} to {high}"),
        (false, false) => format!("at least {low} and less than {high}"),
        (true, true) => format!("less than {low} or more than {high}"),
        (false, true) => format!("less than {low} or at least {high}"),
    }
}

/// A comparison in words, after "is"; `dated` where dates are compared.
pub fn compared(op: BinaryOp, dated: bool) -> &'static str {
    match (op, dated) {
        (BinaryOp::NotEqual, _) => "not ",
        (BinaryOp::Less, false) => "less than ",
        (BinaryOp::LessEqual, false) => "at most ",
        (BinaryOp::Greater, false) => "more than ",
        (BinaryOp::GreaterEqual, false) => "at least ",
        (BinaryOp::Less, true) => "before ",
        (BinaryOp::LessEqual, true) => "on or before ",
        (BinaryOp::Greater, true) => "after ",
        (BinaryOp::GreaterEqual, true) => "on or after ",
        _ => "",
    }
}

fn binary(op: BinaryOp, a: &Expr, b: &Expr) -> Phrase {
    let join = |word: &str, left: Level, right: Level, level: Level| {
        (format!("{} {word} {}", within(value(a), left), within(value(b), right)), level)
    };
    match op {
        BinaryOp::Add | BinaryOp::Subtract if is_duration(b) => {
            let word = if op == BinaryOp::Add { "after" } else { "before" };
            (format!("{} {word} {}", value(b).0, within(value(a), Level::Product)), Level::Sum)
        }
        BinaryOp::Add => join("plus", Level::Sum, Level::Product, Level::Sum),
        BinaryOp::Subtract => join("less", Level::Sum, Level::Product, Level::Sum),
        BinaryOp::Multiply => join("times", Level::Product, Level::Operand, Level::Product),
        BinaryOp::Divide => join("divided by", Level::Product, Level::Operand, Level::Product),
        BinaryOp::And | BinaryOp::Or => {
            let (word, level) = if op == BinaryOp::And { ("and", Level::And) } else { ("or", Level::Or) };
            (format!("{} {word} {}", within(truth(a), level), within(truth(b), level)), level)
        }
        _ => {
            let (left, right) = (within(value(a), Level::Sum), within(value(b), Level::Sum));
            (format!("{left} is {}{right}", compared(op, is_date(a) || is_date(b))), Level::Comparison)
        }
    }
}

fn is_duration(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::Duration(..)))
}

fn is_date(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(literal) => matches!(literal, Literal::Date(_) | Literal::DateTime(_)),
        ExprKind::Path(path) => path.len() == 1 && path[0].value == "as_of",
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) => is_duration(b) && is_date(a),
        _ => false,
    }
}

/// Functions of one argument that read as a noun.
const NOUNS: &[(&str, &str)] = &[
    ("count", "the number of"),
    ("count_distinct", "the number of different"),
    ("sum", "the sum of"),
    ("mean", "the average of"),
    ("median", "the median of"),
    ("min", "the least of"),
    ("max", "the greatest of"),
    ("first", "the first of"),
    ("last", "the last of"),
];

fn call(call: &Call) -> Phrase {
    let name = call.function.value.as_str();
    let noun = NOUNS.iter().find(|(n, _)| *n == name).map(|(_, words)| *words);
    let span = functions::find(name).and_then(|function| function.phrase);
    let mut words = match (call.arguments.as_slice(), noun, span) {
        ([], Some("the number of"), _) => "the number of customers".to_owned(),
        ([argument], Some(noun), _) => format!("{noun} {}", operand(argument)),
        ([from, to], _, Some(span)) => format!("{span} from {} to {}", operand(from), operand(to)),
        ([], ..) => code(name),
        (arguments, ..) => {
            format!("{} of {}", code(name), all_of(&arguments.iter().map(operand).collect::<Vec<_>>()))
        }
    };
    match (&call.period, &call.to) {
        (Some(period), Some(to)) => words += &format!(" from {} to {}", code(&period.value), code(&to.value)),
        (Some(period), None) => words += &format!(" in {}", code(&period.value)),
        (None, _) => {}
    }
    if let Some(filter) = &call.filter {
        words += &format!(" where {}", condition(filter));
    }
    // Words after a condition or after the last of several arguments could be read as a part of it.
    let open = call.filter.is_some() || call.arguments.len() > 1;
    (words, if open { Level::Choice } else { Level::Operand })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(formula(&expr::expression_text(text).unwrap()), expected, "{text}");
    }

    #[test]
    fn aggregates_read_as_nouns() {
        check("sum(orders.amount in year)", "the sum of `orders.amount` in `year`");
        check("count(orders)", "the number of `orders`");
        check(
            "count(orders in year where orders.amount > 0)",
            "the number of `orders` in `year` where `orders.amount` is more than 0",
        );
        check(
            "days(max(orders.order_date), as_of)",
            "the days from the greatest of `orders.order_date` to the date of the run",
        );
        check("lifetime_value(3, revenue, 27%)", "`lifetime_value` of 3, `revenue` and 27%");
        check("clv(a, 75%) - b", "(`clv` of `a` and 75%) less `b`");
        check("retention(orders in a to b)", "`retention` of `orders` from `a` to `b`");
    }

    #[test]
    fn arithmetic_has_brackets_where_words_would_be_read_otherwise() {
        check("a / b", "`a` divided by `b`");
        check("a - (b - c)", "`a` less (`b` less `c`)");
        check("a - b - c", "`a` less `b` less `c`");
        check("(a + b) * c", "(`a` plus `b`) times `c`");
        check("as_of - 30 days", "30 days before the date of the run");
        check("-a", "minus `a`");
        check("a or else 0", "`a`, or 0 where that is missing");
        check("(a or else 0) + 1", "(`a`, or 0 where that is missing) plus 1");
        check("if a > 1 then b else c", "`b` if `a` is more than 1, otherwise `c`");
        check("sum(o.a where o.b > 0) - 1_000", "(the sum of `o.a` where `o.b` is more than 0) less 1,000");
    }

    fn check_condition(text: &str, expected: &str) {
        assert_eq!(condition_text(text), expected, "{text}");
    }

    #[test]
    fn conditions_read_as_sentences() {
        check_condition("email_opt_in and count = 0", "`email_opt_in` is true and `count` is 0");
        check_condition("not email_opt_in", "`email_opt_in` is false");
        check_condition("not (a or b)", "it is not so that (`a` is true or `b` is true)");
        check_condition("class = \"A\" and rating >= 7", "`class` is `A` and `rating` is at least 7");
        check_condition("behaviour in [\"at_risk\", \"cant_lose\"]", "`behaviour` is `at_risk` or `cant_lose`");
        check_condition("a not in [1, 2]", "`a` is not 1 or 2");
        check_condition("a in 1..5", "`a` is from 1 to 5");
        check_condition("a in 5..5", "`a` is 5");
        check_condition("a in 1 ..< 5", "`a` is at least 1 and less than 5");
        check_condition("due < as_of", "`due` is before the date of the run");
        check_condition("trend is not missing and trend <= -50%", "`trend` is known and `trend` is at most minus 50%");
        check_condition("a and (b or c)", "`a` is true and (`b` is true or `c` is true)");
        check_condition("not a condition (", "`not a condition (`");
    }
}
