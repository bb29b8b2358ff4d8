//! `unique:`, `unknown:` and `expect:` of a source.

use accolade_core::model::{ExpectedRows, Source, SourceChecks};
use accolade_parser::expr::ast::{BinaryOp, Literal, Pattern};
use accolade_parser::syntax::file::{RuleFile, SourceDecl};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, Spanned};
use rust_decimal::prelude::ToPrimitive;

/// The checks that a source declares. `find` gives the index of a column.
pub(super) fn compile(
    written: &SourceDecl,
    find: &impl Fn(&Name, &mut Diagnostics) -> Option<usize>,
    out: &mut Diagnostics,
) -> SourceChecks {
    let newest = written.expect.newest.as_ref();
    if let Some(newest) = newest.filter(|_| written.date.is_none()) {
        let message = format!("`{}` has no `date`, so none of its rows is the newest", written.name.value);
        out.push(Diagnostic::new(Code::E0106, message).at(newest.span).help("leave `newest` out"));
    }
    SourceChecks {
        unique: written.unique.iter().filter_map(|name| find(name, out)).collect(),
        unknown: written.unknown.as_ref().map(|unknown| unknown.value).unwrap_or_default(),
        newest: newest.map(|newest| newest.value),
        rows: written.expect.rows.as_ref().and_then(|rows| rows_of(rows, out)),
    }
}

/// Reports `unknown:` where nobody is unknown: without a customers table, and in it.
pub(super) fn check_unknown(file: &RuleFile, sources: &[Source], out: &mut Diagnostics) {
    let has_customers = sources.iter().any(Source::is_customers);
    for written in file.sources.values() {
        let Some(unknown) = &written.unknown else { continue };
        let message = match () {
            () if written.key.is_some() => "`unknown` is for events, and this is the customers table",
            () if !has_customers => "there is no customers table, so nobody is unknown",
            () => continue,
        };
        out.push(Diagnostic::new(Code::E0106, message).at(unknown.span).help("leave it out"));
    }
}

fn rows_of(written: &Spanned<Pattern>, out: &mut Diagnostics) -> Option<ExpectedRows> {
    let number = |literal: &Spanned<Literal>| match &literal.value {
        Literal::Number(number) if number.fract().is_zero() => number.to_u64(),
        _ => None,
    };
    let ends = match &written.value {
        Pattern::Compare(op, literal) => number(literal).and_then(|n| match op {
            BinaryOp::Less => Some((0, n.checked_sub(1)?)),
            BinaryOp::LessEqual => Some((0, n)),
            BinaryOp::Greater => Some((n.checked_add(1)?, u64::MAX)),
            BinaryOp::GreaterEqual => Some((n, u64::MAX)),
            _ => Some((n, n)),
        }),
        Pattern::Range { low, high, closed } => number(low).zip(number(high)).and_then(|(low, high)| {
            let high = if *closed { high } else { high.checked_sub(1)? };
            (low <= high).then_some((low, high))
        }),
        _ => None,
    };
    if ends.is_none() {
        let diagnostic = Diagnostic::new(Code::E0106, "this is no number of rows").at(written.span);
        out.push(diagnostic.help("write `>= 3_000`, or a range of whole numbers such as `3_000..9_000`"));
    }
    let (least, most) = ends?;
    Some(ExpectedRows { text: written.value.to_string(), least, most })
}
