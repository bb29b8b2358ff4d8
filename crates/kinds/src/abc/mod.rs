//! ABC analysis: customers ranked by a metric, classed by their share of its total (the 20/80 rule).
//!
//! Source of the method: Dickie, "ABC Inventory Analysis Shoots for Dollars, not Pennies" (1951), after Pareto.
//!
//! Customers whose metric is zero or missing are not classed: they have a label of their own, or one that a decision
//! list chooses. `top 20% of customers` is 20% of those that are classed, rounded up. A negative metric (more was
//! returned than bought) is classed too, in the last class.

mod cut;
mod describe;
mod explain;
pub(super) mod populations;
mod present;
mod pyramid;
mod rate;
mod sql;
mod unclassed;

use accolade_core::model::Value;
use accolade_core::numbers::domain::Domain;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::{Mapping, Node};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::analysis::{Analyser, Key, Notation, RuleKind, Shape, WrittenLabel};
use accolade_rules::explain::Field;
use accolade_rules::set::{CompiledRule, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;

use self::cut::AbcClass;
pub(super) use self::pyramid::KIND as PYRAMID;
use self::unclassed::Unclassed;

pub(super) static KIND: RuleKind = RuleKind {
    name: "abc",
    summary: "classes customers by their share of a total",
    keys: &[
        Key::required("by", Shape::EXPRESSION, "the metric that ranks customers"),
        Key::required("classes", CUTS, "label: cut, best class first, the last one `rest`").with_entry("class"),
        NONE,
        BOUNDARY,
    ],
    labels: |parameters| labels_of(parameters, "classes"),
    compile,
};

const CUTS: Shape = Shape::MapByLabel(&Shape::Notation(Notation::ClassCut));

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

/// The labels of classes below a key, and those of customers that are not classed.
fn labels_of<'a>(parameters: &'a Mapping, key: &str) -> Vec<WrittenLabel<'a>> {
    let mut labels = WrittenLabel::below(parameters, key);
    labels.extend(WrittenLabel::at(parameters, "none"));
    labels
}

#[derive(Debug)]
struct Abc {
    by: Field,
    domain: Domain,
    classes: Vec<AbcClass>,
    /// The label of customers that are not classed, or the list that chooses it.
    unclassed: Unclassed,
    /// The classes' labels and those of customers that are not classed.
    labels: Labels,
    include: bool,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    compile_as(&KIND, "classes", Vec::new(), rule, analyser)
}

/// Compiles a rule whose classes are under `key`, which may be absent if there are `usual` classes.
fn compile_as(
    kind: &RuleKind,
    key: &str,
    usual: Vec<AbcClass>,
    rule: &RuleDecl,
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
        Some(mapping) => cut::compile_classes(mapping, by_node.map(Node::span), by_slot, domain, analyser)?,
        None => usual,
    };
    let mut all: Vec<String> = classes.iter().map(|c| c.label.clone()).collect();
    if let Some(label) = unclassed.labels().iter().find(|label| all.contains(label)) {
        let span = unclassed.span(label).or(none.or(classes_node).map(Node::span)).unwrap_or(rule.name.span);
        let help = "write `none: LABEL` with a label for customers whose metric is zero or missing";
        analyser.out.push(Diagnostic::new(Code::E0302, format!("`{label}` is already a class")).at(span).help(help));
        return None;
    }
    all.extend_from_slice(unclassed.labels());
    let by = analyser.field_of_slot(by_slot);
    Some(Box::new(Abc {
        by,
        domain,
        classes,
        unclassed,
        labels: all.into_iter().collect(),
        include: boundary != Some(1),
    }))
}

impl Abc {
    /// The least key of each class, `None` for a class nobody is in and for `rest`.
    fn least_keys(&self, cut_offs: &CutOffs, rule: &str) -> Result<Vec<Option<i128>>, Diagnostics> {
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

    fn key(&self, record: &[Value]) -> Option<i128> {
        record.get(self.by.slot).and_then(|v| self.domain.key(v))
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
