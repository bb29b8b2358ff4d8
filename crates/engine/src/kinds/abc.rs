//! ABC analysis: customers ranked by a metric, classed by their share of its total (the 20/80 rule).
//!
//! Source of the method: Dickie, "ABC Inventory Analysis Shoots for Dollars, not Pennies" (1951), after Pareto.

mod cut;
mod populations;

use std::sync::Arc;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{ArrayRef, Float64Builder, Int64Builder};

use self::cut::{Class, Ranked, assign};
use super::{Batch, Calibration, CompiledRule, Context, Key, Kind, Output, Population, column, labels, unfit};
use crate::analyse::Analyser;
use crate::explain::{Branch, Course, Derivation, Field, Lever, Reason, Verdict, Written};
use crate::measure::cutoffs::{Bound, CutOffs, Edge};
use crate::measure::domain::{Domain, Keys};
use crate::model::{SlotId, Type, Value};
use crate::show;
use crate::summary::{Section, View};

pub(super) static KIND: Kind = Kind {
    name: "abc",
    summary: "classes customers by their share of a total",
    keys: &[
        Key { name: "by", required: true, doc: "the metric that ranks customers" },
        Key { name: "classes", required: true, doc: "label: cut, best class first, the last one `rest`" },
        Key { name: "none", required: false, doc: "label where the metric is zero or missing; `none` if absent" },
        Key {
            name: "boundary",
            required: false,
            doc: "`include` (default): the customer that crosses a share is in the class; `exclude`: it is not",
        },
    ],
    compile,
};

#[derive(Debug)]
struct Abc {
    by: Field,
    domain: Domain,
    classes: Vec<Class>,
    /// The classes' labels and, last, the label of customers that are not classed.
    labels: Vec<String>,
    include: bool,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let by_node = parameters.required("by", analyser.out);
    let classes_node = parameters.required("classes", analyser.out);
    let by = by_node.and_then(|node| analyser.numeric_operand(node));
    let mapping = classes_node.and_then(|node| fields::mapping(node, analyser.out));
    let boundary = match parameters.optional("boundary") {
        Some(node) => Some(fields::choice(node, &["include", "exclude"], analyser.out)?.value),
        None => None,
    };
    let none = match parameters.optional("none") {
        Some(node) => fields::text(node, analyser.out)?.text.clone(),
        None => "none".to_owned(),
    };
    let (by_slot, domain) = by?;
    let classes =
        cut::classes(mapping?, by_node.map(accolade_parser::yaml::node::Node::span), by_slot, domain, analyser)?;
    let mut all: Vec<String> = classes.iter().map(|c| c.label.clone()).collect();
    if all.contains(&none) {
        let span = parameters
            .optional("none")
            .or(classes_node)
            .map_or(rule.name.span, accolade_parser::yaml::node::Node::span);
        let help = "write `none: LABEL` with a label for customers whose metric is zero or missing";
        analyser.out.push(Diagnostic::new(Code("E0302"), format!("`{none}` is already a class")).at(span).help(help));
        return None;
    }
    all.push(none);
    Some(Box::new(Abc { by: analyser.named(by_slot), domain, classes, labels: all, include: boundary != Some(1) }))
}

impl CompiledRule for Abc {
    fn outputs(&self) -> Vec<Output> {
        vec![
            Output::label("class", self.labels.clone(), false),
            Output::new("rank", Type::Integer),
            Output::new("share", Type::Percent),
            Output::new("cumulative_share", Type::Percent),
        ]
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let values = column(population.frame, self.by.slot)?;
        let rows = population.frame.rows;
        let Some(keys) = Keys::of(values) else { return Err(unfit(population.context.rule, "need a numeric metric")) };
        let ranked = Ranked::new(&keys, rows, self.domain);
        if ranked.total == 0 {
            let message =
                format!("`{}`: no customer has a positive value, so nobody is classed", population.context.rule);
            out.push(Diagnostic::new(Code("W0704"), message));
        }
        let lowest = assign(&ranked, &self.classes, self.include);
        let edges = self.classes.iter().zip(lowest).filter(|(class, _)| !class.is_rest()).map(|(class, lowest)| {
            let edge = lowest.map(|key| Edge::Value(Bound::of_key(self.domain, key)));
            (class.label.clone(), edge.into_iter().collect())
        });
        Ok(Calibration { cut_offs: CutOffs(edges.collect()), population: positions(&ranked, rows) })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let values = column(batch.frame, self.by.slot)?;
        let lowest = self.lowest(cut_offs, batch.context.rule)?;
        let Some(keys) = Keys::of(values) else { return Err(unfit(batch.context.rule, "need a numeric metric")) };
        let classes = (0..batch.frame.rows).map(|row| Some(self.class(keys.get(row), &lowest)));
        Ok(vec![labels::column(&self.labels, classes)])
    }

    fn rate_row(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Vec<Value>, Diagnostics> {
        let lowest = self.lowest(cut_offs, context.rule)?;
        let key = record.get(self.by.slot).and_then(|v| self.domain.key(v));
        Ok(vec![labels::value(&self.labels, Some(self.class(key, &lowest)))])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.by.slot]
    }

    fn branches(&self) -> Vec<Branch> {
        let classes = self.classes.iter().map(|c| Branch::new("class", c.label.clone(), c.written.span));
        let none = self.labels.last().cloned().unwrap_or_default();
        classes.chain([Branch::new("class", none, None)]).collect()
    }

