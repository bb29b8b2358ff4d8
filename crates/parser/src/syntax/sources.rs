//! `sources:`

use indexmap::IndexMap;

use super::fields::Fields;
use super::file::{AliasDecl, ColumnDecl, KeyDecl, SourceDecl};
use super::key::{Key, NameKind, Shape};
use super::{expect, fields, format, head, names};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::expr::ast::{Expr, ExprKind};
use crate::span::{Name, Spanned};
use crate::yaml::node::{Node, Scalar};

const KEYS: &[Key] = &[
    Key::optional("file", Shape::File, "where it is, unless a run names another place"),
    Key::optional(
        "url",
        Shape::Text,
        "where it is instead of in a file: `postgres://user@host/database` or `s3://bucket/key`",
    ),
    Key::optional("password_file", Shape::File, "the file that holds the password of the database"),
    Key::optional("sheet", Shape::Text, "the sheet of a spreadsheet; the first if absent"),
    Key::optional("table", Shape::Text, "the table of a database; the only one if absent"),
    Key::optional("query", Shape::Text, "what selects the rows of a database, instead of a table"),
    Key::optional(
        "key",
        CUSTOMER,
        "for the table of customers: the column that identifies one, or an expression such as `lower(trim(email))`",
    ),
    Key::optional(
        "customer",
        CUSTOMER,
        "for a table of events: the column that names the customer, or an expression such as `lower(trim(email))`",
    ),
    Key::optional("date", Shape::Name(NameKind::Column), "for a table of events: the column that dates them"),
    Key::optional(
        "aliases",
        Shape::Keys(ALIASES),
        "for a table of customers who were merged: the columns of their old and new keys",
    ),
    Key::optional(
        "where",
        Shape::EXPRESSION,
        "the rows that are read, such as `status = \"paid\" and amount != 0`; all if absent",
    ),
    Key::optional(
        "unique",
        expect::UNIQUE,
        "columns whose values no two rows share, such as the number of an order: a file sent twice is found",
    ),
    Key::optional(
        "unknown",
        Shape::Word(expect::UNKNOWN),
        "what to do with events of customers who are not in the customers table; `fail` if absent",
    ),
    Key::optional("expect", expect::SHAPE, "what the data must be like; nothing is rated if it is not"),
    Key::required("columns", Shape::MapByName(&Shape::COLUMN_TYPE), "name: type, such as `integer? 1..5`"),
    Key::optional("format", Shape::Word(format::FORMATS), "how it is written; by the file's ending if absent"),
    Key::optional("delimiter", Shape::Character, "what separates values, or `tab`; `,` if absent"),
    Key::optional("decimal", Shape::Word(format::DECIMALS), "the decimal sign; `.` if absent"),
    Key::optional("date_order", Shape::Word(format::DATE_ORDERS), "how dates are written; ISO 8601 only if absent"),
    Key::optional(
        "time_zone",
        Shape::TimeZone,
        "the zone in whose days its instants fall; that of the rule file if absent",
    ),
    Key::optional(
        "encoding",
        Shape::Word(format::ENCODINGS),
        "how characters are written; UTF-8 if absent, unless the file begins with the mark of another",
    ),
    Key::optional("header_row", Shape::Integer, "the row that names the columns; the first if absent"),
    Key::optional(
        "skip",
        Shape::Integer,
        "the number of rows directly below the header that are left out, such as units",
    ),
    Key::optional(
        "range",
        Shape::Text,
        "the cells of a sheet that are read, such as `A3:H400` or `A3:H`; all if absent",
    ),
    Key::optional("quote", Shape::Character, "what encloses values; `\"` if absent"),
    Key::optional("missing", format::MISSING, "texts that stand for a missing value, besides the empty one"),
    Key::optional(
        "values",
        Shape::MapByLabel(&Shape::Boolean),
        "word in the data: what it means in a `boolean` column, besides `true`, `yes`, `ja` and others",
    ),
    Key::optional(
        "headers",
        Shape::MapByName(&Shape::TEXTS),
        "column: its header in the file, where that is another name, or a list of headers of which each file has one",
    ),
];

const ALIASES: &[Key] = &[
    Key::required("from", Shape::Name(NameKind::Column), "the key that is no longer used"),
    Key::required("to", Shape::Name(NameKind::Column), "the key that stands for it, which may be merged in turn"),
];

