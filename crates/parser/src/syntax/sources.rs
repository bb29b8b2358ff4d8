//! `sources:`

use indexmap::IndexMap;

use super::fields::{self, Fields};
use super::file::{Column, Source};
use super::{format, head, names};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::span::{Name, Spanned};
use crate::yaml::node::{Node, Scalar};

const KEYS: &[&str] = &[
    "file",
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
    let columns = fields.required("columns", out).map(|node| columns(node, out)).unwrap_or_default();
    Some(Source {
        name,
        file: head::optional_text(&fields, "file", out),
        key: column_name(&fields, "key", out),
        customer: column_name(&fields, "customer", out),
        date: column_name(&fields, "date", out),
        columns,
        format: format::read(&fields, out),
    })
}

fn columns(node: &Node, out: &mut Diagnostics) -> IndexMap<String, Column> {
    let mut found = IndexMap::new();
    let Some(mapping) = fields::mapping(node, out) else { return found };
    for entry in &mapping.entries {
        let name = named(&entry.key, out);
        let key = name.value.clone();
        found.extend(column(name, &entry.value, out).map(|column| (key, column)));
    }
    found
}

fn column_name(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<Name> {
    fields::text(fields.optional(key)?, out).map(|scalar| named(scalar, out))
}

/// The name of a column. What the file calls it may be no name of ours; then it goes by the nearest, so that nothing
/// else is said to be wrong.
fn named(scalar: &Scalar, out: &mut Diagnostics) -> Name {
    let Some((message, _)) = names::check(&scalar.text) else { return scalar.name() };
    let name = names::as_name(&scalar.text);
    out.push(Diagnostic::new(Code("E0105"), message).at(scalar.span).help(format!(
        "call the column `{name}`, and say under the source what the file calls it: `headers: {{{name}: \"{}\"}}`",
        scalar.text.escape_default()
    )));
    Spanned::new(name, scalar.span)
}

pub(super) fn column(name: Name, node: &Node, out: &mut Diagnostics) -> Option<Column> {
    let kind = expr::column_type(fields::text(node, out)?, out)?;
    Some(Column { name, kind })
}