    fn populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let of = |keys: Vec<i128>| keys.into_iter().map(|key| vec![(self.by.slot, self.domain.value(key))]).collect();
        populations::at_cuts(&self.classes, self.domain).into_iter().map(of).collect()
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let lowest = self.lowest(cut_offs, context.rule)?;
        let key = record.get(self.by.slot).and_then(|v| self.domain.key(v));
        let class = self.class(key, &lowest);
        let tests = self.tests(&lowest);
        // Zero, missing and negative values are not compared with cut-offs.
        let compared = if key.is_some_and(|k| k > 0) { 0..=class } else { class..=class };
        let reasons = compared.map(|i| {
            let written = self.classes.get(i).map_or_else(Written::default, |c| c.written.clone());
            let test = Written { text: tests[i].clone(), span: written.span };
            Reason::new(self.labels[i].clone(), vec![self.by.of(record)], test, Verdict::known(i == class))
        });
        let decided_by = match self.classes.get(class) {
            Some(class) => class.written.clone(),
            None => Written::nowhere(tests[class].clone()),
        };
        Ok(Derivation { decided_by: Some(decided_by), reasons: reasons.collect(), reached: vec![class] })
    }

    fn course(&self, output: usize, _: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        if output > 0 {
            // Ranks and shares need the population, so they stay as they are.
            return Some(lever.constant());
        }
        let lowest = self.lowest(cut_offs, "").ok()?;
        let thresholds: Vec<i128> = lowest.into_iter().flatten().chain([0, 1]).collect();
        lever.reached(self.by.slot, &thresholds)
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons = self.tests(&self.lowest(cut_offs, batch.context.rule)?);
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn ranks_by(&self) -> Option<SlotId> {
        Some(self.by.slot)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.pyramid(&self.labels, self.by.slot)]
    }
}

impl Abc {
    /// The least key of each class, `None` for a class nobody is in and for `rest`.
    fn lowest(&self, cut_offs: &CutOffs, rule: &str) -> Result<Vec<Option<i128>>, Diagnostics> {
        self.classes
            .iter()
            .filter(|class| !class.is_rest())
            .map(|class| match cut_offs.0.get(&class.label).map(Vec::as_slice) {
                Some([]) => Ok(None),
                Some([edge]) => match edge.bound().ceiling_key(self.domain) {
                    Some(key) => Ok(Some(key)),
                    None => Err(unfit(rule, &format!("have a value for `{}` that is out of range", class.label))),
                },
                _ => Err(unfit(rule, &format!("have no value for the class `{}`", class.label))),
            })
            .collect()
    }

    /// What each class and, last, being in none comes down to under these cut-offs.
    fn tests(&self, lowest: &[Option<i128>]) -> Vec<String> {
        let name = &self.by.name;
        let ends: Vec<String> = lowest
            .iter()
            .map(|low| match low {
                Some(key) => format!("{name} >= {}", show::value(&self.domain.value(*key))),
                None => "nobody".to_owned(),
            })
            .collect();
        let rest = match lowest.iter().flatten().last() {
            Some(key) => format!("{name} < {}", show::value(&self.domain.value(*key))),
            None => "rest".to_owned(),
        };
        ends.into_iter().chain([rest, format!("{name} is zero or missing")]).collect()
    }

    /// The index into `labels` of a customer's class.
    fn class(&self, key: Option<i128>, lowest: &[Option<i128>]) -> usize {
        let rest = self.classes.len() - 1;
        match key {
            None | Some(0) => self.classes.len(),
            Some(key) if key < 0 => rest,
            Some(key) => lowest.iter().position(|low| low.is_some_and(|low| key >= low)).unwrap_or(rest),
        }
    }
}

/// Rank, share and cumulative share of every customer; missing where the metric is zero or missing.
fn positions(ranked: &Ranked, rows: usize) -> Vec<ArrayRef> {
    let mut rank = vec![0i64; rows];
    let mut shares = vec![(0.0f64, 0.0f64); rows];
    let total = ranked.total as f64;
    let mut before = 0i128;
    let mut start = 0;
    while start < ranked.order.len() {
        let group = ranked.group(start);
        let amount = ranked.amount(ranked.order[start].key);
        before += amount.max(0) * i128::try_from(group.len()).unwrap_or(0);
        for customer in &ranked.order[group.clone()] {
            rank[customer.row as usize] = i64::try_from(start + 1).unwrap_or(i64::MAX);
            if ranked.total > 0 {
                shares[customer.row as usize] = (amount as f64 / total, before as f64 / total);
            }
        }
        start = group.end;
    }
    let mut ranks = Int64Builder::with_capacity(rows);
    let (mut share, mut cumulative) = (Float64Builder::with_capacity(rows), Float64Builder::with_capacity(rows));
    for (rank, (own, running)) in rank.into_iter().zip(shares) {
        ranks.append_option((rank > 0).then_some(rank));
        share.append_option((rank > 0 && ranked.total > 0).then_some(own));
        cumulative.append_option((rank > 0 && ranked.total > 0).then_some(running));
    }
    vec![Arc::new(ranks.finish()), Arc::new(share.finish()), Arc::new(cumulative.finish())]
}
