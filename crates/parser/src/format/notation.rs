//! The canonical spelling of notations.

use std::ops::Range;

use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::expr::token::{TokenKind, tokens};
use crate::syntax::key::Notation;
use crate::yaml::node::{Scalar, Style};

/// The canonical spelling of a scalar; `None` after a diagnostic if it is not of the notation.
pub(super) fn canonical(notation: Notation, scalar: &Scalar, out: &mut Diagnostics) -> Option<String> {
    let printed = print(notation, scalar, out)?;
    let spelled = respell(&printed, &scalar.text);
    // Keeping the author's spelling must not change how the scalar is read.
    let text =
        Scalar { style: Style::Plain, offsets: (0..=offset(&spelled)).collect(), text: spelled, span: scalar.span };
    let same = print(notation, &text, &mut Diagnostics::new()).is_some_and(|again| again == printed);
    Some(if same { text.text } else { printed })
}

fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

fn print(notation: Notation, scalar: &Scalar, out: &mut Diagnostics) -> Option<String> {
    let written = || scalar.text.trim().to_owned();
    Some(match notation {
        Notation::Expression => expr::expression(scalar, out)?.to_string(),
        Notation::Measure => expr::measure(scalar, out)?.value.to_string(),
        Notation::Pattern => expr::pattern(scalar, out)?.value.to_string(),
        Notation::ClassCut => expr::class_cut(scalar, out)?.value.to_string(),
        Notation::Bins => expr::bins(scalar, out)?.value.to_string(),
        Notation::Period => expr::period(scalar, out)?.value.to_string(),
        Notation::ColumnType => expr::column_type(scalar, out)?.value.to_string(),
        Notation::Range => {
            expr::range(scalar, out)?;
            let ends: Vec<&str> = scalar.text.split("..").map(str::trim).collect();
            ends.join("..")
        }
        Notation::Number => {
            expr::number(scalar, out)?;
            written()
        }
        Notation::Share => {
            expr::share(scalar, out)?;
            written()
        }
        Notation::Date => {
            expr::date(scalar, out)?;
            written()
        }
    })
}

/// `printed` with the author's choice where several spellings are canonical: labels without quotes, `_` in thousands,
/// both digits of cents.
fn respell(printed: &str, written: &str) -> String {
    let (ours, theirs) = (leaves(printed), leaves(written));
    if ours.len() != theirs.len() {
        return printed.to_owned();
    }
    let mut text = String::new();
    let mut from = 0;
    for (our, their) in ours.into_iter().zip(theirs) {
        text.push_str(&printed[from..our.start]);
        text.push_str(&leaf(&printed[our.clone()], &written[their]));
        from = our.end;
    }
    text + &printed[from..]
}

/// The spelling of one leaf.
fn leaf(ours: &str, theirs: &str) -> String {
    if ours.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(theirs) {
        return theirs.to_owned();
    }
    if !ours.starts_with(|c: char| c.is_ascii_digit()) {
        return ours.to_owned();
    }
    let parts = |number: &str| match number.split_once('.') {
        Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
        None => (number.to_owned(), String::new()),
    };
    let ((whole, fraction), (their_whole, their_fraction)) = (parts(ours), parts(theirs));
    let thousands = their_whole.len() == 5 && their_whole.find('_') == Some(1) && their_whole.replace('_', "") == whole;
    let cents = their_fraction.len() == 2 && their_fraction.trim_end_matches('0') == fraction;
    let whole = if thousands { their_whole } else { whole };
    // `1.000` may have been meant as one thousand, of which W0506 warns.
    let doubtful = their_fraction == "000" && fraction.is_empty();
    let fraction = if cents || doubtful { their_fraction } else { fraction };
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// The ranges of words, numbers and texts in quotes. A percent sign is not part of a number.
fn leaves(text: &str) -> Vec<Range<usize>> {
    let leaves = tokens(text).filter(|token| token.kind != TokenKind::Symbol);
    leaves.map(|leaf| leaf.start..leaf.start + leaf.text.trim_end_matches('%').len()).collect()
}
