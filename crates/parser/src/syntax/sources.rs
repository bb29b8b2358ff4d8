//! `sources:`

use indexmap::IndexMap;

use super::fields::{self, Fields};
use super::file::{Column, Source};
use super::{format, head, names};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::Name;
use crate::yaml::node::Node;

const KEYS: &[&str] = &[
    "file",
    "url",
    "password_file",
    "sheet",
    "table",
    "query",
    "key",
    "customer",
    "date",
    "columns",
    "format",
    "delimiter",
    "decimal",
    "date_order",
    "quote",
    "missing",
    "headers",
];

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, Source> {
    names::entries(node, out, source)
}

fn source(name: Name, node: &Node, out: &mut Diagnostics) -> Option<Source> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a source", KEYS, out);
    Some(Source {
        name,
        file: head::optional_text(&fields, "file", out),
        url: head::optional_text(&fields, "url", out),
        password_file: head::optional_text(&fields, "password_file", out),
        sheet: head::optional_text(&fields, "sheet", out),
        table: head::optional_text(&fields, "table", out),
        query: head::optional_text(&fields, "query", out),
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
