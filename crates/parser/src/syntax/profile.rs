//! `profile:`

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::fields::{self, Fields};
use super::file::{Metric, Profile};
use super::key::{Key, Shape, Sort};
use super::names;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::expr::ast::{Expr, ExprKind};
use crate::yaml::node::{Node, Sequence};

pub(super) const KEYS: &[Key] = &[
    Key::optional("administrative", METRICS, "what is carried to the output; a list of columns, or name: expression"),
    Key::optional("quantitative", METRICS, "figures; a list of columns, or name: expression"),
    Key::optional("qualitative", METRICS, "opinions and judgements; a list of columns, or name: expression"),
];

const METRICS: Shape = Shape::Either(&[Shape::List(&Shape::Name(Sort::Field)), Shape::Names(&Shape::EXPRESSION)]);

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> Profile {
    let Some(mapping) = fields::mapping(node, out) else { return Profile::default() };
    let fields = Fields::new(mapping, "the profile", KEYS, out);
    let mut section = |key| fields.optional(key).map(|node| metrics(node, out)).unwrap_or_default();
    Profile {
        administrative: section("administrative"),
        quantitative: section("quantitative"),
        qualitative: section("qualitative"),
    }
}

/// A list of names or a mapping of names to expressions.
fn metrics(node: &Node, out: &mut Diagnostics) -> IndexMap<String, Metric> {
    match node {
        Node::Sequence(sequence) => bare(sequence, out),
        other => names::entries(other, out, |name, node, out| {
            let expr = expr::expression(fields::text(node, out)?, out)?;
            Some(Metric { name, expr, bare: false })
        }),
    }
}

fn bare(sequence: &Sequence, out: &mut Diagnostics) -> IndexMap<String, Metric> {
    let mut found = IndexMap::<String, Metric>::new();
    for item in &sequence.items {
        let Some(name) = fields::text(item, out).and_then(|scalar| fields::identifier(scalar, out)) else { continue };
        match found.entry(name.value.clone()) {
            Entry::Occupied(first) => out.push(
                Diagnostic::new(Code("E0302"), format!("`{}` is listed twice", name.value))
                    .label(name.span, "again here")
                    .label(first.get().name.span, "first here"),
            ),
            Entry::Vacant(place) => {
                let expr = Expr { kind: ExprKind::Path(vec![name.clone()]), span: name.span };
                place.insert(Metric { name, expr, bare: true });
            }
        }
    }
    found
}
