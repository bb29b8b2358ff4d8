//! Whether a source has the data that `expect:` says.

use accolade_core::model::Source;
use accolade_core::model::period::add_months;
use accolade_core::show;
use accolade_parser::syntax::file::{Within, WithinUnit};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, count};

/// The errors (E0718) of a source with `rows` rows, the newest of which is of the day `newest`.
pub(super) fn check(source: &Source, rows: u64, newest: Option<i32>, as_of: i32) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let name = &source.name;
    if let Some(expected) = source.checks.rows.as_ref().filter(|e| !(e.least..=e.most).contains(&rows)) {
        let message = format!("{} of `{name}` read, and {} expected", count(rows, "row"), expected.text);
        let help = if rows < expected.least { "is a file missing, or cut off?" } else { "was a file sent twice?" };
        found.push(Diagnostic::new(Code::E0718, message).help(help));
    }
    if let Some(within) = source.checks.newest
        && let Some(first) = first_day(within, as_of)
        && newest.is_none_or(|newest| newest < first)
    {
        let run = show::date(as_of);
        let message = match newest {
            Some(newest) => {
                let age = i64::from(as_of) - i64::from(newest);
                format!("the newest row of `{name}` is of {}, {} before {run}", show::date(newest), count(age, "day"))
            }
            None => format!("`{name}` has no row up to {run}"),
        };
        let help = format!("a row of {} or later is expected; is the last file missing?", show::date(first));
        found.push(Diagnostic::new(Code::E0718, message).help(help));
    }
    let place = |finding: Diagnostic| finding.label(source.span, "declared here");
    found.into_iter().map(place).collect()
}

/// Checks the number of rows of a source that has no events.
pub(super) fn check_rows(source: &Source, file: &str, rows: u64) -> Result<(), Diagnostics> {
    let place = || DataPlace { file: file.to_owned(), row: None, column: None };
    let found: Diagnostics = check(source, rows, None, 0).into_iter().map(|finding| finding.in_data(place())).collect();
    if found.has_errors() { Err(found) } else { Ok(()) }
}

/// The first day that is within a span before the date of the run.
fn first_day(Within { count, unit }: Within, as_of: i32) -> Option<i32> {
    let count = i32::try_from(count).ok()?;
    match unit {
        WithinUnit::Days => as_of.checked_sub(count),
        WithinUnit::Months => add_months(as_of, -i64::from(count)),
    }
}
