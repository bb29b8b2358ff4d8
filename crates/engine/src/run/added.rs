//! The columns that the options of a run add to those of the rule set.

use std::borrow::Cow;

use accolade_core::model::{Aggregate, Demand, Origin, Slot, SlotId, Type};
use accolade_rules::set::{RuleSet, Step};

use super::Usage;

/// What a run computes besides results. Results do not depend on these options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// Whether to add a column `RULE.why` with a short reason after the results of each rule.
    pub reasons: bool,
    /// Whether to record which events each aggregate of a customer is computed from.
    pub rows_used: bool,
}

/// The fields that the options of a run add. Their slots come after those of the rule set.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    slots: Vec<Slot>,
    /// The aggregates that fill some of the slots. They come after those of the rule set.
    aggregates: Vec<Aggregate>,
    /// For each column of reasons, the step of its rule and its slot.
    pub(super) reasons: Vec<(usize, SlotId)>,
    pub(super) usage: Usage,
}

impl Added {
    /// The fields that `options` add to a rule set.
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

    /// The demand of the rule set with the added slots and aggregates.
    pub(super) fn demand<'s>(&self, set: &'s RuleSet) -> Cow<'s, Demand> {
        let mut demand = Cow::Borrowed(&set.demand);
        if !self.aggregates.is_empty() {
            let demand = demand.to_mut();
            demand.slots.extend(self.slots.iter().cloned());
            demand.aggregates.extend(self.aggregates.iter().cloned());
        }
        demand
    }

    /// The number of slots, those of the rule set included.
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
