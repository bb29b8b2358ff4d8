//! `functions:`, typed functions that scripts define, and `script_limits:`.

use indexmap::IndexMap;

use super::fields::Fields;
use super::file::FunctionDecl;
use super::key::{Key, Shape};
use super::{fields, head, names, sources};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::{Name, Spanned};
use crate::yaml::node::Node;

const KEYS: &[Key] = &[
    Key::required("script", Shape::File, "the script that defines it: a file, or the script itself in a block"),
    Key::optional("arguments", Shape::MapByName(&Shape::COLUMN_TYPE), "name: type, in order"),
    Key::required("returns", Shape::COLUMN_TYPE, "the type of its result"),
    Key::optional("description", Shape::Text, "what it is for"),
];

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Keys(KEYS));
pub(super) const LIMITS: Shape = Shape::MapByLabel(&Shape::Integer);

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, FunctionDecl> {
    names::entries(node, out, function)
}

fn function(name: Name, node: &Node, out: &mut Diagnostics) -> Option<FunctionDecl> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a function", KEYS, out);
    let script = fields.required("script", out).and_then(|node| fields::text(node, out)).cloned();
    let arguments =
        fields.optional("arguments").map(|node| names::entries(node, out, sources::column)).unwrap_or_default();
    let returns = fields.required("returns", out).and_then(|node| fields::text(node, out));
    let returns = returns.and_then(|scalar| expr::column_type(scalar, out));
    let description = head::optional_text(&fields, "description", out);
    Some(FunctionDecl { name, description, script: script?, arguments, returns: returns? })
}

/// The limits by name. Names and values are checked by analysis.
pub(super) fn limits(node: &Node, out: &mut Diagnostics) -> Vec<(Name, Spanned<i64>)> {
    let Some(mapping) = fields::mapping(node, out) else { return Vec::new() };
    let limit = |entry: &crate::yaml::node::Entry| Some((entry.key.name(), fields::integer(&entry.value, out)?));
    mapping.entries.iter().filter_map(limit).collect()
}
