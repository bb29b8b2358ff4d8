//! One axis of a matrix: a value cut into stretches, or the classes of another rule.

use std::collections::HashSet;

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, KeyColumn};
use accolade_core::show;
use accolade_parser::expr::ast::{Literal, Pattern};
use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::yaml::node::{Mapping, Node, Scalar};
use accolade_parser::{Code, Diagnostic, Diagnostics, expr};
use accolade_rules::analysis::{Analyser, Key, Shape};
use accolade_rules::explain::{Field, Reason, Response, SourceText, Verdict};
use accolade_rules::present::{cell, chart};
use accolade_rules::set::{ChangeableField, Customers, unfit};
use accolade_rules::thresholds::cutoffs::{Bound, CutOffs, Edge};
use accolade_rules::thresholds::labels::Labels;
use accolade_rules::thresholds::quantile;
use arrow::array::{Array, AsArray};

#[derive(Debug)]
pub(super) struct MatrixAxis {
    /// `rows` or `columns`, also the name of its list of cut-offs.
    pub(super) name: &'static str,
    pub(super) labels: Labels,
    /// Whether a record can have no place on it.
    pub(super) nullable: bool,
    field: Field,
    pub(super) cuts: Cuts,
}

#[derive(Debug)]
pub(super) enum Cuts {
    /// The slot holds one of the labels.
    Class,
    Median(Domain),
    Fixed(Domain, Vec<Bound>),
}

/// The least key of each stretch but the first; `None` for an axis of classes.
pub(super) type StretchStarts = Option<(Domain, Vec<i128>)>;

const KEYS: &[Key] = &[
    Key::optional("value", Shape::EXPRESSION, "a number or an amount that is cut"),
    Key::optional("cuts", Shape::List(&Shape::PATTERN), "where it is cut, lowest first; or `[median]`"),
    Key::optional("labels", Shape::List(&Shape::Text), "a label below each cut and one above the last"),
    Key::optional("class", Shape::EXPRESSION, "a rule whose classes are the labels, instead of the other three"),
];

pub(super) const SHAPE: Shape = Shape::Keys(KEYS);

pub(super) fn compile_axis(name: &'static str, node: &Node, analyser: &mut Analyser) -> Option<MatrixAxis> {
    let mapping = fields::mapping(node, analyser.out)?;
    let parameters = Fields::new(mapping, &format!("`{name}`"), KEYS, analyser.out);
    if let Some(node) = parameters.optional("class") {
        for other in ["value", "cuts", "labels"] {
            if let Some(extra) = parameters.optional(other) {
                let message = format!("an axis has `class` or `{other}`, not both");
                analyser.out.push(
                    Diagnostic::new(Code::E0106, message)
                        .at(extra.span())
                        .help("the labels of a class come from its rule"),
                );
                return None;
            }
        }
        let (slot, labels) = analyser.classes(node, "; use `value` and `cuts` for a number")?;
        return Some(new_axis(slot, labels, Cuts::Class, name, analyser));
    }
    let value = parameters.required("value", analyser.out);
    let cuts = parameters.required("cuts", analyser.out).and_then(|node| fields::sequence(node, analyser.out));
    let labels = parameters.required("labels", analyser.out).and_then(|node| fields::sequence(node, analyser.out));
    let (slot, domain) = analyser.numeric_operand(value?)?;
    let cuts = cuts?;
    let label_nodes = labels?;
    let mut labels: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for node in &label_nodes.items {
        let text = fields::text(node, analyser.out)?.text.clone();
        if !seen.insert(text.clone()) {
            analyser
                .out
                .push(Diagnostic::new(Code::E0510, format!("the label `{text}` is written twice")).at(node.span()));
            return None;
        }
        labels.push(text);
    }
    if labels.len() != cuts.items.len() + 1 {
        let message = format!(
            "{} cuts make {} stretches, but there are {} labels",
            cuts.items.len(),
            cuts.items.len() + 1,
            labels.len()
        );
        analyser.out.push(
            Diagnostic::new(Code::E0510, message)
                .at(label_nodes.span)
                .help("give one label more than cuts, lowest first"),
        );
        return None;
    }
    let is_median = |node: &Node| matches!(node, Node::Scalar(Scalar { text, .. }) if text.trim() == "median");
    if let [only] = cuts.items.as_slice()
        && is_median(only)
    {
        return Some(new_axis(slot, labels, Cuts::Median(domain), name, analyser));
    }
    let mut bounds: Vec<(i128, Bound)> = Vec::new();
    for node in &cuts.items {
        if is_median(node) {
            analyser.out_of_range(node.span(), "`median` must be the only cut", "use `cuts: [median]`");
            return None;
        }
        let (key, bound) = parse_cut(fields::text(node, analyser.out)?, domain, analyser)?;
        if bounds.last().is_some_and(|(before, _)| *before >= key) {
            analyser.out_of_range(node.span(), "the cuts must ascend", "write the lowest cut first");
            return None;
        }
        bounds.push((key, bound));
    }
    let bounds = bounds.into_iter().map(|(_, bound)| bound).collect();
    Some(new_axis(slot, labels, Cuts::Fixed(domain, bounds), name, analyser))
}

