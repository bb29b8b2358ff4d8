//! A matrix of two axes with a label in each cell: satisfaction × profitability, ABC × XYZ.

mod axis;
mod describe;
mod explain;
mod labels;
mod plot;
mod present;
mod rate;
mod sql;

use std::collections::{HashMap, HashSet};

use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::{Mapping, Node, Scalar};
use accolade_parser::{Code, Diagnostic, Span, listed};
use accolade_rules::analysis::{Analyser, Key, RuleKind, Shape};
use accolade_rules::set::CompiledRule;
use accolade_rules::thresholds::labels::Labels;

use self::axis::MatrixAxis;

const CELL: Shape = Shape::Either(&[Shape::Text, Shape::Keys(PARTS)]);

const PARTS: &[Key] = &[
    Key::required("label", Shape::Text, "what customers in the cell are called"),
    Key::optional("advice", Shape::Text, "what to do with them"),
];

pub(super) static KIND: RuleKind = RuleKind {
    name: "matrix",
    summary: "places customers in the cells of two axes",
    keys: &[
        Key::required("rows", axis::SHAPE, "`{value, cuts, labels}` or `{class: RULE}`"),
        Key::required("columns", axis::SHAPE, "`{value, cuts, labels}` or `{class: RULE}`"),
        Key::required(
            "cells",
            Shape::MapByLabel(&Shape::MapByLabel(&CELL)),
            "row label: {column label: text}, or `{label, advice}` instead of a text",
        )
        .with_entry("row"),
    ],
    labels: labels::written,
    compile,
};

#[derive(Debug)]
struct Matrix {
    rows: MatrixAxis,
    columns: MatrixAxis,
    /// The different cell texts, in the order they are written.
    labels: Labels,
    /// By row, then column: an index into `labels`.
    cells: Vec<Vec<usize>>,
    /// Where each cell is written.
    spans: Vec<Vec<Span>>,
    /// The advice of each cell, row by row; `None` if no cell has any.
    advice: Option<Vec<Option<String>>>,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let rows = parameters.required("rows", analyser.out).and_then(|node| axis::compile_axis("rows", node, analyser));
    let columns =
        parameters.required("columns", analyser.out).and_then(|node| axis::compile_axis("columns", node, analyser));
    let cells = parameters.required("cells", analyser.out).and_then(|node| fields::mapping(node, analyser.out));
    let (rows, columns, mapping) = (rows?, columns?, cells?);
    unknown_labels(mapping, &rows.labels, "row", analyser);
    rows.mark_used(mapping, analyser);
    let mut labels = Labels::default();
    let (mut cells, mut spans, mut advice) = (Vec::new(), Vec::new(), Vec::new());
    let mut sound = true;
    let mut index_of: HashMap<&String, usize> = HashMap::new();
    let written: HashMap<&str, &Node> = mapping.entries.iter().map(|e| (e.key.text.as_str(), &e.value)).collect();
    let missing: Vec<&String> = rows.labels.iter().filter(|row| !written.contains_key(row.as_str())).collect();
    missing_rows(&missing, mapping.span, analyser);
    for row in rows.labels.iter() {
        let Some(node) = written.get(row.as_str()).copied() else {
            sound = false;
            continue;
        };
        let of_row = fields::mapping(node, analyser.out)?;
        unknown_labels(of_row, &columns.labels, "column", analyser);
        columns.mark_used(of_row, analyser);
        let (mut indices, mut places) = (Vec::new(), Vec::new());
        for column in columns.labels.iter() {
            let Some(node) = of_row.get(column) else {
                let message = format!("the cell of row `{row}` and column `{column}` is missing");
                analyser
                    .out
                    .push(Diagnostic::new(Code::E0510, message).at(of_row.span).help(format!("add `{column}: …`")));
                sound = false;
                continue;
            };
            let Some((label, advised)) = cell(node, analyser) else {
                sound = false;
                continue;
            };
            places.push(label.span);
            advice.push(advised);
            indices.push(*index_of.entry(&label.text).or_insert_with(|| {
                labels.push(label.text.clone());
                labels.len() - 1
            }));
        }
        cells.push(indices);
        spans.push(places);
    }
    let advice = advice.iter().any(Option::is_some).then_some(advice);
    sound.then(|| Box::new(Matrix { rows, columns, labels, cells, spans, advice }) as Box<dyn CompiledRule>)
}

/// The label and the advice of a cell, which is written as `keep` or `{label: keep, advice: …}`.
fn cell<'n>(node: &'n Node, analyser: &mut Analyser) -> Option<(&'n Scalar, Option<String>)> {
    let Node::Mapping(mapping) = node else { return Some((fields::text(node, analyser.out)?, None)) };
    let parts = Fields::new(mapping, "a cell", PARTS, analyser.out);
    let label = parts.required("label", analyser.out)?;
    let advice = match parts.optional("advice") {
        Some(node) => Some(fields::text(node, analyser.out)?.text.clone()),
        None => None,
    };
    Some((fields::text(label, analyser.out)?, advice))
}

/// Reports the rows without cells. The whole of the cells is their place, so there is one finding for all of them.
fn missing_rows(missing: &[&String], cells: Span, analyser: &mut Analyser) {
    let Some(first) = missing.first() else { return };
    let message = match missing {
        [row] => format!("the cells of row `{row}` are missing"),
        rows => {
            let rows: Vec<String> = rows.iter().map(|row| format!("`{row}`")).collect();
            format!("the cells of rows {} are missing", listed(&rows))
        }
    };
    analyser.out.push(Diagnostic::new(Code::E0510, message).at(cells).help(format!("add `{first}: {{…}}`")));
}

fn unknown_labels(mapping: &Mapping, known: &[String], what: &str, analyser: &mut Analyser) {
    let names: HashSet<&str> = known.iter().map(String::as_str).collect();
    for entry in mapping.entries.iter().filter(|e| !names.contains(e.key.text.as_str())) {
        let message = format!("there is no {what} `{}`", entry.key.text);
        let help = format!("the {what}s are: {}", listed(known));
        analyser.out.push(Diagnostic::new(Code::E0510, message).at(entry.key.span).help(help));
    }
}

impl Matrix {
    /// The index of a cell, row by row.
    fn cell_index(&self, row: Option<usize>, column: Option<usize>) -> Option<usize> {
        Some(row? * self.columns.labels.len() + column?)
    }
}
