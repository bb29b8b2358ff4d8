//! Which steps can wait until customers are rated piece by piece.

use std::collections::HashSet;

use accolade_core::model::SlotId;
use accolade_rules::set::{RuleSet, Step};

use super::piece::slots_read;

/// Whether each step can wait. A step whose outputs are read by a measure, a programme, a goal, a calibration or a step
/// that cannot wait cannot wait either. A rule that waits is still calibrated.
pub(super) fn deferrable(set: &RuleSet, may_wait: impl Fn(&Step) -> bool) -> Vec<bool> {
    let mut whole: HashSet<SlotId> = HashSet::new();
    whole.extend(set.measures.iter().flat_map(|measure| measure.reads()));
    whole.extend(set.programmes.iter().flat_map(|programme| programme.slots()));
    whole.extend(set.goals.iter().flat_map(|goal| goal.reads()));
    for step in &set.steps {
        if let Step::Rule { rule, .. } = step {
            whole.extend(rule.calibrates_by());
        }
    }
    let mut waits = vec![true; set.steps.len()];
    for (step, waits) in set.steps.iter().zip(&mut waits).rev() {
        if !may_wait(step) || step.fills().iter().any(|slot| whole.contains(slot)) {
            *waits = false;
            whole.extend(slots_read(step));
        }
    }
    waits
}
