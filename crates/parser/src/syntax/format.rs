//! The keys of a source that describe the format of its file.

use indexmap::IndexMap;

use super::fields::Fields;
use super::file::{DateOrder, FormatOptions, TextEncoding};
use super::key::Shape;
use super::{boolean_words, cell_range, fields, head, names};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::quote::quote;
use crate::span::{Name, Spanned};
use crate::yaml::node::{Node, Scalar};

pub(super) const DATE_ORDERS: &[&str] = &["year_first", "day_first", "month_first"];
pub(super) const FORMATS: &[&str] = &["csv", "parquet", "ndjson", "json"];
pub(super) const ENCODINGS: &[&str] = &TextEncoding::NAMES;
/// The most rows that `skip:` leaves out, which is far more than a header needs.
const MOST_SKIPPED: u64 = 1000;
pub(super) const DECIMALS: &[&str] = &[".", ","];
pub(super) const MISSING: Shape = Shape::Either(&[Shape::Cell, Shape::List(&Shape::Cell)]);

pub(super) fn read(fields: &Fields<'_>, out: &mut Diagnostics) -> FormatOptions {
    let missing = fields.optional("missing").map(|node| missing(node, out)).unwrap_or_default();
    FormatOptions {
        values: fields.optional("values").map(|node| boolean_words::read(node, &missing, out)).unwrap_or_default(),
        format: format(fields, out),
        delimiter: character(fields, "delimiter", out),
        decimal: decimal(fields, out),
        quote: character(fields, "quote", out),
        date_order: date_order(fields, out),
        time_zone: head::optional_text(fields, "time_zone", out),
        encoding: encoding(fields, out),
        header_row: header_row(fields, out),
        skip: skip(fields, out),
        range: fields.optional("range").and_then(|node| cell_range::read(node, out)),
        currency: None,
        headers: fields.optional("headers").map(|node| headers(node, out)).unwrap_or_default(),
        missing,
    }
}

fn format(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Name> {
    let choice = fields::choice(fields.optional("format")?, FORMATS, out)?;
    FORMATS.get(choice.value).map(|format| Spanned::new((*format).to_owned(), choice.span))
}

fn decimal(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Spanned<char>> {
    let choice = fields::choice(fields.optional("decimal")?, DECIMALS, out)?;
    Some(Spanned::new(if choice.value == 0 { '.' } else { ',' }, choice.span))
}

fn date_order(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Spanned<DateOrder>> {
    const ORDERS: [DateOrder; 3] = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst];
    let choice = fields::choice(fields.optional("date_order")?, DATE_ORDERS, out)?;
    Some(Spanned::new(ORDERS[choice.value], choice.span))
}

fn encoding(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Spanned<TextEncoding>> {
    let choice = fields::choice(fields.optional("encoding")?, ENCODINGS, out)?;
    TextEncoding::from_name(ENCODINGS.get(choice.value)?).map(|encoding| Spanned::new(encoding, choice.span))
}

fn header_row(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Spanned<u64>> {
    let row = fields::integer(fields.optional("header_row")?, out)?;
    match u64::try_from(row.value) {
        Ok(number @ 1..) => Some(Spanned::new(number, row.span)),
        _ => {
            let diagnostic = Diagnostic::new(Code::E0106, "rows are counted from 1").at(row.span);
            out.push(diagnostic.help("write the number of the row that names the columns"));
            None
        }
    }
}

fn skip(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Spanned<u64>> {
    let rows = fields::integer(fields.optional("skip")?, out)?;
    match u64::try_from(rows.value) {
        Ok(number @ 0..=MOST_SKIPPED) => Some(Spanned::new(number, rows.span)),
        _ => {
            let diagnostic = Diagnostic::new(Code::E0106, format!("a source skips 0 to {MOST_SKIPPED} rows"));
            let help = "write the number of rows below the header that are no data";
            out.push(diagnostic.at(rows.span).help(help));
            None
        }
    }
}

/// Declared columns and their headers in the files, which may be any text.
fn headers(node: &Node, out: &mut Diagnostics) -> IndexMap<String, (Name, Vec<Name>)> {
    names::entries(node, out, |name, node, out| {
        let headers = head::texts(node, out);
        if let Node::Sequence(list) = node
            && list.items.is_empty()
        {
            let diagnostic = Diagnostic::new(Code::E0106, format!("`{}` has no header", name.value)).at(list.span);
            out.push(diagnostic.help("write the names that files give the column"));
        }
        let is_repeated = |i: usize| headers[..i].iter().any(|header: &Name| header.value == headers[i].value);
        for i in (0..headers.len()).filter(|i| is_repeated(*i)) {
            let diagnostic = Diagnostic::new(Code::E0106, "the header is listed twice").at(headers[i].span);
            out.push(diagnostic.help("leave one of the two out"));
        }
        (!headers.is_empty()).then_some((name, headers))
    })
}

fn character(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<Spanned<char>> {
    let scalar = fields::text(fields.optional(key)?, out)?;
    let mut chars = scalar.text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Some(Spanned::new(c, scalar.span)),
        _ if scalar.text == "tab" => Some(Spanned::new('\t', scalar.span)),
        _ => {
            let message = format!("expected one character or `tab`, found {}", quote(&scalar.text));
            out.push(Diagnostic::new(Code::E0106, message).at(scalar.span));
            None
        }
    }
}

/// Texts as they stand in the data, so that `null` and `~` are texts too.
fn missing(node: &Node, out: &mut Diagnostics) -> Vec<Name> {
    let items = match node {
        Node::Sequence(sequence) => sequence.items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let as_text = |node: &Node, out: &mut Diagnostics| match node {
        Node::Scalar(scalar) => Some(Scalar::name(scalar)),
        other => fields::text(other, out).map(Scalar::name),
    };
    items.iter().filter_map(|item| as_text(item, out)).collect()
}
