//! `expect:`, `unique:` and `unknown:` of a source: what its data must be like.

use super::fields::{self, Fields};
use super::file::{ExpectDecl, UnknownCustomers, Within, WithinUnit};
use super::key::{Key, NameKind, Shape};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::quote::quote;
use crate::span::Spanned;
use crate::yaml::node::Node;

const KEYS: &[Key] = &[
    Key::optional("newest", Shape::Text, "how old the newest event may be, such as `within 10 days`"),
    Key::optional("rows", Shape::PATTERN, "how many rows are read, such as `>= 3_000`"),
];

pub(super) const SHAPE: Shape = Shape::Keys(KEYS);
pub(super) const UNIQUE: Shape =
    Shape::Either(&[Shape::Name(NameKind::Column), Shape::List(&Shape::Name(NameKind::Column))]);
pub(super) const UNKNOWN: &[&str] = &{
    let [a, b, c] = UnknownCustomers::WORDS;
    [a.0, b.0, c.0]
};

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> ExpectDecl {
    let Some(mapping) = fields::mapping(node, out) else { return ExpectDecl::default() };
    let fields = Fields::new(mapping, "`expect`", KEYS, out);
    ExpectDecl {
        newest: fields.optional("newest").and_then(|node| within(node, out)),
        rows: fields.optional("rows").and_then(|node| expr::pattern(fields::text(node, out)?, out)),
    }
}

pub(super) fn unknown(node: &Node, out: &mut Diagnostics) -> Option<Spanned<UnknownCustomers>> {
    let choice = fields::choice(node, UNKNOWN, out)?;
    Some(Spanned::new(UnknownCustomers::WORDS[choice.value].1, choice.span))
}

fn within(node: &Node, out: &mut Diagnostics) -> Option<Spanned<Within>> {
    let scalar = fields::text(node, out)?;
    let found = parse(&scalar.text);
    if found.is_none() {
        let message = format!("{} is no span of time", quote(&scalar.text));
        let help = "write `within 10 days`, or another number of days, weeks or months";
        out.push(Diagnostic::new(Code::E0106, message).at(scalar.span).help(help));
    }
    Some(Spanned::new(found?, scalar.span))
}

fn parse(text: &str) -> Option<Within> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ["within", number, unit] = words[..] else { return None };
    let count: u32 = number.replace('_', "").parse().ok().filter(|count| *count <= 100_000)?;
    let (count, unit) = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => (count, WithinUnit::Days),
        "week" => (count * 7, WithinUnit::Days),
        "month" => (count, WithinUnit::Months),
        _ => return None,
    };
    Some(Within { count, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_days_weeks_or_months() {
        let within = |count, unit| Some(Within { count, unit });
        assert_eq!(parse("within 10 days"), within(10, WithinUnit::Days));
        assert_eq!(parse(" within  1 week "), within(7, WithinUnit::Days));
        assert_eq!(parse("within 2 months"), within(2, WithinUnit::Months));
        for wrong in
            ["10 days", "within days", "within 1.5 days", "within -1 days", "within 10 hours", "within 1000000 days"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
