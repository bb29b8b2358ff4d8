//! Checking a goal.

use accolade_parser::syntax::file::GoalDecl as Written;

use crate::analysis::Analyser;
use crate::decision::witness;
use crate::goals::Goal;
use crate::measures::{GoalTarget, Measure};

/// Checks a goal; `None` after at least one diagnostic.
pub(super) fn compile(goal: &Written, analyser: &mut Analyser) -> Option<Goal> {
    let measure = Measure::compile(&goal.name.value, goal.description.as_ref(), &goal.measure, analyser);
    let programme = goal.programme.as_ref().map(|name| analyser.programme_named(&name.value, name.span));
    let measure = measure?;
    let target = GoalTarget::compile(&goal.target, &measure, analyser)?;
    let programme = match programme {
        Some(programme) => Some(programme?),
        None => None,
    };
    let condition = measure.retained().and_then(|(_, condition)| condition);
    let member = match condition {
        _ if programme.is_some() => None,
        Some(condition) => witness(condition, analyser),
        None => Some(Vec::new()),
    };
    Some(Goal { name: goal.name.value.clone(), measure, target, programme, example_member: member })
}
