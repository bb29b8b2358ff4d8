//! Concentration: how much of a total single customers bring, and how unevenly it is spread over all.
//!
//! A share is of the sum of the positive values. `warn_above` is 10% by default, the share from which IFRS 8 (2006),
//! paragraph 34, and FASB ASC 280 require companies to report a major customer.

mod describe;
mod explain;
mod present;
mod rate;
mod sql;
mod table;

use accolade_core::literals;
use accolade_core::model::Value;
use accolade_core::numbers::domain::{Domain, KeyColumn};
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Diagnostics, expr};
use accolade_rules::analysis::{Analyser, Key, RuleKind, Shape};
use accolade_rules::explain::{Field, SourceText};
use accolade_rules::set::{CompiledRule, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;
use accolade_rules::thresholds::ranking::Ranking;
use arrow::array::ArrayRef;

use self::table::TopCustomers;

pub(super) static KIND: RuleKind = RuleKind {
    name: "concentration",
    summary: "finds the customers on whom much of a total depends, and how evenly it is spread",
    keys: &[
        Key::required("of", Shape::EXPRESSION, "the metric whose total is analysed"),
        Key::optional(
            "top",
            Shape::List(&Shape::NUMBER),
            "numbers or percentages of customers whose share the summary shows, such as `[1, 5, 20%]`",
        )
        .display_only(),
        Key::optional(
            "warn_above",
            Shape::NUMBER,
            "a customer above this share of the total is warned about; `10%` if absent",
        ),
    ],
    labels: |_| Vec::new(),
    compile,
};

/// Decimal places of a share.
const SHARE_PLACES: i8 = 8;
const FULL_SHARE: i128 = 100_000_000;

/// The label of customers whose share is above `warn_above`, also the name of the cut-off, and the label of all others.
const LABELS: [&str; 2] = ["dependent_on", "spread"];

#[derive(Debug)]
struct Concentration {
    of: Field,
    domain: Domain,
    nullable: bool,
    top: Vec<TopCustomers>,
    /// In 10⁻⁸.
    warn_above: i128,
    /// `warn_above` as written.
    written: SourceText,
    labels: Labels,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let of = parameters.required("of", analyser.out).and_then(|node| analyser.numeric_operand(node));
    let top = match parameters.optional("top") {
        Some(node) => table::parse_top(node, analyser),
        None => Some(Vec::new()),
    };
    let warn_above = match parameters.optional("warn_above") {
        Some(node) => parse_warn_above(node, analyser),
        None => Some((FULL_SHARE / 10, SourceText::without_span("10%"))),
    };
    let ((slot, domain), top, (warn_above, written)) = (of?, top?, warn_above?);
    Some(Box::new(Concentration {
        of: analyser.field_of_slot(slot),
        domain,
        nullable: analyser.slot(slot).nullable,
        top,
        warn_above,
        written,
        labels: LABELS.map(str::to_owned).into_iter().collect(),
    }))
}

fn parse_warn_above(node: &Node, analyser: &mut Analyser) -> Option<(i128, SourceText)> {
    let scalar = fields::text(node, analyser.out)?;
    let number = expr::number(scalar, analyser.out)?;
    let share = literals::unscaled(number.value, SHARE_PLACES).filter(|share| (0..FULL_SHARE).contains(share));
    if share.is_none() {
        let message = "`warn_above` is at least 0% and less than 100%, with at most six decimals";
        analyser.out_of_range(number.span, message, "write it as `25%`");
    }
    Some((share?, SourceText::at(scalar.text.trim(), number.span)))
}

/// The index of a customer's label; `None` for a missing metric.
fn label_index(key: Option<i128>, edge: Option<i128>) -> Option<usize> {
    key.map(|key| usize::from(edge.is_none_or(|edge| key < edge)))
}

impl Concentration {
    fn key(&self, record: &[Value]) -> Option<i128> {
        record.get(self.of.slot).and_then(|value| self.domain.key(value))
    }

    fn ranked(&self, values: &ArrayRef, rows: usize) -> Option<Ranking> {
        Some(Ranking::new(&KeyColumn::of(values)?, rows, self.domain))
    }

    /// The least key whose share is above `warn_above`; `None` if there is no total.
    fn edge(&self, cut_offs: &CutOffs, rule: &str) -> Result<Option<i128>, Diagnostics> {
        match cut_offs.0.get(LABELS[0]).map(Vec::as_slice) {
            Some([]) => Ok(None),
            Some([edge]) => match edge.bound().ceiling_key(self.domain) {
                Some(key) => Ok(Some(key)),
                None => Err(unfit(rule, &format!("have a value for `{}` that is out of range", LABELS[0]))),
            },
            _ => Err(unfit(rule, &format!("have no value for `{}`", LABELS[0]))),
        }
    }
}
