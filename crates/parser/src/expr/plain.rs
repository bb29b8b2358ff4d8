//! Scalars that are a name or a number and nothing else: most are, and they need no grammar to be read.
//!
//! Whatever is not plainly one gives nothing here and is the grammar's to read or to refuse.

use rust_decimal::Decimal;

use super::ast::{Expr, ExprKind};
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

/// `10`, `12.5`
pub(super) fn number(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if digits(whole) && digits(fraction) { Decimal::from_str_exact(text).ok() } else { None }
}

/// `30%`, as a fraction.
pub(super) fn share(text: &str) -> Option<Decimal> {
    let mut share = number(text.strip_suffix('%')?)?;
    share.set_scale(share.scale() + 2).ok()?;
    Some(share)
}

/// A value that is the whole of a scalar.
pub(super) fn whole<T>(scalar: &Scalar, value: T) -> Spanned<T> {
    Spanned::new(value, scalar.place(0..scalar.text.len()))
}
