//! Ranges of cells in a sheet, such as `A3:H400`.

use super::fields;
use super::file::CellRange;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::quote::quote;
use crate::span::Spanned;
use crate::yaml::node::Node;

/// The most rows and columns of a sheet.
const MOST: (u32, u32) = (1 << 20, 1 << 14);

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> Option<Spanned<CellRange>> {
    let scalar = fields::text(node, out)?;
    let range = parse(&scalar.text);
    if range.is_none() {
        let message = format!("{} is not a range of cells", quote(&scalar.text));
        let help = "write the first and the last cell, such as `A3:H400`, or `A3:H` for all rows from 3 on";
        out.push(Diagnostic::new(Code::E0106, message).at(scalar.span).help(help));
    }
    Some(Spanned::new(range?, scalar.span))
}

fn parse(text: &str) -> Option<CellRange> {
    let (first, last) = text.split_once(':')?;
    let ((left, top), (right, bottom)) = (cell(first)?, cell(last)?);
    let top = top.unwrap_or(1);
    let is_in_order = left <= right && bottom.is_none_or(|bottom| top <= bottom);
    is_in_order.then_some(CellRange { left, right, top, bottom })
}

/// The column and the row of `H400`, `$H$400` or `H`, counted from 1.
fn cell(text: &str) -> Option<(u32, Option<u32>)> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, row) = text.split_at(length);
    let digit = |letter: u8| u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().try_fold(0u32, |column, letter| column.checked_mul(26)?.checked_add(digit(letter)))?;
    let row = match row.strip_prefix('$').unwrap_or(row) {
        "" => None,
        row if row.bytes().all(|byte| byte.is_ascii_digit()) => Some(row.parse().ok()?),
        _ => return None,
    };
    let is_there = (1..=MOST.1).contains(&column) && row.is_none_or(|row| (1..=MOST.0).contains(&row));
    is_there.then_some((column, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(u32, u32, u32, Option<u32>)>) {
        assert_eq!(parse(text).map(|range| (range.left, range.top, range.right, range.bottom)), expected, "{text}");
    }

    #[test]
    fn ranges_have_two_corners() {
        check("A3:H400", Some((1, 3, 8, Some(400))));
        check("$A$3:$AB$400", Some((1, 3, 28, Some(400))));
        check("b2:d", Some((2, 2, 4, None)));
        check("A:C", Some((1, 1, 3, None)));
        for text in
            ["", "A3", "A0:B2", "3:4", "H1:A9", "A9:H1", "A1:XFE2", "A1:B1048577", "A1:B2:C3", "Ä1:B2", "A1:B-2"]
        {
            check(text, None);
        }
    }
}