fn parse_cut(scalar: &Scalar, domain: Domain, analyser: &mut Analyser) -> Option<(i128, Bound)> {
    let pattern = expr::pattern(scalar, analyser.out)?;
    let around = match &pattern.value {
        Pattern::Compare(accolade_parser::expr::ast::BinaryOp::Equal, literal) => match literal.value {
            Literal::Text(_) | Literal::Boolean(_) => None,
            _ => domain.nearest_keys(&literal.value),
        },
        _ => None,
    };
    match around {
        Some((_, ceiling)) => Some((ceiling, Bound::of_key(domain, ceiling))),
        None => {
            let message = format!("a cut is a value of type {} or `median`", domain.ty());
            analyser.out.push(Diagnostic::new(Code::E0404, message).at(pattern.span));
            None
        }
    }
}

fn new_axis(slot: SlotId, labels: Vec<String>, cuts: Cuts, name: &'static str, analyser: &Analyser) -> MatrixAxis {
    MatrixAxis {
        name,
        labels: labels.into_iter().collect(),
        nullable: analyser.slot(slot).nullable,
        field: analyser.field_of_slot(slot),
        cuts,
    }
}

impl MatrixAxis {
    pub(super) fn slot(&self) -> SlotId {
        self.field.slot
    }

    /// Marks the classes that the keys of a mapping name as used.
    pub(super) fn mark_used(&self, mapping: &Mapping, analyser: &mut Analyser) {
        if matches!(self.cuts, Cuts::Class) {
            mapping.entries.iter().for_each(|e| analyser.add_label_reference(self.slot(), &e.key.text, e.key.span));
        }
    }

    /// The axis of the chart; `None` for an axis of classes.
    pub(super) fn chart_axis(&self, cut_offs: &CutOffs) -> Option<chart::Axis> {
        let (domain, lowest) = self.starts(cut_offs, "").ok()??;
        let percent = domain.ty() == Type::Percent;
        let number = |key: &i128| cell::drawn(&domain.value(*key)).map(|v| if percent { v * 100.0 } else { v });
        let cuts = lowest.iter().filter_map(number).collect();
        Some(chart::Axis { name: self.field.name.clone(), labels: self.labels.to_vec(), cuts, percent })
    }

    /// The reason for the place of a record on the axis.
    pub(super) fn explain(&self, record: &[Value], index: Option<usize>, cut_offs: &CutOffs) -> Reason {
        let name = &self.field.name;
        let edges = cut_offs.get(self.name);
        let test = match (index, &self.cuts) {
            (None, _) => format!("{name} is missing"),
            (Some(index), Cuts::Class) => format!("{name} = {}", show::quoted(&Value::text(&self.labels[index]))),
            (Some(index), _) => {
                let from = index.checked_sub(1).and_then(|i| edges.get(i)).map(|e| format!("{name} >= {}", e.bound()));
                let to = edges.get(index).map(|e| format!("{name} < {}", e.bound()));
                from.into_iter().chain(to).collect::<Vec<_>>().join(" and ")
            }
        };
        let label = index.map_or("none", |i| self.labels[i].as_str());
        let subject = format!("{} {label}", self.name.trim_end_matches('s'));
        Reason::new(subject, vec![self.field.of(record)], SourceText::without_span(test), Verdict::Holds)
    }

