//! `sources:`

use indexmap::IndexMap;

use super::fields::{self, Fields};
use super::file::{Column, Source};
use super::key::{Key, Shape, Sort};
use super::{format, head, names};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::Name;
use crate::yaml::node::Node;

const KEYS: &[Key] = &[
    Key::optional("file", Shape::File, "where it is, unless a run says another place"),
    Key::optional("key", Shape::Name(Sort::Column), "for the table of customers: the column that identifies one"),
    Key::optional("customer", Shape::Name(Sort::Column), "for a table of events: the column that names the customer"),
    Key::optional("date", Shape::Name(Sort::Column), "for a table of events: the column that dates them"),
    Key::required("columns", Shape::Names(&Shape::COLUMN_TYPE), "name: type, such as `integer? 1..5`"),
    Key::optional("format", Shape::Word(format::FORMATS), "how it is written; by the file's ending if absent"),
    Key::optional("delimiter", Shape::Character, "what separates values, or `tab`; `,` if absent"),
    Key::optional("decimal", Shape::Word(format::DECIMALS), "the decimal sign; `.` if absent"),
    Key::optional("date_order", Shape::Word(format::DATE_ORDERS), "how dates are written; ISO 8601 only if absent"),
    Key::optional("quote", Shape::Character, "what encloses values; `\"` if absent"),
    Key::optional("missing", format::MISSING, "texts that stand for a missing value besides nothing at all"),
    Key::optional("headers", Shape::Names(&Shape::Text), "column: what the file calls it, where that is another name"),
];

pub(super) const SHAPE: Shape = Shape::Names(&Shape::Keys(KEYS));

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, Source> {
    names::entries(node, out, source)
}

fn source(name: Name, node: &Node, out: &mut Diagnostics) -> Option<Source> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a source", KEYS, out);
    Some(Source {
        name,
        file: head::optional_text(&fields, "file", out),
        key: column_name(&fields, "key", out),
        customer: column_name(&fields, "customer", out),
        date: column_name(&fields, "date", out),
        columns: fields.required("columns", out).map(|node| names::entries(node, out, column)).unwrap_or_default(),
        format: format::read(&fields, out),
    })
}

fn column_name(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<Name> {
    let scalar = fields::text(fields.optional(key)?, out)?;
    fields::identifier(scalar, out)
}

pub(super) fn column(name: Name, node: &Node, out: &mut Diagnostics) -> Option<Column> {
    let kind = expr::column_type(fields::text(node, out)?, out)?;
    Some(Column { name, kind })
}
