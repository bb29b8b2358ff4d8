//! Loyalty by its four aspects: a rating whose criteria are just these.

use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Mapping;

use super::{CompiledRule, GRADES, Key, Kind, MISSING_KEY, SCALE, WEIGHTS};
use crate::analyse::Analyser;

pub(in crate::kinds) static KIND: Kind = Kind {
    name: "loyalty",
    summary: "scores the four aspects of loyalty and grades the score",
    keys: &[
        SCALE,
        Key {
            name: "aspects",
            required: true,
            doc: "`quality`, `attention` (attention and interest), `information` and `involvement`, each a weight and how points are given",
        },
        MISSING_KEY,
        WEIGHTS,
        GRADES,
    ],
    compile,
};

/// The aspects; `attention` stands for attention and interest.
const ASPECTS: [&str; 4] = ["quality", "attention", "information", "involvement"];

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    super::compile_as(&KIND, "aspects", check, rule, analyser)
}

/// Each aspect is there, and nothing else.
fn check(mapping: &Mapping, rule: &Rule, analyser: &mut Analyser) -> Option<()> {
    let owner = format!("the aspects of `{}`", rule.name.value);
    let aspects = Fields::new(mapping, &owner, &ASPECTS, analyser.out);
    let there: Vec<bool> = ASPECTS.iter().map(|aspect| aspects.required(aspect, analyser.out).is_some()).collect();
    (there.iter().all(|there| *there) && mapping.entries.len() == ASPECTS.len()).then_some(())
}
