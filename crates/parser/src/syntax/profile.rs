//! `profile:`

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::fields::Fields;
use super::file::{Metric, ProfileDecl};
use super::key::{Key, NameKind, Shape};
use super::{fields, names};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::expr::ast::{Expr, ExprKind};
use crate::span::Name;
use crate::yaml::node;
use crate::yaml::node::{Node, Sequence};

pub(super) const KEYS: &[Key] = &[
    Key::optional("administrative", METRICS, "what is carried to the output; a list of columns, or name: expression"),
    Key::optional("quantitative", METRICS, "figures; a list of columns, or name: expression"),
    Key::optional("qualitative", METRICS, "opinions and judgements; a list of columns, or name: expression"),
];

const METRICS: Shape =
    Shape::Either(&[Shape::List(&Shape::Name(NameKind::Field)), Shape::MapByName(&Shape::EXPRESSION)]);

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> ProfileDecl {
    let Some(mapping) = fields::mapping(node, out) else { return ProfileDecl::default() };
    let fields = Fields::new(mapping, "the profile", KEYS, out);
    let mut section = |key| fields.optional(key).map(|node| metrics(node, out)).unwrap_or_default();
    ProfileDecl {
        administrative: section("administrative"),
        quantitative: section("quantitative"),
        qualitative: section("qualitative"),
    }
}

/// A list of names or a mapping of names to expressions.
fn metrics(node: &Node, out: &mut Diagnostics) -> IndexMap<String, Metric> {
    match node {
        Node::Sequence(sequence) => bare(sequence, out),
        Node::Mapping(mapping) if mapping.entries.len() >= PARALLEL_THRESHOLD => {
            read_in_parallel(&mapping.entries, out)
        }
        other => names::entries(other, out, metric),
    }
}

/// The number of metrics from which a second thread pays: most of the time for a large file goes into expressions.
const PARALLEL_THRESHOLD: usize = 128;

/// Reads the two halves of the metrics on two threads.
fn read_in_parallel(entries: &[node::Entry], out: &mut Diagnostics) -> IndexMap<String, Metric> {
    let (first, second) = entries.split_at(entries.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut findings = Diagnostics::new();
            (names::read_entries(names::names_and_values(second), &mut findings, metric), findings)
        });
        let mut found = names::read_entries(names::names_and_values(first), out, metric);
        let (others, findings) = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        found.extend(others);
        out.extend(findings);
        found
    })
}

fn metric(name: Name, node: &Node, out: &mut Diagnostics) -> Option<Metric> {
    let expr = expr::expression(fields::text(node, out)?, out)?;
    Some(Metric { name, expr, bare: false })
}

fn bare(sequence: &Sequence, out: &mut Diagnostics) -> IndexMap<String, Metric> {
    let mut found = IndexMap::<String, Metric>::new();
    for item in &sequence.items {
        let Some(name) = fields::text(item, out).and_then(|scalar| fields::identifier(scalar, out)) else { continue };
        match found.entry(name.value.clone()) {
            Entry::Occupied(first) => out.push(
                Diagnostic::new(Code::E0302, format!("`{}` is listed twice", name.value))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::SourceId;

    #[test]
    fn halves_are_read_as_the_whole_is() {
        let all = 2 * PARALLEL_THRESHOLD;
        for wrong in [[0, 1], [10, all - 10], [PARALLEL_THRESHOLD - 1, PARALLEL_THRESHOLD]] {
            let value = |i: usize| if wrong.contains(&i) { format!("{i} +") } else { format!("revenue + {i}") };
            let text: String = (0..all).map(|i| format!("m{i}: {}\n", value(i))).collect();
            let node = crate::yaml::parse(SourceId(0), &text, &mut Diagnostics::new()).unwrap();
            let (mut whole, mut halves) = (Diagnostics::new(), Diagnostics::new());
            let (found, expected) = (metrics(&node, &mut halves), names::entries(&node, &mut whole, metric));
            assert!(found.iter().eq(&expected), "{wrong:?}");
            assert_eq!(halves, whole);
            assert_eq!(halves.len(), 2);
        }
    }
}
