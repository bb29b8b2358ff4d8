//! Rules of the older side that the newer one has lost, which no count of moves shows.

use std::collections::HashMap;

use super::Side;
use super::label::ClassLabel;
use super::migration::{class_slots, labels};

/// A rule of the older side without results on the newer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRule {
    /// Its name.
    pub rule: String,
    /// What became of it, in words that follow its name.
    pub what: &'static str,
}

/// The rules that were removed or renamed, give no classes any more, or class nobody any more.
pub(super) fn lost_rules(old: Side, new: Side) -> Vec<LostRule> {
    let lost = |rule: &str, what| LostRule { rule: rule.to_owned(), what };
    let gone = old.0.rules().filter(|rule| new.0.rules().all(|other| other != *rule));
    let mut found: Vec<LostRule> = gone.map(|rule| lost(rule, "is no longer there")).collect();
    let after: HashMap<String, usize> = class_slots(new).into_iter().collect();
    let classed = |side: Side, slot: usize| labels(side, slot).values().any(|l| matches!(l, ClassLabel::Class(_)));
    for (field, slot) in class_slots(old) {
        let rule = field.split('.').next().unwrap_or(&field);
        if found.iter().any(|lost| lost.rule == rule) {
            continue;
        }
        match after.get(&field) {
            None => found.push(lost(&field, "gives no classes any more")),
            Some(now) if classed(old, slot) && !classed(new, *now) => {
                found.push(lost(&field, "classes nobody any more"));
            }
            Some(_) => {}
        }
    }
    found
}
