//! `measures:`; an entry is the measure itself or a mapping with a description.

use indexmap::IndexMap;

use super::fields::Fields;
use super::file::MeasureDecl;
use super::key::{Key, Shape};
use super::{fields, head, names};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::span::Name;
use crate::yaml::node::Node;

const KEYS: &[Key] = &[
    Key::optional("description", Shape::Text, "what it is about"),
    Key::required("measure", Shape::MEASURE, "what is measured, of everyone or `by` a field"),
];

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Either(&[Shape::MEASURE, Shape::Keys(KEYS)]));

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, MeasureDecl> {
    names::entries(node, out, measure)
}

fn measure(name: Name, node: &Node, out: &mut Diagnostics) -> Option<MeasureDecl> {
    if let Node::Mapping(mapping) = node {
        let fields = Fields::new(mapping, "a measure", KEYS, out);
        let description = head::optional_text(&fields, "description", out);
        let scalar = fields.required("measure", out).and_then(|node| fields::text(node, out))?;
        return Some(MeasureDecl { name, description, measure: expr::measure(scalar, out)? });
    }
    let measure = expr::measure(fields::text(node, out)?, out)?;
    Some(MeasureDecl { name, description: None, measure })
}
