//! Loyalty by its four aspects: a rating with exactly these criteria.

use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Mapping;
use accolade_rules::analysis::{Analyser, Key, RuleKind, Shape};
use accolade_rules::set::CompiledRule;

use super::{GRADES, MISSING_KEY, SCALE, WEIGHTS, criterion};

pub(crate) static KIND: RuleKind = RuleKind {
    name: "loyalty",
    summary: "scores the four aspects of loyalty and grades the score",
    keys: &[
        SCALE,
        Key::required(
            "aspects",
            Shape::Keys(ASPECTS),
            "`quality`, `attention` (attention and interest), `information` and `involvement`, each a weight and how points are given",
        )
        .with_entry("aspect"),
        MISSING_KEY,
        WEIGHTS,
        GRADES,
    ],
    labels: super::grades_of,
    compile,
};

/// The aspects; `attention` stands for attention and interest.
const ASPECTS: &[Key] = &[
    Key::required("quality", criterion::SHAPE, "what the customer thinks of what we do"),
    Key::required("attention", criterion::SHAPE, "attention to the customer and interest in it"),
    Key::required("information", criterion::SHAPE, "what we tell the customer"),
    Key::required("involvement", criterion::SHAPE, "how close the customer feels to us"),
];

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    super::compile_as(&KIND, "aspects", check, rule, analyser)
}

/// Checks that every aspect is present and nothing else is.
fn check(mapping: &Mapping, rule: &RuleDecl, analyser: &mut Analyser) -> Option<()> {
    let owner = format!("the aspects of `{}`", rule.name.value);
    let aspects = Fields::new(mapping, &owner, ASPECTS, analyser.out);
    let there: Vec<bool> = ASPECTS.iter().map(|aspect| aspects.required(aspect.name, analyser.out).is_some()).collect();
    (there.iter().all(|there| *there) && mapping.entries.len() == ASPECTS.len()).then_some(())
}
