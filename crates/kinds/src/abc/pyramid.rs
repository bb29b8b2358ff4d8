//! The customer pyramid: an ABC analysis by number of customers with default layers, and below them those who do not
//! buy.
//!
//! Source: Curry and Curry, "The Customer Marketing Method" (2000): the top 1% of the customers, the next 4%, the next
//! 15% and the remaining 80%, above the inactive, the prospects and the suspects.

use accolade_parser::syntax::file::RuleDecl;
use accolade_rules::analysis::{Analyser, Key, RuleKind, Shape};
use accolade_rules::set::CompiledRule;

use super::cut::AbcClass;
use super::{BOUNDARY, CUTS, NONE};

pub(crate) static KIND: RuleKind = RuleKind {
    name: "pyramid",
    summary: "layers customers by rank, and labels those who do not buy",
    keys: &[
        Key::required("by", Shape::EXPRESSION, "the metric that ranks customers"),
        Key::optional(
            "layers",
            CUTS,
            "label: cut, top first, the last one `rest`; if absent `top`, `large`, `medium` and `small`: 1%, 4%, 15% and 80% of customers",
        )
        .with_entry("layer"),
        NONE,
        BOUNDARY,
    ],
    labels: |parameters| super::labels_of(parameters, "layers"),
    compile,
};

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let usual = vec![
        AbcClass::of_customers("top", 1, 1),
        AbcClass::of_customers("large", 4, 5),
        AbcClass::of_customers("medium", 15, 20),
        AbcClass::rest("small"),
    ];
    super::compile_as(&KIND, "layers", usual, rule, analyser)
}