const CUSTOMER: Shape = Shape::Either(&[Shape::Name(NameKind::Column), Shape::EXPRESSION]);

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Keys(KEYS));

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, SourceDecl> {
    names::entries(node, out, source)
}

fn source(name: Name, node: &Node, out: &mut Diagnostics) -> Option<SourceDecl> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a source", KEYS, out);
    let columns = fields.required("columns", out).map(|node| columns(node, out)).unwrap_or_default();
    Some(SourceDecl {
        name,
        file: head::optional_text(&fields, "file", out),
        url: head::optional_text(&fields, "url", out),
        password_file: head::optional_text(&fields, "password_file", out),
        sheet: head::optional_text(&fields, "sheet", out),
        table: head::optional_text(&fields, "table", out),
        query: head::optional_text(&fields, "query", out),
        key: customer(&fields, "key", out),
        customer: customer(&fields, "customer", out),
        date: column_name(&fields, "date", out),
        aliases: fields.optional("aliases").and_then(|node| aliases(node, out)),
        filter: fields.optional("where").and_then(|node| expr::expression(fields::text(node, out)?, out)),
        unique: fields.optional("unique").map(|node| unique(node, out)).unwrap_or_default(),
        unknown: fields.optional("unknown").and_then(|node| expect::unknown(node, out)),
        expect: fields.optional("expect").map(|node| expect::read(node, out)).unwrap_or_default(),
        columns,
        format: format::read(&fields, out),
    })
}

fn aliases(node: &Node, out: &mut Diagnostics) -> Option<AliasDecl> {
    let fields = Fields::new(fields::mapping(node, out)?, "`aliases`", ALIASES, out);
    let mut column = |key: &str| {
        let node = fields.required(key, out)?;
        Some(column_identifier(fields::text(node, out)?, out))
    };
    let (from, to) = (column("from"), column("to"));
    Some(AliasDecl { from: from?, to: to? })
}

/// One column or a list of them.
fn unique(node: &Node, out: &mut Diagnostics) -> Vec<Name> {
    let items = match node {
        Node::Sequence(sequence) => sequence.items.as_slice(),
        one => std::slice::from_ref(one),
    };
    items.iter().filter_map(|item| Some(column_identifier(fields::text(item, out)?, out))).collect()
}

fn columns(node: &Node, out: &mut Diagnostics) -> IndexMap<String, ColumnDecl> {
    let mut found = IndexMap::new();
    let Some(mapping) = fields::mapping(node, out) else { return found };
    for entry in &mapping.entries {
        let name = column_identifier(&entry.key, out);
        let key = name.value.clone();
        found.extend(column(name, &entry.value, out).map(|column| (key, column)));
    }
    found
}

fn column_name(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<Name> {
    fields::text(fields.optional(key)?, out).map(|scalar| column_identifier(scalar, out))
}

/// A column, or an expression that calls a function, has a condition or stands in brackets. Anything else is taken for a header, which often
/// has signs of operators in it.
fn customer(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<KeyDecl> {
    let scalar = fields::text(fields.optional(key)?, out)?;
    let computes = |expr: &Expr| matches!(expr.kind, ExprKind::Call(_) | ExprKind::If { .. } | ExprKind::OrElse(..));
    let is_column = names::check(&scalar.text).is_none();
    if !is_column && (scalar.text.contains('(') || expr::expression_text(&scalar.text).is_ok_and(|e| computes(&e))) {
        return expr::expression(scalar, out).map(KeyDecl::Computed);
    }
    Some(KeyDecl::Column(column_identifier(scalar, out)))
}

/// The name of a column. A header of a file need not be a valid name: it is reported, and the nearest valid name is
/// used so that no other finding follows from it.
fn column_identifier(scalar: &Scalar, out: &mut Diagnostics) -> Name {
    let Some(wrong) = names::check(&scalar.text) else { return scalar.name() };
    let name = names::to_valid_name(&scalar.text);
    out.push(Diagnostic::new(Code::E0105, wrong.message).at(scalar.span).help(format!(
        "call the column `{name}`, and give its header in the file under the source: `headers: {{{name}: \"{}\"}}`",
        scalar.text.escape_default()
    )));
    Spanned::new(name, scalar.span)
}

pub(super) fn column(name: Name, node: &Node, out: &mut Diagnostics) -> Option<ColumnDecl> {
    let kind = expr::column_type(fields::text(node, out)?, out)?;
    Some(ColumnDecl { name, kind })
}
