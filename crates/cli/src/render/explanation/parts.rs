//! The small texts that explanations are made of.

pub(crate) use accolade_engine::explain::text::{change, value};
use accolade_engine::explain::text::{numbers_in, value_beside};
use accolade_engine::explain::{MOST_FIELDS, NearestChange, Reach, RowsUsed, RuleExplanation};
use accolade_engine::rules::explain::{FieldValue, Reason, SourceText, Verdict};
use accolade_engine::{SourceFiles, show};

use crate::render::{place, rows_of};

/// `revenue 87,690.00, margin missing`: what a reason looked at, with the decimals that show why its test held or not.
pub(crate) fn inputs(reason: &Reason) -> String {
    let numbers = numbers_in(&reason.test.text);
    let one = |input: &FieldValue| format!("{} {}", input.name, value_beside(&input.value, input.ty, &numbers));
    reason.inputs.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A result of a rule, with the decimals that show on which side of the numbers in its tests it lies.
pub(crate) fn result(rule: &RuleExplanation, result: &FieldValue) -> String {
    let tests = rule.derivation.reasons.iter().map(|reason| reason.test.text.as_str());
    value_beside(&result.value, result.ty, &tests.flat_map(numbers_in).collect::<Vec<_>>())
}

/// Where something is written, as `rules.yaml:12`.
pub(crate) fn at(written: &SourceText, files: &SourceFiles) -> String {
    written.span.and_then(|span| place::line(span, files)).unwrap_or_default()
}

/// The results that are left out with saved cut-offs, in one line.
pub(crate) fn left_out(names: &[String]) -> Option<String> {
    let part = |name: &String| name.rsplit('.').next().unwrap_or(name).to_owned();
    let names: Vec<String> = names.iter().map(part).collect();
    (!names.is_empty()).then(|| format!("left out, since saved cut-offs do not give it: {}", names.join(", ")))
}

/// `yes`, `no` or `unknown`.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "yes",
        Verdict::Fails => "no",
        Verdict::Unknown => "unknown",
    }
}

/// `31 orders, 2025-01-07 to 2025-12-19`
pub(crate) fn rows(used: &RowsUsed) -> String {
    let days = [&used.first, &used.last].map(show::value);
    let rows = rows_of(&show::value(&used.count), &used.source);
    match days {
        [first, last] if first.is_empty() || last.is_empty() => rows,
        [first, last] if first == last => format!("{rows}, {first}"),
        [first, last] => format!("{rows}, {first} to {last}"),
    }
}

/// How a label can be reached, in one line.
pub(crate) fn reach_text(nearest: &NearestChange) -> String {
    let not_followed = match nearest.not_followed.as_slice() {
        [] => String::new(),
        fields => format!(" (not followed: {})", fields.join(", ")),
    };
    match &nearest.reach {
        Reach::Alone(moves) => format!("{}{not_followed}", moves.iter().map(change).collect::<Vec<_>>().join(", or ")),
        Reach::Together(moves) => {
            let all: Vec<String> = moves.iter().map(change).collect();
            format!("no field alone{not_followed}; {}", all.join(" and "))
        }
        Reach::NoField => format!("single fields cannot change it{not_followed}"),
        Reach::NotFound => format!("no change of up to {MOST_FIELDS} fields{not_followed}"),
    }
}
