//! The labels that are written in a matrix rule: those of its axes and those of its cells.

use accolade_parser::yaml::node::{Mapping, Node, Scalar};
use accolade_rules::analysis::WrittenLabel;

/// The labels of the rows, of the columns and of the cells.
pub(super) fn written(parameters: &Mapping) -> Vec<WrittenLabel<'_>> {
    let Some(Node::Mapping(cells)) = parameters.get("cells") else { return Vec::new() };
    let (rows, columns) = (of_axis(parameters, "rows"), of_axis(parameters, "columns"));
    let label = |part, label| WrittenLabel { part, label, value: None };
    // An axis of classes has the labels of another rule.
    let (own_rows, own_columns) = (!rows.is_empty(), !columns.is_empty());
    let mut found: Vec<WrittenLabel> = rows.into_iter().map(|row| label(Some("row"), row)).collect();
    found.extend(columns.into_iter().map(|column| label(Some("column"), column)));
    for entry in &cells.entries {
        found.extend(own_rows.then(|| label(Some("row"), &entry.key)));
        let Node::Mapping(of_row) = &entry.value else { continue };
        for cell in &of_row.entries {
            found.extend(own_columns.then(|| label(Some("column"), &cell.key)));
            let text = match &cell.value {
                Node::Mapping(parts) => parts.get("label"),
                node => Some(node),
            };
            if let Some(Node::Scalar(text)) = text {
                found.push(label(None, text));
            }
        }
    }
    found
}

/// The labels written for the stretches of an axis.
fn of_axis<'a>(parameters: &'a Mapping, axis: &str) -> Vec<&'a Scalar> {
    let Some(Node::Mapping(axis)) = parameters.get(axis) else { return Vec::new() };
    let Some(Node::Sequence(labels)) = axis.get("labels") else { return Vec::new() };
    let scalar = |node: &'a Node| if let Node::Scalar(scalar) = node { Some(scalar) } else { None };
    labels.items.iter().filter_map(scalar).collect()
}
