//! What decided a result: the row of a rule, or the band of a criterion. Also the points of a criterion.

use accolade_engine::explain::derive;
use accolade_engine::rules::explain::{Derivation, Verdict};
use accolade_engine::rules::set::Step;
use accolade_engine::{RowRater, Value};
use accolade_parser::Diagnostics;

/// The texts that name what decided `subject`, a rule or `rule.criterion`: the row or band as written, and its label.
/// `None` if there is no such rule or criterion.
///
/// # Errors
/// Never fails for a record that has been rated.
pub(super) fn decided_by(
    rater: &RowRater,
    record: &[Value],
    subject: &str,
) -> Result<Option<Vec<String>>, Diagnostics> {
    let (rule, part) = match subject.split_once('.') {
        Some((rule, part)) => (rule, Some(part)),
        None => (subject, None),
    };
    let Some(derivation) = derivation(rater, record, rule)? else { return Ok(None) };
    let texts = match part {
        None => {
            let held =
                derivation.reasons.iter().rev().find(|r| r.verdict == Verdict::Holds && r.contribution.is_none());
            let written = derivation.decided_by.iter().map(|w| w.text.clone());
            written.chain(held.map(|r| r.subject.clone())).collect()
        }
        Some(part) => match derivation.reasons.iter().find(|r| r.subject == part) {
            Some(reason) => match reason.contribution.as_ref().and_then(|s| s.missing) {
                Some(policy) => vec![format!("missing: {policy}"), "missing".to_owned()],
                None => vec![reason.test.text.clone()],
            },
            None => return Ok(None),
        },
    };
    Ok(Some(texts))
}

/// The points of `rule.criterion`, missing if it does not count. `None` if there is no such criterion.
///
/// # Errors
/// Never fails for a record that has been rated.
pub(super) fn points(rater: &RowRater, record: &[Value], subject: &str) -> Result<Option<Value>, Diagnostics> {
    let Some((rule, part)) = subject.split_once('.') else { return Ok(None) };
    let Some(derivation) = derivation(rater, record, rule)? else { return Ok(None) };
    let share = derivation.reasons.iter().find(|r| r.subject == part).and_then(|reason| reason.contribution.as_ref());
    Ok(share.map(|share| share.points.map_or(Value::Null, Value::Score)))
}

fn derivation(rater: &RowRater, record: &[Value], rule: &str) -> Result<Option<Derivation>, Diagnostics> {
    match rater.set().steps.iter().find(|s| matches!(s, Step::Rule { name, .. } if name == rule)) {
        Some(step) => derive(rater, record, step),
        None => Ok(None),
    }
}
