//! `goals:`

use indexmap::IndexMap;

use super::fields::{self, Fields};
use super::file::Goal;
use super::{head, names};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::Name;
use crate::yaml::node::Node;

const KEYS: &[&str] = &["description", "measure", "target", "programme"];

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, Goal> {
    names::entries(node, out, goal)
}

fn goal(name: Name, node: &Node, out: &mut Diagnostics) -> Option<Goal> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a goal", KEYS, out);
    let description = head::optional_text(&fields, "description", out);
    // Both are read before either is asked for, so that both errors are seen.
    let measure = fields.required("measure", out).and_then(|node| fields::text(node, out));
    let measure = measure.and_then(|scalar| expr::measure(scalar, out));
    let target = fields.required("target", out).and_then(|node| fields::text(node, out));
    let target = target.and_then(|scalar| expr::pattern(scalar, out));
    let programme = head::optional_text(&fields, "programme", out);
    Some(Goal { name, description, measure: measure?, target: target?, programme, span: mapping.span })
}
