//! A rule kind from outside: `regional_abc` is the shipped `abc` in each region by itself.
//!
//! ```yaml
//! class: {kind: regional_abc, within: region, by: revenue, classes: {A: top 80%, B: rest}}
//! ```
//!
//! The kind compiles a rule of the shipped kind and passes it the customers of one region at a time, so its ratings,
//! explanations and descriptions are those of that rule. The cut-offs of a region are lists named `REGION/CLASS`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod explain;
mod rate;

use accolade_core::literals::with_article;
use accolade_core::model::{SlotId, Type};
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::{Code, Diagnostic};
use accolade_rules::analysis::{Analyser, Key, Notation, RuleKind, Shape, WrittenLabel};
use accolade_rules::set::CompiledRule;

/// The kind, to be added to the plugins of a program.
pub static KIND: RuleKind = RuleKind {
    name: "regional_abc",
    summary: "classes customers by their share of the total of their region",
    keys: &[
        Key::required("within", Shape::EXPRESSION, "the field whose values are the regions"),
        Key::required("by", Shape::EXPRESSION, "the metric that ranks customers"),
        Key::required(
            "classes",
            Shape::MapByLabel(&Shape::Notation(Notation::ClassCut)),
            "label: cut, best class first, the last one `rest`",
        )
        .with_entry("class"),
    ],
    labels: |parameters| WrittenLabel::below(parameters, "classes"),
    compile,
};

/// A rule that applies another rule to each region by itself.
#[derive(Debug)]
struct RegionalRule {
    /// The slot of the region.
    region: SlotId,
    /// The rule of one region.
    rule: Box<dyn CompiledRule>,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let fields = analyser.parameters(rule, &KIND);
    let within = fields.required("within", analyser.out)?;
    let region = analyser.operand(within)?;
    let ty = analyser.type_of(region);
    if ty != Type::Text {
        let message = format!("a region is a text, not {}", with_article(ty));
        analyser.out.push(Diagnostic::new(Code::E0406, message).at(within.span()).help("name a text, such as `city`"));
        return None;
    }
    let Some(shipped) = analyser.plugins.kinds().iter().find(|kind| kind.name == "abc").copied() else {
        analyser.out.push(Diagnostic::new(Code::E0601, "the rule kind `abc` is not registered").at(rule.kind.span));
        return None;
    };
    let mut inner = rule.clone();
    inner.parameters.entries.retain(|entry| entry.key.text != "within");
    let rule = (shipped.compile)(&inner, analyser)?;
    Some(Box::new(RegionalRule { region, rule }))
}
