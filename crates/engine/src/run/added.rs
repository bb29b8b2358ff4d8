//! What the options of a run add to the record of a rule set.

use std::borrow::Cow;

use accolade_core::model::{Aggregate, Demand, Origin, Slot, SlotId, Type};
use accolade_rules::set::{RuleSet, Step};

use super::Usage;

/// What a run gives besides results. Results do not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// Whether a column `RULE.why` with a short reason comes after the results of every rule.
    pub reasons: bool,
    /// Whether it is known which events each aggregate of a customer is made of.
    pub rows_used: bool,
}

/// The fields that the options of a run add. Their slots come after those of the rule set.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    slots: Vec<Slot>,
    /// The aggregates that fill some of the slots. They come after those of the rule set.
    aggregates: Vec<Aggregate>,
    /// The slots of reasons, with the steps of their rules.
    pub(super) reasons: Vec<(usize, SlotId)>,
    pub(super) usage: Usage,
}

impl Added {
    /// What these options add to a rule set.
    pub(super) fn new(set: &RuleSet, options: RunOptions) -> Added {
        let mut added = Added::default();
        if options.rows_used {
            added.usage = Usage::new(&set.demand, &mut |aggregate| added.aggregate(set, aggregate));
        }
        if options.reasons {
            for (index, step) in set.steps.iter().enumerate() {
                let Step::Rule { name, .. } = step else { continue };
                let slot = added.push(set, format!("{name}.why"), Type::Text, Origin::Step(index));
                added.reasons.push((index, slot));
            }
        }
        added
    }

    fn aggregate(&mut self, set: &RuleSet, aggregate: Aggregate) -> SlotId {
        let origin = Origin::Aggregate(set.demand.aggregates.len() + self.aggregates.len());
        let slot = self.push(set, String::new(), aggregate.ty, origin);
        self.aggregates.push(aggregate);
        slot
    }

    fn push(&mut self, set: &RuleSet, name: String, ty: Type, origin: Origin) -> SlotId {
        self.slots.push(Slot { name, ty, nullable: true, labels: None, origin });
        self.width(set) - 1
    }

    /// What is to be read for a run.
    pub(super) fn demand<'s>(&self, set: &'s RuleSet) -> Cow<'s, Demand> {
        let mut demand = Cow::Borrowed(&set.demand);
        if !self.aggregates.is_empty() {
            let demand = demand.to_mut();
            demand.slots.extend(self.slots.iter().cloned());
            demand.aggregates.extend(self.aggregates.iter().cloned());
        }
        demand
    }

    /// How many slots there are, with those of the rule set.
    pub(super) fn width(&self, set: &RuleSet) -> usize {
        set.demand.slots.len() + self.slots.len()
    }

    /// A slot of the rule set or an added one.
    pub(super) fn slot<'s>(&'s self, set: &'s RuleSet, slot: SlotId) -> &'s Slot {
        match slot.checked_sub(set.demand.slots.len()) {
            Some(added) => &self.slots[added],
            None => &set.demand.slots[slot],
        }
    }

    /// The slots of the output columns in their order; a reason comes after the results of its rule.
    pub(super) fn output(&self, set: &RuleSet) -> Vec<SlotId> {
        let mut output = set.output.clone();
        for (step, slot) in &self.reasons {
            let results = set.steps[*step].fills();
            let after = output.iter().rposition(|slot| results.contains(slot)).map_or(output.len(), |at| at + 1);
            output.insert(after, *slot);
        }
        output
    }
}
