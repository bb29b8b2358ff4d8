//! The rules, each described by its kind.

use accolade_core::model::SlotId;
use accolade_rules::describe::{Block, DescriptionPart, all_of, code, one_of};
use accolade_rules::set::{DescribeContext, RuleSet, Step};

use super::sources::type_words;
use crate::run::SavedCutOffs;

/// Every rule, in the order of the file.
pub(super) fn part(set: &RuleSet, cut_offs: Option<&SavedCutOffs>) -> DescriptionPart {
    let rule = |name: &String| {
        let is_it = |step: &&Step| matches!(step, Step::Rule { name: own, .. } if own == name);
        one(set, set.steps.iter().find(is_it)?, cut_offs)
    };
    DescriptionPart {
        title: "Rules".to_owned(),
        blocks: Vec::new(),
        parts: set.written.rules.keys().filter_map(rule).collect(),
    }
}

fn one(set: &RuleSet, step: &Step, cut_offs: Option<&SavedCutOffs>) -> Option<DescriptionPart> {
    let Step::Rule { name, kind, summary, description, rule, slots, .. } = step else { return None };
    let about = DescribeContext {
        set,
        rule: set.written.rules.get(name)?,
        summary,
        cut_offs: cut_offs.and_then(|saved| saved.rules.get(name)),
    };
    let mut blocks: Vec<Block> = description.iter().map(Block::paragraph).collect();
    blocks.push(Block::Paragraph(format!("Kind {}: {summary}. It gives {}.", code(kind), gives(set, slots))));
    blocks.extend(rule.describe(&about));
    Some(DescriptionPart::new(code(name), blocks))
}

/// A rule's results: "`account_rating` (score) and `account_rating.grade` (`key`, `core` or `basic`)".
fn gives(set: &RuleSet, slots: &[SlotId]) -> String {
    let result = |slot: &SlotId| {
        let slot = &set.demand.slots[*slot];
        let what = match &slot.labels {
            Some(labels) => one_of(&labels.iter().map(|label| code(label)).collect::<Vec<_>>()),
            None => type_words(slot.ty).to_owned(),
        };
        format!("{} ({what})", code(&slot.name))
    };
    all_of(&slots.iter().map(result).collect::<Vec<_>>())
}
