//! The small texts that explanations are made of.

pub(crate) use accolade_engine::explain::text::{change, value};
use accolade_engine::explain::{MOST_FIELDS, NearestChange, Reach, RowsUsed};
use accolade_engine::rules::explain::{FieldValue, SourceText, Verdict};
use accolade_engine::{SourceFiles, show};

use crate::render::{place, rows_of};

/// `revenue 87,690.00, margin missing`
pub(crate) fn inputs(inputs: &[FieldValue]) -> String {
    inputs.iter().map(|i| format!("{} {}", i.name, value(&i.value, i.ty))).collect::<Vec<_>>().join(", ")
}

/// Where something is written, as `rules.yaml:12`.
pub(crate) fn at(written: &SourceText, files: &SourceFiles) -> String {
    written.span.and_then(|span| place::line(span, files)).unwrap_or_default()
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
        Reach::NoField => "single fields cannot change it".to_owned(),
        Reach::NotFound => format!("no change of up to {MOST_FIELDS} fields{not_followed}"),
    }
}
