//! ABC analysis: customers ranked by a metric, classed by their share of its total (the 20/80 rule).
//!
//! Source of the method: Dickie, "ABC Inventory Analysis Shoots for Dollars, not Pennies" (1951), after Pareto.
//!
//! Customers whose metric is zero or missing are not classed: they have a label of their own, or one that a decision list
//! chooses. `top 20% of customers` is 20% of those that are classed, rounded up. A negative metric (more was returned
//! than bought) is classed too, in the last class.

mod cut;
mod describe;
pub(super) mod populations;
mod pyramid;
mod sql;
mod unclassed;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;

use self::cut::{Class, assign};
pub(super) use self::pyramid::KIND as PYRAMID;
use self::unclassed::Unclassed;
use super::labels;
use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, Keys};
use accolade_core::show;
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Notation, Shape};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Field, Reason, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::{Bound, CutOffs, Edge};
use accolade_rules::thresholds::labels::Labels;
use accolade_rules::thresholds::ranked::Ranked;

pub(super) static KIND: Kind = Kind {
    name: "abc",
    summary: "classes customers by their share of a total",
    keys: &[
        Key::required("by", Shape::EXPRESSION, "the metric that ranks customers"),
        Key::required("classes", CUTS, "label: cut, best class first, the last one `rest`"),
        NONE,
        BOUNDARY,
    ],
    compile,
};

const CUTS: Shape = Shape::Labels(&Shape::Notation(Notation::ClassCut));

const BOUNDARIES: &[&str] = &["include", "exclude"];

const NONE: Key = Key::optional(
    "none",
    Shape::Either(&[Shape::Text, Shape::CONDITIONS]),
    "label where the metric is zero or missing, or label: condition in order, the last `rest`; `none` if absent",
);

const BOUNDARY: Key = Key::optional(
    "boundary",
    Shape::Word(BOUNDARIES),
    "`include` (default): the customer that crosses a share is in the class; `exclude`: it is not",
);

#[derive(Debug)]
struct Abc {
    by: Field,
    domain: Domain,
    classes: Vec<Class>,
    /// The label of customers that are not classed, or the list that chooses it.
    unclassed: Unclassed,
    /// The classes' labels and those of customers that are not classed.
    labels: Labels,
    include: bool,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    compile_as(&KIND, "classes", Vec::new(), rule, analyser)
}

/// Checks a rule whose classes are under this key, which may be absent where there are `usual` classes.
fn compile_as(
    kind: &Kind,
    key: &str,
    usual: Vec<Class>,
    rule: &Rule,
    analyser: &mut Analyser,
) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, kind);
    let by_node = parameters.required("by", analyser.out);
    let classes_node = if usual.is_empty() { parameters.required(key, analyser.out) } else { parameters.optional(key) };
    let by = by_node.and_then(|node| analyser.numeric_operand(node));
    let mapping = match classes_node {
        Some(node) => Some(fields::mapping(node, analyser.out)?),
        None if usual.is_empty() => return None,
        None => None,
    };
    let boundary = match parameters.optional("boundary") {
        Some(node) => Some(fields::choice(node, BOUNDARIES, analyser.out)?.value),
        None => None,
    };
    let none = parameters.optional("none");
    let unclassed = Unclassed::compile(none, analyser)?;
    let (by_slot, domain) = by?;
    let classes = match mapping {
        Some(mapping) => cut::classes(mapping, by_node.map(Node::span), by_slot, domain, analyser)?,
        None => usual,
    };
    let mut all: Vec<String> = classes.iter().map(|c| c.label.clone()).collect();
    if let Some(label) = unclassed.labels().iter().find(|label| all.contains(label)) {
        let span = unclassed.span(label).or(none.or(classes_node).map(Node::span)).unwrap_or(rule.name.span);
        let help = "write `none: LABEL` with a label for customers whose metric is zero or missing";
        analyser.out.push(Diagnostic::new(Code("E0302"), format!("`{label}` is already a class")).at(span).help(help));
        return None;
    }
    all.extend_from_slice(unclassed.labels());
    let by = analyser.named(by_slot);
    Some(Box::new(Abc {
        by,
        domain,
        classes,
        unclassed,
        labels: all.into_iter().collect(),
        include: boundary != Some(1),
    }))
}

