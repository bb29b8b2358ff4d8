//! A matrix of two axes with a label in each cell: satisfaction × profitability, ABC × XYZ.

mod axis;
mod describe;
mod plot;
mod sql;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::{Mapping, Node, Scalar};
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use arrow::array::ArrayRef;

use self::axis::{Axis, Lowest};
use super::labels;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Shape};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;

const CELL: Shape = Shape::Either(&[Shape::Text, Shape::Keys(PARTS)]);

const PARTS: &[Key] = &[
    Key::required("label", Shape::Text, "what customers in the cell are called"),
    Key::optional("advice", Shape::Text, "what to do with them"),
];

pub(super) static KIND: Kind = Kind {
    name: "matrix",
    summary: "places customers in the cells of two axes",
    keys: &[
        Key::required("rows", axis::SHAPE, "`{value, cuts, labels}` or `{class: RULE}`"),
        Key::required("columns", axis::SHAPE, "`{value, cuts, labels}` or `{class: RULE}`"),
        Key::required(
            "cells",
            Shape::Labels(&Shape::Labels(&CELL)),
            "row label: {column label: text}, or `{label, advice}` instead of a text",
        ),
    ],
    compile,
};

#[derive(Debug)]
struct Matrix {
    rows: Axis,
    columns: Axis,
    /// The different cell texts, in the order they are written.
    labels: Labels,
    /// By row, then column: an index into `labels`.
    cells: Vec<Vec<usize>>,
    /// Where each cell is written.
    spans: Vec<Vec<Span>>,
    /// What to do with customers of each cell, row by row, if any cell says so.
    advice: Option<Vec<Option<String>>>,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let rows = parameters.required("rows", analyser.out).and_then(|node| axis::axis("rows", node, analyser));
    let columns = parameters.required("columns", analyser.out).and_then(|node| axis::axis("columns", node, analyser));
    let cells = parameters.required("cells", analyser.out).and_then(|node| fields::mapping(node, analyser.out));
    let (rows, columns, mapping) = (rows?, columns?, cells?);
    unknown_labels(mapping, &rows.labels, "row", analyser);
    rows.used(mapping, analyser);
    let mut labels = Labels::default();
    let (mut cells, mut spans, mut advice) = (Vec::new(), Vec::new(), Vec::new());
    let mut sound = true;
    for row in rows.labels.iter() {
        let Some(node) = mapping.get(row) else {
            let message = format!("the cells of row `{row}` are missing");
            analyser
                .out
                .push(Diagnostic::new(Code("E0510"), message).at(mapping.span).help(format!("add `{row}: {{…}}`")));
            sound = false;
            continue;
        };
        let of_row = fields::mapping(node, analyser.out)?;
        unknown_labels(of_row, &columns.labels, "column", analyser);
        columns.used(of_row, analyser);
        let (mut indices, mut places) = (Vec::new(), Vec::new());
        for column in columns.labels.iter() {
            let Some(node) = of_row.get(column) else {
                let message = format!("the cell of row `{row}` and column `{column}` is missing");
                analyser
                    .out
                    .push(Diagnostic::new(Code("E0510"), message).at(of_row.span).help(format!("add `{column}: …`")));
                sound = false;
                continue;
            };
            let Some((label, advised)) = cell(node, analyser) else {
                sound = false;
                continue;
            };
            places.push(label.span);
            advice.push(advised);
            indices.push(labels.iter().position(|l| *l == label.text).unwrap_or_else(|| {
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

/// The label of a cell and what to do with customers in it: `keep`, or `{label: keep, advice: …}`.
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

fn unknown_labels(mapping: &Mapping, known: &[String], what: &str, analyser: &mut Analyser) {
    for entry in mapping.entries.iter().filter(|e| !known.contains(&e.key.text)) {
        let message = format!("there is no {what} `{}`", entry.key.text);
        let help = format!("the {what}s are: {}", known.join(", "));
        analyser.out.push(Diagnostic::new(Code("E0510"), message).at(entry.key.span).help(help));
    }
}

impl CompiledRule for Matrix {
    fn outputs(&self) -> Vec<Output> {
        let mut outputs = vec![
            Output::label("cell", self.labels.to_vec(), true),
            Output::label("row", self.rows.labels.to_vec(), true),
            Output::label("column", self.columns.labels.to_vec(), true),
        ];
        outputs.extend(self.advice.iter().map(|_| Output::new("advice", Type::Text)));
        outputs
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let mut cut_offs = CutOffs::default();
        self.rows.calibrate(population, &mut cut_offs, out)?;
        self.columns.calibrate(population, &mut cut_offs, out)?;
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.rows.indices(batch, cut_offs)?;
        let columns = self.columns.indices(batch, cut_offs)?;
        let cells = rows.iter().zip(&columns).map(|(row, column)| self.cell(*row, *column));
        let mut results = vec![
            labels::column(&self.labels, cells),
            labels::column(&self.rows.labels, rows.iter().copied()),
            labels::column(&self.columns.labels, columns.iter().copied()),
        ];
        if let Some(advice) = &self.advice {
            let texts: Vec<String> = advice.iter().map(|text| text.clone().unwrap_or_default()).collect();
            let advised = |(row, column): (&Option<usize>, &Option<usize>)| {
                self.place(*row, *column).filter(|place| advice[*place].is_some())
            };
            results.push(labels::column(&texts, rows.iter().zip(&columns).map(advised)));
        }
        Ok(results)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::of((self.rows.lowest(cut_offs, name)?, self.columns.lowest(cut_offs, name)?)))
    }

    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let (rows, columns): &(Lowest, Lowest) = prepared.made(context.rule)?;
        let (row, column) = (self.rows.index(record, rows), self.columns.index(record, columns));
        let mut results = Vec::with_capacity(4);
        results.extend([
            self.labels.value(self.cell(row, column)),
            self.rows.labels.value(row),
            self.columns.labels.value(column),
        ]);
        if let Some(advice) = &self.advice {
            let advised = self.place(row, column).and_then(|place| advice[place].as_deref());
            results.push(advised.map_or(Value::Null, Value::text));
        }
        Ok(results)
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.rows.slot(), self.columns.slot()]
    }

    fn branches(&self) -> Vec<Branch> {
        let of = |what, labels: &[String]| -> Vec<Branch> {
            labels.iter().map(|label| Branch::new(what, label.clone(), None)).collect()
        };
        let mut branches = of("cell", &self.labels);
        branches.extend(of("row", &self.rows.labels));
        branches.extend(of("column", &self.columns.labels));
        if self.rows.nullable || self.columns.nullable {
            branches.push(Branch::new("missing value", "no cell", None));
        }
        branches
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let row = self.rows.index(record, &self.rows.lowest(cut_offs, context.rule)?);
        let column = self.columns.index(record, &self.columns.lowest(cut_offs, context.rule)?);
        let reasons = vec![self.rows.explain(record, row, cut_offs), self.columns.explain(record, column, cut_offs)];
        let (Some(row), Some(column)) = (row, column) else {
            return Ok(Derivation { decided_by: None, reasons, reached: vec![self.branches().len() - 1] });
        };
        let cell = self.cells[row][column];
        let decided_by = format!("{} × {}", self.rows.labels[row], self.columns.labels[column]);
        let reached = vec![cell, self.labels.len() + row, self.labels.len() + self.rows.labels.len() + column];
        Ok(Derivation { decided_by: Some(Written::at(decided_by, self.spans[row][column])), reasons, reached })
    }

    fn course(&self, output: usize, _: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        match output {
            1 => self.rows.course(cut_offs, lever),
            2 => self.columns.course(cut_offs, lever),
            _ => self.rows.course(cut_offs, lever)?.still(&self.columns.course(cut_offs, lever)?),
        }
    }

    fn why(&self, batch: &Batch, _: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let (rows, columns) = (self.rows.indices(batch, cut_offs)?, self.columns.indices(batch, cut_offs)?);
        let pairs = self.rows.labels.iter().flat_map(|r| self.columns.labels.iter().map(move |c| format!("{r} × {c}")));
        let texts: Vec<String> = pairs.collect();
        let index = rows.into_iter().zip(columns).map(|(row, column)| self.place(row, column));
        Ok(labels::column(&texts, index))
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![
            view.grid(&self.rows.labels, &self.columns.labels, |row, column| {
                self.labels[self.cells[row][column]].as_str()
            }),
        ]
    }

    fn charts(&self, view: &View, _: &Batch, cut_offs: &CutOffs) -> Vec<Chart> {
        vec![plot::chart(self, view, cut_offs)]
    }
}

impl Matrix {
    fn cell(&self, row: Option<usize>, column: Option<usize>) -> Option<usize> {
        Some(self.cells[row?][column?])
    }

    /// The index of a cell, row by row.
    fn place(&self, row: Option<usize>, column: Option<usize>) -> Option<usize> {
        Some(row? * self.columns.labels.len() + column?)
    }
}
