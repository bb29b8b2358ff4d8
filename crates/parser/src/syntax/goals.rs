//! `goals:`

use indexmap::IndexMap;

use super::fields::Fields;
use super::file::GoalDecl;
use super::key::{Key, NameKind, Shape};
use super::{fields, head, names};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::Name;
use crate::yaml::node::Node;

const KEYS: &[Key] = &[
    Key::optional("description", Shape::Text, "what it is about"),
    Key::required("measure", Shape::MEASURE, "what is measured over the customer base"),
    Key::required("target", Shape::PATTERN, "the target, such as `>= 90%`"),
    Key::optional("programme", Shape::Name(NameKind::Programme), "the programme whose members are measured"),
];

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Keys(KEYS));

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, GoalDecl> {
    names::entries(node, out, goal)
}

fn goal(name: Name, node: &Node, out: &mut Diagnostics) -> Option<GoalDecl> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a goal", KEYS, out);
    let description = head::optional_text(&fields, "description", out);
    // Both are read before the first `?`, so that the errors of both are reported.
    let measure = fields.required("measure", out).and_then(|node| fields::text(node, out));
    let measure = measure.and_then(|scalar| expr::measure(scalar, out));
    let target = fields.required("target", out).and_then(|node| fields::text(node, out));
    let target = target.and_then(|scalar| expr::pattern(scalar, out));
    let programme = head::optional_text(&fields, "programme", out);
    Some(GoalDecl { name, description, measure: measure?, target: target?, programme, span: mapping.span })
}
