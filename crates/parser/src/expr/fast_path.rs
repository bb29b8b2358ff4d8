//! Fast readers of the simplest scalars, without the grammar: a path, a number, a percentage, a comparison or range
//! of these, `missing` and `rest`. Most scalars are such.
//!
//! The readers return `None` for all others, which the grammar then reads or rejects.

use std::borrow::Cow;
use std::ops::Range;

use rust_decimal::Decimal;

use super::ast::{BinaryOp, Expr, ExprKind, Literal, Pattern};
use super::grammar::is_identifier;
use crate::span::{Name, Spanned};
use crate::yaml::node::Scalar;

/// `revenue`, `orders.amount`
pub(super) fn path(scalar: &Scalar) -> Option<Expr> {
    let mut names: Vec<Name> = Vec::new();
    let mut start = 0;
    for part in scalar.text.split('.') {
        if !part.is_ascii() || !is_identifier(part) {
            return None;
        }
        let end = start + part.len();
        names.push(Spanned::new(part.to_owned(), scalar.place(start..end)));
        start = end + 1;
    }
    Some(Expr { kind: ExprKind::Path(names), span: scalar.place(0..scalar.text.len()) })
}

/// `10`, `12.5`, `10_000`
pub(super) fn number(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !whole.split('_').all(digits) || !fraction.split('_').all(digits) {
        return None;
    }
    let text = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    Decimal::from_str_exact(&text).ok()
}

/// `30%`, as a fraction.
pub(super) fn share(text: &str) -> Option<Decimal> {
    let mut share = number(text.strip_suffix('%')?)?;
    share.set_scale(share.scale() + 2).ok()?;
    Some(share)
}

/// A value that is the whole of a scalar.
pub(super) fn with_scalar_span<T>(scalar: &Scalar, value: T) -> Spanned<T> {
    Spanned::new(value, scalar.place(0..scalar.text.len()))
}

/// The comparison operators, each before its prefixes.
const COMPARATORS: &[BinaryOp] =
    &[BinaryOp::LessEqual, BinaryOp::Less, BinaryOp::GreaterEqual, BinaryOp::Greater, BinaryOp::Equal];

/// `< 1_000`, `1_000 ..< 10_000`, `30%`, `missing`, `rest`
pub(super) fn pattern(scalar: &Scalar) -> Option<Spanned<Pattern>> {
    let text = scalar.text.as_str();
    let pattern = match text {
        "missing" => Pattern::Missing,
        "rest" => Pattern::Rest,
        // A place leaves out the blanks around a pattern; the grammar reads those.
        _ if text.trim() == text => comparison(scalar, text)?,
        _ => return None,
    };
    Some(with_scalar_span(scalar, pattern))
}

fn comparison(scalar: &Scalar, text: &str) -> Option<Pattern> {
    if let Some((low, high)) = text.split_once("..") {
        let (length, closed) = if high.starts_with('<') { (3, false) } else { (2, true) };
        let high = value(scalar, low.len() + length..text.len())?;
        return Some(Pattern::Range { low: value(scalar, 0..low.len())?, high, closed });
    }
    let comparator = COMPARATORS.iter().find(|op| text.starts_with(op.symbol()));
    let (op, start) = comparator.map_or((BinaryOp::Equal, 0), |op| (*op, op.symbol().len()));
    Some(Pattern::Compare(op, value(scalar, start..text.len())?))
}

/// The number or percentage in a part of a scalar's text.
fn value(scalar: &Scalar, part: Range<usize>) -> Option<Spanned<Literal>> {
    let text = &scalar.text[part.clone()];
    let start = part.start + text.len() - text.trim_start_matches(' ').len();
    let text = text.trim_matches(' ');
    let literal = number(text).map(Literal::Number).or_else(|| share(text).map(Literal::Percent))?;
    Some(Spanned::new(literal, scalar.place(start..start + text.len())))
}
