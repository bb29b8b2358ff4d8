//! The dependencies of fields and rules: what each of them reads.

use accolade_core::model::{Origin, SlotId};
use accolade_rules::describe::{Block, DescriptionPart, Graph, GraphNode, NodeKind, code, names};
use accolade_rules::set::{RuleSet, Step};

/// The graph of dependencies, and the same as a table for readers who cannot see it.
pub(super) fn part(set: &RuleSet) -> DescriptionPart {
    let graph = graph(set);
    if graph.edges.is_empty() {
        return DescriptionPart::default();
    }
    let rows =
        graph.nodes.iter().enumerate().map(|(i, node)| {
            vec![code(&node.name), sort(node.kind).to_owned(), reads(&graph, i), names(graph.read_by(i))]
        });
    let table = Block::table(&["name", "is a", "reads", "is read by"], rows);
    DescriptionPart::new("What depends on what", vec![Block::Graph(graph), table])
}

fn reads(graph: &Graph, node: usize) -> String {
    let read = graph.reads(node);
    if read.is_empty() { "only the data".to_owned() } else { names(read) }
}

fn sort(sort: NodeKind) -> &'static str {
    match sort {
        NodeKind::Field => "field",
        NodeKind::Rule => "rule",
    }
}

/// The fields and rules of a rule set, each after those it reads.
pub fn graph(set: &RuleSet) -> Graph {
    let mut graph = Graph::default();
    let mut node_of: Vec<Option<usize>> = vec![None; set.demand.slots.len()];
    let mut reads: Vec<Vec<SlotId>> = Vec::new();
    for (slot, described) in set.demand.slots.iter().enumerate() {
        if matches!(described.origin, Origin::Column(_)) {
            node_of[slot] = Some(add(&mut graph, &mut reads, &described.name, NodeKind::Field, Vec::new()));
        }
    }
    let profile = &set.profile;
    let is_field = |slot: &SlotId| {
        [&profile.administrative, &profile.quantitative, &profile.qualitative].iter().any(|s| s.contains(slot))
    };
    for step in &set.steps {
        match step {
            Step::Metric { slot, .. } if is_field(slot) => {
                let read = metric_reads(step);
                node_of[*slot] =
                    Some(add(&mut graph, &mut reads, &set.demand.slots[*slot].name, NodeKind::Field, read));
            }
            Step::Metric { .. } => {}
            Step::Rule { name, rule, slots, .. } => {
                let node = add(&mut graph, &mut reads, name, NodeKind::Rule, rule.reads());
                slots.iter().for_each(|slot| node_of[*slot] = Some(node));
            }
        }
    }
    for (node, read) in reads.into_iter().enumerate() {
        let mut from = Vec::new();
        read.into_iter().for_each(|slot| sources(set, &node_of, slot, &mut from));
        from.sort_unstable();
        from.dedup();
        graph.edges.extend(from.into_iter().map(|from| (from, node)));
    }
    graph
}

fn add(graph: &mut Graph, reads: &mut Vec<Vec<SlotId>>, name: &str, sort: NodeKind, read: Vec<SlotId>) -> usize {
    graph.nodes.push(GraphNode { name: name.to_owned(), kind: sort });
    reads.push(read);
    graph.nodes.len() - 1
}

fn metric_reads(step: &Step) -> Vec<SlotId> {
    let mut read = Vec::new();
    if let Step::Metric { expr, .. } = step {
        expr.for_each_field(&mut |slot| read.push(slot));
    }
    read
}

/// Collects the nodes that a slot stands for: its own, or those that an unnamed expression reads.
fn sources(set: &RuleSet, node_of: &[Option<usize>], slot: SlotId, found: &mut Vec<usize>) {
    match (node_of[slot], set.demand.slots[slot].origin) {
        (Some(node), _) => found.push(node),
        (None, Origin::Step(step)) => {
            metric_reads(&set.steps[step]).into_iter().for_each(|read| sources(set, node_of, read, found));
        }
        (None, _) => {}
    }
}