impl CompiledRule for Abc {
    fn outputs(&self) -> Vec<Output> {
        vec![
            Output::label("class", self.labels.to_vec(), self.unclassed.may_miss()),
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
        Ok(Calibration { cut_offs: CutOffs(edges.collect()), population: ranked.positions(rows).to_vec() })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let values = column(batch.frame, self.by.slot)?;
        let lowest = self.lowest(cut_offs, batch.context.rule)?;
        let Some(keys) = Keys::of(values) else { return Err(unfit(batch.context.rule, "need a numeric metric")) };
        let place = |row: usize| self.class(keys.get(row), &lowest);
        let others = self.unclassed.decide(batch, |row| place(row).is_none());
        let classes =
            (0..batch.frame.rows).map(|row| place(row).or_else(|| Some(self.classes.len() + others.of(row)?)));
        Ok(vec![labels::column(&self.labels, classes)])
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::of(self.lowest(cut_offs, name)?))
    }

    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let lowest: &Vec<Option<i128>> = prepared.made(context.rule)?;
        let class = self.class(self.key(record), lowest);
        let class = class.or_else(|| Some(self.classes.len() + self.unclassed.decide_row(record, context)?));
        Ok(vec![self.labels.value(class)])
    }

    fn reads(&self) -> Vec<SlotId> {
        std::iter::once(self.by.slot).chain(self.unclassed.reads()).collect()
    }

    fn branches(&self) -> Vec<Branch> {
        let classes = self.classes.iter().map(|c| Branch::new("class", c.label.clone(), c.written.span));
        classes.chain(self.unclassed.branches()).collect()
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        self.unclassed.probes(self.by.slot, self.domain)
    }

    fn populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let of = |keys: Vec<i128>| keys.into_iter().map(|key| vec![(self.by.slot, self.domain.value(key))]).collect();
        populations::at_cuts(&self.classes, self.domain).into_iter().map(of).collect()
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let lowest = self.lowest(cut_offs, context.rule)?;
        let key = self.key(record);
        let tests = self.tests(&lowest);
        let Some(class) = self.class(key, &lowest) else {
            let by = Reason::new(
                self.by.name.clone(),
                vec![self.by.of(record)],
                Written::nowhere(self.is_none()),
                Verdict::Holds,
            );
            let mut derivation = self.unclassed.explain(by, record, context);
            derivation.reached.iter_mut().for_each(|row| *row += self.classes.len());
            return Ok(derivation);
        };
        // Negative values are not compared with cut-offs.
        let compared = if key.is_some_and(|k| k > 0) { 0..=class } else { class..=class };
        let reasons = compared.map(|i| {
            let test = Written { text: tests[i].clone(), span: self.classes[i].written.span };
            Reason::new(self.labels[i].clone(), vec![self.by.of(record)], test, Verdict::known(i == class))
        });
        let decided_by = Some(self.classes[class].written.clone());
        Ok(Derivation { decided_by, reasons: reasons.collect(), reached: vec![class] })
    }

    fn course(&self, output: usize, _: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        if output > 0 {
            // Ranks and shares need the population, so they stay as they are.
            return Some(lever.constant());
        }
        let lowest = self.lowest(cut_offs, "").ok()?;
        let thresholds: Vec<i128> = lowest.into_iter().flatten().chain([0, 1]).collect();
        let reached = lever.reached(self.by.slot, &thresholds)?;
        let is_classed = |key| matches!(self.domain.key(&lever.value_of(self.by.slot, key)), Some(k) if k != 0);
        // Where everybody is classed it does not matter whether the list can be followed.
        if reached.0.iter().all(|piece| is_classed(piece.keys.low)) {
            return Some(reached);
        }
        reached.still(&self.unclassed.course(lever)?)
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let mut reasons = self.tests(&self.lowest(cut_offs, batch.context.rule)?);
        reasons.extend(self.unclassed.reasons(&self.is_none()));
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn ranks_by(&self) -> Option<SlotId> {
        Some(self.by.slot)
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.pyramid(&self.labels, self.by.slot)]
    }

    fn charts(&self, view: &View, _: &Batch, cut_offs: &CutOffs) -> Vec<Chart> {
        let pyramid = view.pyramid_chart(&self.labels, self.by.slot);
        std::iter::once(pyramid).chain(self.curve(view, cut_offs)).collect()
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

    /// The running share of the metric, and where each class ends.
    fn curve(&self, view: &View, cut_offs: &CutOffs) -> Option<Chart> {
        let ranked = Ranked::new(&Keys::of(view.frame.column(self.by.slot)?)?, view.frame.rows, self.domain);
        let lowest = self.lowest(cut_offs, view.rule).ok()?;
        let ends = self.classes.iter().zip(lowest).filter_map(|(class, low)| Some((class.label.clone(), low?)));
        view.curve_chart(&self.by.name, &ranked, ends.collect())
    }

    fn key(&self, record: &[Value]) -> Option<i128> {
        record.get(self.by.slot).and_then(|v| self.domain.key(v))
    }

    /// What customers that are not classed have in common.
    fn is_none(&self) -> String {
        format!("{} is zero or missing", self.by.name)
    }

    /// What each class comes down to under these cut-offs.
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
        ends.into_iter().chain([rest]).collect()
    }

    /// The index of a customer's class; `None` for one that is not classed.
    fn class(&self, key: Option<i128>, lowest: &[Option<i128>]) -> Option<usize> {
        let rest = self.classes.len() - 1;
        match key? {
            0 => None,
            ..0 => Some(rest),
            key => lowest.iter().position(|low| low.is_some_and(|low| key >= low)).or(Some(rest)),
        }
    }
}
