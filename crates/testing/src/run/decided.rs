//! What decided: the row of a rule, or the band of a criterion.

use accolade_engine::explain::{Surroundings, Verdict, derive};
use accolade_engine::model::Step;
use accolade_engine::{RuleSet, Value};
use accolade_parser::Diagnostics;

/// The text of what decided `subject`, a rule or `rule.criterion`, and the label it stands for.
///
/// # Errors
/// None for a record that was rated.
pub(super) fn decided(
    around: Surroundings,
    record: &[Value],
    subject: &str,
) -> Result<Option<Vec<String>>, Diagnostics> {
    let set: &RuleSet = around.set;
    let (rule, part) = match subject.split_once('.') {
        Some((rule, part)) => (rule, Some(part)),
        None => (subject, None),
    };
    let Some(step) = set.steps.iter().find(|s| matches!(s, Step::Rule { name, .. } if name == rule)) else {
        return Ok(None);
    };
    let Some(derivation) = derive(around, record, step)? else { return Ok(None) };
    let texts = match part {
        None => {
            let held = derivation.reasons.iter().rev().find(|r| r.verdict == Verdict::Holds && r.share.is_none());
            let written = derivation.decided_by.iter().map(|w| w.text.clone());
            written.chain(held.map(|r| r.subject.clone())).collect()
        }
        Some(part) => match derivation.reasons.iter().find(|r| r.subject == part) {
            Some(reason) => match reason.share.as_ref().and_then(|s| s.missing) {
                Some(policy) => vec![format!("missing: {policy}"), "missing".to_owned()],
                None => vec![reason.test.text.clone()],
            },
            None => return Ok(None),
        },
    };
    Ok(Some(texts))
}