    /// How the place on the axis responds to a changed field.
    pub(super) fn response(&self, cut_offs: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        match self.starts(cut_offs, "").ok()? {
            Some((_, lowest)) => changeable.threshold_response(self.slot(), &lowest),
            None => changeable.response(self.slot()),
        }
    }

    pub(super) fn calibrate(
        &self,
        population: &Customers,
        cut_offs: &mut CutOffs,
        out: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let bounds = match &self.cuts {
            Cuts::Class => return Ok(()),
            Cuts::Fixed(_, bounds) => bounds.clone(),
            Cuts::Median(domain) => {
                let values = column(population.frame, self.slot())?;
                let Some(keys) = KeyColumn::of(values) else {
                    return Err(unfit(population.context.rule, "need a numeric value"));
                };
                let present = (0..population.frame.rows).filter_map(|row| keys.get(row));
                let median = quantile::median(present, *domain);
                if median.is_none() {
                    let message = format!("`{}`: nobody has a value for the {}", population.context.rule, self.name);
                    out.push(Diagnostic::new(Code::W0704, message));
                }
                median.into_iter().collect()
            }
        };
        cut_offs.0.insert(self.name.to_owned(), bounds.into_iter().map(Edge::Value).collect());
        Ok(())
    }

    /// The index of the label of every record of a batch.
    pub(super) fn label_indices(
        &self,
        batch: &Customers,
        cut_offs: &CutOffs,
    ) -> Result<Vec<Option<usize>>, Diagnostics> {
        let values = column(batch.frame, self.slot())?;
        let rows = 0..batch.frame.rows;
        let Some((_, lowest)) = self.starts(cut_offs, batch.context.rule)? else {
            let texts = values.as_string_view();
            let index = |row: usize| {
                texts.is_valid(row).then(|| self.labels.iter().position(|l| l == texts.value(row))).flatten()
            };
            return Ok(rows.map(index).collect());
        };
        let Some(keys) = KeyColumn::of(values) else { return Err(unfit(batch.context.rule, "need a numeric value")) };
        Ok(rows.map(|row| keys.get(row).map(|key| lowest.partition_point(|low| *low <= key))).collect())
    }

    /// The index of the label of one record.
    pub(super) fn label_index(&self, record: &[Value], lowest: &StretchStarts) -> Option<usize> {
        let value = record.get(self.slot())?;
        match (lowest, value) {
            (Some((domain, lowest)), value) => domain.key(value).map(|key| lowest.partition_point(|low| *low <= key)),
            (None, Value::Text(text)) => self.labels.iter().position(|l| **l == **text),
            (None, _) => None,
        }
    }

    /// The keys at which its stretches begin.
    pub(super) fn starts(&self, cut_offs: &CutOffs, rule: &str) -> Result<StretchStarts, Diagnostics> {
        let domain = match &self.cuts {
            Cuts::Class => return Ok(None),
            Cuts::Median(domain) | Cuts::Fixed(domain, _) => *domain,
        };
        let Some(edges) = cut_offs.0.get(self.name) else {
            return Err(unfit(rule, &format!("have no `{}`", self.name)));
        };
        let keys: Option<Vec<i128>> = edges.iter().map(|e| e.bound().ceiling_key(domain)).collect();
        match keys {
            // There are no keys if no customer had a value to take the median of; then no record has a value.
            Some(keys) if keys.len() + 1 == self.labels.len() || keys.is_empty() => Ok(Some((domain, keys))),
            _ => Err(unfit(rule, &format!("have unusable `{}`", self.name))),
        }
    }
}
