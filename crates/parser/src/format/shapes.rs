//! The shape of a value, chosen from those that its key allows.

use super::KindKeys;
use crate::syntax::RULE_KEYS;
use crate::syntax::key::{Notation, Shape};
use crate::yaml::node::{Mapping, Node};

/// The shape of a node, never [`Shape::Either`]; [`Shape::Any`] if none fits.
pub(super) fn resolve(node: &Node, shape: Shape, reads: &dyn Fn(Notation) -> bool) -> Shape {
    let fitting: Vec<Shape> = options(shape).into_iter().filter(|option| fits(node, *option)).collect();
    // Of several, a notation is taken only if it can be read.
    let readable = |option: &&Shape| !matches!(option, Shape::Notation(notation) if !reads(*notation));
    match fitting.as_slice() {
        [only] => *only,
        several => several.iter().find(readable).or(several.first()).copied().unwrap_or(Shape::Any),
    }
}

fn options(shape: Shape) -> Vec<Shape> {
    match shape {
        Shape::Either(shapes) => shapes.iter().flat_map(|shape| options(*shape)).collect(),
        shape => vec![shape],
    }
}

fn fits(node: &Node, shape: Shape) -> bool {
    match (node, shape) {
        (_, Shape::Any) => true,
        (Node::Sequence(_), shape) => matches!(shape, Shape::List(_)),
        (Node::Mapping(_), shape) => {
            matches!(
                shape,
                Shape::Keys(_) | Shape::MapByName(_) | Shape::MapByLabel(_) | Shape::MapByNotation(..) | Shape::Rule
            )
        }
        (Node::Scalar(_), Shape::List(_) | Shape::Keys(_) | Shape::MapByName(_)) => false,
        (Node::Scalar(_), Shape::MapByLabel(_) | Shape::MapByNotation(..) | Shape::Rule) => false,
        (Node::Scalar(scalar), Shape::Word(words)) => words.contains(&scalar.text.as_str()),
        (Node::Scalar(_), _) => true,
    }
}

/// Whether a mapping is a record of data, which stays on one line however long it is.
pub(super) fn is_record(shape: Shape) -> bool {
    match shape {
        Shape::MapByLabel(value) => matches!(options(*value).first(), Some(Shape::Cell)),
        _ => false,
    }
}

/// The shape of the value of `key` in a mapping.
pub(super) fn shape_of_value(mapping: &Mapping, shape: Shape, key: &str, kinds: KindKeys<'_>) -> Shape {
    let known = match shape {
        Shape::Keys(keys) => keys.iter().find(|k| k.name == key).map(|k| k.shape),
        Shape::MapByName(value) | Shape::MapByLabel(value) | Shape::MapByNotation(_, value) => Some(*value),
        Shape::Rule => {
            let kind = match mapping.get("kind") {
                Some(Node::Scalar(kind)) => kinds(&kind.text).unwrap_or_default(),
                _ => &[],
            };
            RULE_KEYS.iter().chain(kind).find(|k| k.name == key).map(|k| k.shape)
        }
        _ => None,
    };
    known.unwrap_or(Shape::Any)
}
