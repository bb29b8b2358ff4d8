//! `rules:`, with the parameters of each rule left for its kind to read.

use indexmap::IndexMap;

use super::file::RuleDecl;
use super::key::{Key, NameKind, Shape};
use super::{fields, names};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Name;
use crate::yaml::node::Node;

/// The keys of every rule; all others are those of its kind.
pub const KEYS: &[Key] = &[
    Key::required("kind", Shape::Name(NameKind::Kind), "how it is computed"),
    Key::optional("description", Shape::Text, "what it is about"),
];

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Rule);

pub(super) fn read(node: Node, out: &mut Diagnostics) -> IndexMap<String, RuleDecl> {
    names::into_entries(node, out, rule)
}

fn rule(name: Name, node: Node, out: &mut Diagnostics) -> Option<RuleDecl> {
    let mut parameters = fields::into_mapping(node, out)?;
    let description =
        parameters.get("description").and_then(|node| fields::text(node, out)).map(|scalar| scalar.name());
    let Some(kind) = parameters.get("kind") else {
        let message = format!("the key `kind` is missing in the rule `{}`", name.value);
        let diagnostic = Diagnostic::new(Code::E0102, message).at(name.span);
        out.push(diagnostic.help("every rule names its kind, as in `kind: abc`"));
        return None;
    };
    let kind = fields::text(kind, out)?.name();
    parameters.entries.retain(|entry| !KEYS.iter().any(|own| own.name == entry.key.text));
    Some(RuleDecl { name, kind, description, parameters })
}
