//! Share of wallet: what a customer buys from us out of all that it spends on what we sell, and what is left to win.
//!
//! The share is compared with the classes as the exact quotient of the two amounts.

mod describe;
mod explain;
mod present;
mod rate;
mod shares;
mod sql;

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::ALL;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic};
use accolade_rules::analysis::{Analyser, Key, RuleKind, Shape, WrittenLabel};
use accolade_rules::decision::labelled_ranges::LabelledRanges;
use accolade_rules::set::CompiledRule;
use accolade_rules::thresholds::labels::Labels;

use self::shares::WalletAmounts;
use crate::unclassed;

pub(super) static KIND: RuleKind = RuleKind {
    name: "wallet",
    summary: "classes customers by our share of what they spend",
    keys: &[
        Key::required("own", Shape::EXPRESSION, "what a customer buys from us"),
        Key::required("spend", Shape::EXPRESSION, "all that it spends on what we sell, ours included"),
        Key::required("classes", Shape::PATTERNS, "label: stretch of the share, such as `< 30%`; or `rest`")
            .with_entry("class"),
        Key::optional(
            "none",
            Shape::Text,
            "label where the spend is not above zero or an amount is missing; `none` if absent",
        ),
    ],
    labels: |parameters| [WrittenLabel::below(parameters, "classes"), WrittenLabel::at(parameters, "none")].concat(),
    compile,
};

#[derive(Debug)]
struct Wallet {
    amounts: WalletAmounts,
    classes: LabelledRanges,
    /// The classes' labels and, last, the label of customers without a share.
    labels: Labels,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let own_node = parameters.required("own", analyser.out);
    let spend_node = parameters.required("spend", analyser.out);
    let classes_node = parameters.required("classes", analyser.out);
    let own = own_node.and_then(|node| analyser.numeric_operand(node));
    let spend = spend_node.and_then(|node| analyser.numeric_operand(node));
    let mapping = classes_node.and_then(|node| fields::mapping(node, analyser.out));
    let none = unclassed::label(&parameters, analyser);
    let classes = mapping.and_then(|mapping| {
        LabelledRanges::compile(mapping, Domain::of(Type::Score)?, ALL, "class", "share", analyser)
    });
    let ((own, domain), (spend, _)) = (own?, spend?);
    let types = [own, spend].map(|slot| analyser.type_of(slot));
    if types[0] != types[1] || !matches!(types[0], Type::Money | Type::Integer | Type::Number) {
        let message = format!("a share needs two amounts of one type, not {} and {}", types[0], types[1]);
        let mut diagnostic = Diagnostic::new(Code::E0406, message).at(spend_node.map_or(rule.name.span, Node::span));
        if let Some(node) = own_node {
            diagnostic = diagnostic.label(node.span(), format!("this is {}", types[0]));
        }
        analyser.out.push(diagnostic.help("both are money, both integers or both numbers"));
        return None;
    }
    let classes = classes?;
    let labels = unclassed::labels(&classes, none?, "share of wallet", analyser)?;
    let shares = WalletAmounts { own: analyser.field_of_slot(own), spend: analyser.field_of_slot(spend), domain };
    Some(Box::new(Wallet { amounts: shares, classes, labels }))
}

impl Wallet {
    /// The index of the label for an own amount and a spend.
    fn class(&self, pair: Option<(i128, i128)>) -> usize {
        let share =
            pair.and_then(|(own, spend)| accolade_core::numbers::share::score_of(own, spend, self.amounts.domain));
        share.and_then(|share| self.classes.of(share)).unwrap_or(self.labels.len() - 1)
    }
}
